#include "coordinator/rounds/file_input_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;

absl::Status Failed(absl::string_view what, const std::string& path) {
  const std::string message = absl::StrCat(what, " ", path, ": ", std::strerror(errno));
  return errno == ENOSPC ? absl::ResourceExhaustedError(message) : absl::UnavailableError(message);
}

// A file descriptor that is closed with its scope.
class File {
 public:
  File(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

}  // namespace

std::string FileInputStore::PathOf(std::uint32_t member) const {
  return PathUnder(directory_, absl::StrCat(member, ".masked"));
}

absl::Status FileInputStore::Put(std::uint32_t member, std::size_t block, absl::string_view bytes) {
  RETURN_IF_ERROR(MakeDirectories(directory_, 0700));
  const std::string path = PathOf(member);
  const File file(path, O_WRONLY | O_CREAT);
  if (file.get() < 0) return Failed("opening", path);
  std::size_t written = 0;
  while (written < bytes.size()) {
    const auto at = static_cast<off_t>(block * kBlockBytes + written);
    const ssize_t some = ::pwrite(file.get(), bytes.data() + written, bytes.size() - written, at);
    if (some < 0 && errno == EINTR) continue;
    if (some <= 0) return Failed("writing", path);
    written += static_cast<std::size_t>(some);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> FileInputStore::Get(std::uint32_t member, std::size_t block) const {
  const std::string path = PathOf(member);
  const File file(path, O_RDONLY);
  if (file.get() < 0) return absl::NotFoundError(absl::StrCat(path, ": this masked input was never sent"));
  std::string bytes(kBlockBytes, '\0');
  std::size_t read = 0;
  while (read < bytes.size()) {
    const auto at = static_cast<off_t>(block * kBlockBytes + read);
    const ssize_t some = ::pread(file.get(), bytes.data() + read, bytes.size() - read, at);
    if (some < 0 && errno == EINTR) continue;
    if (some < 0) return Failed("reading", path);
    if (some == 0) break;
    read += static_cast<std::size_t>(some);
  }
  if (read == 0) return absl::NotFoundError(absl::StrCat(path, ": block ", block, " was never sent"));
  bytes.resize(read);
  return bytes;
}

}  // namespace waymark::coordinator
