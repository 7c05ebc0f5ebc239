// Reads the council's data in the background: at the start, each night, and when somebody asks. What was read
// last is shown until the next reading is whole.
#ifndef WAYMARK_NODE_PAGES_REFRESHER_H_
#define WAYMARK_NODE_PAGES_REFRESHER_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "node/pages/snapshot.h"

namespace waymark::node {

// The next time at which data are read by themselves: two in the morning, UTC.
absl::Time NextNight(absl::Time now);

// Thread-safe.
class Refresher {
 public:
  using Reader = std::function<absl::StatusOr<std::shared_ptr<const Snapshot>>()>;
  // What `reader` needs, and the clock, outlive it. Start begins the first reading; before it nothing is read
  // but by ReadNow.
  Refresher(Reader reader, const Clock& clock) : reader_(std::move(reader)), clock_(clock) {}
  ~Refresher();
  Refresher(const Refresher&) = delete;
  Refresher& operator=(const Refresher&) = delete;
  void Start();

  struct State {
    std::shared_ptr<const Snapshot> snapshot;  // null before the first reading
    bool is_reading = false;
    std::string error;  // of the last reading; "" where it was whole
  };
  State Now() const;

  // A reading soon; one that is under way and one that is asked for are enough for all.
  void Ask();
  // A reading that begins now, or after the one under way; its error.
  absl::Status ReadNow();

 private:
  void Run();
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Reader reader_;
  const Clock& clock_;
  absl::Mutex reading_ ABSL_ACQUIRED_BEFORE(mutex_);  // one reading at a time
  mutable absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_);
  bool is_asked_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_over_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time next_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  std::thread thread_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_PAGES_REFRESHER_H_
