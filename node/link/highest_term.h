// The highest term that a coordinator was heard to lead in, kept on disk: after a restart, too, a node joins
// no session of one that led before and does not know that another took over.
#ifndef WAYMARK_NODE_LINK_HIGHEST_TERM_H_
#define WAYMARK_NODE_LINK_HIGHEST_TERM_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace waymark::node {

// Thread-safe.
class HighestTerm {
 public:
  // In the file "leader-term" of that folder. One that is another federation's, as its coordinator's key
  // says, counts as none. DATA_LOSS where the file cannot be read as one.
  static absl::StatusOr<std::unique_ptr<HighestTerm>> Open(const std::string& identity_directory,
                                                           absl::string_view coordinator_key);

  // UNAVAILABLE where a higher one was heard of. One that is the highest is on disk when this returns; errors
  // of WriteFileAtomically.
  absl::Status Take(std::uint64_t term);

 private:
  HighestTerm(std::string path, std::string coordinator_key)
      : path_(std::move(path)), coordinator_key_(std::move(coordinator_key)) {}

  const std::string path_;
  const std::string coordinator_key_;  // hexadecimal digits
  absl::Mutex mutex_;
  std::uint64_t highest_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_LINK_HIGHEST_TERM_H_
