// Keeps a second coordinator away from one state directory, with flock(2) on a file in it. The kernel lets go
// of the lock when the process ends, however it ends.
#ifndef WAYMARK_COORDINATOR_STORE_STATE_LOCK_H_
#define WAYMARK_COORDINATOR_STORE_STATE_LOCK_H_

#include <string>

#include "absl/status/statusor.h"

namespace waymark::coordinator {

// Holds the lock as long as it lives. Not thread-safe.
class StateLock {
 public:
  // FAILED_PRECONDITION where another process holds it.
  static absl::StatusOr<StateLock> Acquire(const std::string& directory);
  StateLock(StateLock&& other) noexcept;
  StateLock& operator=(StateLock&& other) noexcept;
  StateLock(const StateLock&) = delete;
  StateLock& operator=(const StateLock&) = delete;
  ~StateLock();

 private:
  explicit StateLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_STATE_LOCK_H_
