// One process at a time, by flock(2). The kernel lets go of the lock when the process ends, however it ends.
#ifndef WAYMARK_BASE_FILE_LOCK_H_
#define WAYMARK_BASE_FILE_LOCK_H_

#include <string>

#include "absl/status/statusor.h"

namespace waymark {

// Holds the lock as long as it lives. Not thread-safe.
class FileLock {
 public:
  enum class IfHeld { kWait, kFail };
  // A file is made (mode 0600) where it is not there, a folder is not. FAILED_PRECONDITION where another
  // holds it and `if_held` says so; UNAVAILABLE where the path cannot be opened.
  static absl::StatusOr<FileLock> OnFile(const std::string& path, IfHeld if_held);
  static absl::StatusOr<FileLock> OnFolder(const std::string& path, IfHeld if_held);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  static absl::StatusOr<FileLock> Acquire(const std::string& path, int flags, IfHeld if_held);
  int fd_;
};

}  // namespace waymark

#endif  // WAYMARK_BASE_FILE_LOCK_H_
