#include "node/ingest/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace waymark::node {
namespace {

absl::Status Shrank(const std::string& path, const struct stat& opened, off_t size) {
  return absl::DataLossError(absl::StrCat(path, " shrank from ", opened.st_size, " to ", size,
                                          " bytes while it was read; let the export finish and run again"));
}

class FileBytes final : public ByteSource {
 public:
  FileBytes(int fd, std::string path, const struct stat& opened)
      : fd_(fd), path_(std::move(path)), opened_(opened) {}
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  ~FileBytes() override { ::close(fd_); }

  absl::StatusOr<std::size_t> Read(char* to, std::size_t most) override {
    while (true) {
      const ssize_t got = ::pread(fd_, to, most, offset_);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path_));
      offset_ += got;
      if (got == 0 || offset_ > opened_.st_size) {
        if (offset_ < opened_.st_size) return Shrank(path_, opened_, offset_);
        if (absl::Status status = CheckUnchanged(fd_, opened_, path_); !status.ok()) return status;
      }
      return static_cast<std::size_t>(got);
    }
  }

 private:
  int fd_;
  std::string path_;
  struct stat opened_;
  off_t offset_ = 0;
};

class TextBytes final : public ByteSource {
 public:
  explicit TextBytes(absl::string_view text) : rest_(text) {}

  absl::StatusOr<std::size_t> Read(char* to, std::size_t most) override {
    const std::size_t count = std::min(most, rest_.size());
    if (count > 0) std::memcpy(to, rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  absl::string_view rest_;
};

}  // namespace

absl::StatusOr<int> OpenRegularFile(const std::string& path, struct stat& opened) {
  // Not to be held up by a named pipe that nobody writes to.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    const int error = errno;
    return absl::ErrnoToStatus(
        error, absl::StrCat("cannot open ", path,
                            error == EACCES ? "; give the service's user access" : "; check the path"));
  }
  if (::fstat(fd, &opened) != 0) {
    const int error = errno;
    ::close(fd);
    return absl::ErrnoToStatus(error, absl::StrCat("cannot look at ", path));
  }
  if (!S_ISREG(opened.st_mode)) {
    ::close(fd);
    return absl::InvalidArgumentError(absl::StrCat(
        path, S_ISDIR(opened.st_mode) ? " is a folder; name a file in it" : " is not a regular file"));
  }
  return fd;
}

absl::Status CheckUnchanged(int fd, const struct stat& opened, const std::string& path) {
  struct stat now {};
  if (::fstat(fd, &now) != 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot look at ", path));
  if (now.st_size < opened.st_size) return Shrank(path, opened, now.st_size);
  if (now.st_size != opened.st_size || now.st_mtim.tv_sec != opened.st_mtim.tv_sec ||
      now.st_mtim.tv_nsec != opened.st_mtim.tv_nsec) {
    return absl::UnavailableError(
        absl::StrCat(path, " changed while it was read; let the export finish and run again"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<ByteSource>> OpenFile(const std::string& path) {
  struct stat opened {};
  ASSIGN_OR_RETURN(const int fd, OpenRegularFile(path, opened));
  return std::make_unique<FileBytes>(fd, path, opened);
}

std::unique_ptr<ByteSource> OverText(absl::string_view text) {
  return std::make_unique<TextBytes>(text);
}

}  // namespace waymark::node
