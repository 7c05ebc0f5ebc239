#include "base/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace waymark {

absl::StatusOr<FileLock> FileLock::OnFile(const std::string& path, IfHeld if_held) {
  return Acquire(path, O_RDWR | O_CREAT, if_held);
}

absl::StatusOr<FileLock> FileLock::OnFolder(const std::string& path, IfHeld if_held) {
  return Acquire(path, O_RDONLY | O_DIRECTORY, if_held);
}

absl::StatusOr<FileLock> FileLock::Acquire(const std::string& path, int flags, IfHeld if_held) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd < 0) return absl::UnavailableError(absl::StrCat("cannot open ", path, ": ", std::strerror(errno)));
  FileLock lock(fd);
  const int how = if_held == IfHeld::kWait ? LOCK_EX : LOCK_EX | LOCK_NB;
  while (::flock(fd, how) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK) {
      return absl::FailedPreconditionError(absl::StrCat("another process holds ", path));
    }
    return absl::UnavailableError(absl::StrCat("cannot lock ", path, ": ", std::strerror(errno)));
  }
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace waymark
