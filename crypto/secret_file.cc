#include "crypto/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"

namespace waymark::crypto {
namespace {

absl::Status CheckOwnerOnly(const struct stat& info, const std::string& path, std::size_t max_bytes) {
  if (!S_ISREG(info.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is no regular file; check the path"));
  }
  if ((info.st_mode & 077u) != 0) {
    return absl::PermissionDeniedError(
        absl::StrFormat("%s has mode %04o, so users beside its owner can use it; run: chmod 600 %s, and "
                        "replace the secret in it if somebody may have read it",
                        path, info.st_mode & 07777u, path));
  }
  if (static_cast<std::uint64_t>(info.st_size) > max_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat(path, " is larger than ", max_bytes, " bytes; is it the right file?"));
  }
  return absl::OkStatus();
}

// Reads until `out` is full or the file ends; the count read.
absl::StatusOr<std::size_t> ReadUpTo(int fd, absl::Span<std::uint8_t> out, const std::string& path) {
  std::size_t have = 0;
  while (have < out.size()) {
    const ssize_t got = ::read(fd, out.data() + have, out.size() - have);
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return absl::UnavailableError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
    have += static_cast<std::size_t>(got);
  }
  return have;
}

absl::StatusOr<SecretBytes> ReadOpen(int fd, const std::string& path, std::size_t max_bytes) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) {
    return absl::UnavailableError(absl::StrCat("cannot examine ", path, ": ", std::strerror(errno)));
  }
  RETURN_IF_ERROR(CheckOwnerOnly(info, path, max_bytes));
  SecretBytes bytes(static_cast<std::size_t>(info.st_size));
  ASSIGN_OR_RETURN(const std::size_t have, ReadUpTo(fd, bytes.MutableSecret(), path));
  if (have != bytes.size()) {
    return absl::UnavailableError(absl::StrCat(path, " became shorter while it was read; try again"));
  }
  return bytes;
}

}  // namespace

absl::StatusOr<SecretBytes> ReadSecretFile(const std::string& path, std::size_t max_bytes) {
  // Not blocking, so that a pipe put in the file's place cannot hold the program up.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    const std::string text = absl::StrCat("cannot open ", path, ": ", std::strerror(errno));
    if (errno == ENOENT) return absl::NotFoundError(absl::StrCat(text, "; check the path"));
    if (errno == EACCES || errno == EPERM) {
      return absl::PermissionDeniedError(absl::StrCat(text, "; make the service's user its owner"));
    }
    return absl::UnavailableError(text);
  }
  absl::StatusOr<SecretBytes> bytes = ReadOpen(fd, path, max_bytes);
  ::close(fd);
  return bytes;
}

}  // namespace waymark::crypto
