// Takes a publication's figures to the store and to the record of it while the next ones are being made.
#ifndef WAYMARK_COORDINATOR_ROUNDS_FIGURE_WRITER_H_
#define WAYMARK_COORDINATOR_ROUNDS_FIGURE_WRITER_H_

#include <cstddef>
#include <deque>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "coordinator/benchmark/series.h"
#include "coordinator/rounds/publication_record.h"
#include "coordinator/store/store.h"

namespace waymark::coordinator {

// A thread of its own does the writing, in the order in which figures were given. Add and Finish are for one
// caller; the record is nobody else's until Finish has returned.
class FigureWriter {
 public:
  FigureWriter(Store& store, std::string round_id, PublicationRecord& record);
  FigureWriter(const FigureWriter&) = delete;
  FigureWriter& operator=(const FigureWriter&) = delete;
  // What was not written by then is not written.
  ~FigureWriter();

  // Takes the figures away, and leaves an earlier call's for use again. Waits where too many are waiting
  // already. The store's error, as soon as there is one.
  absl::Status Add(std::size_t item, Figures& figures);
  // When all are written; no figure may follow.
  absl::Status Finish();

 private:
  void Run();
  bool HasRoom() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool HasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  absl::Status Write(std::size_t item, const Figures& figures);
  absl::Status Flush();
  void End(bool discard);

  Store& store_;
  const std::string round_id_;
  PublicationRecord& record_;
  std::vector<StoredFigure> serialized_;  // the thread's own

  absl::Mutex mutex_;
  std::deque<std::pair<std::size_t, Figures>> waiting_ ABSL_GUARDED_BY(mutex_);
  int figures_waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Figures> written_ ABSL_GUARDED_BY(mutex_);  // for use again
  bool no_more_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_FIGURE_WRITER_H_
