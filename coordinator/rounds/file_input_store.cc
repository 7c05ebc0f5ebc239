#include "coordinator/rounds/file_input_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/file.h"
#include "base/status.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;
constexpr char kMasked[] = "masked";
constexpr char kSuffix[] = ".masked";

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

// Names in a folder, sorted; none where it is not there.
absl::StatusOr<std::vector<std::string>> NamesIn(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  if (!std::filesystem::exists(directory, error)) return names;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) return absl::UnavailableError(absl::StrCat("reading ", directory, ": ", error.message()));
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::string FileInputStore::PathOf(std::uint32_t member) const {
  return PathUnder(directory_, absl::StrCat(member, kSuffix));
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

absl::Status FileInputStore::Sync(std::uint32_t member) {
  const std::string masked = DirectoryOf(directory_);  // made with the first session's folder
  for (const std::string& path : {PathOf(member), directory_, masked, DirectoryOf(masked)}) {
    const File file(path, O_RDONLY);
    if (file.get() < 0 || ::fsync(file.get()) != 0) return Failed("writing to disk", path);
  }
  return absl::OkStatus();
}

absl::Status FileInputStore::Drop(std::uint32_t member) {
  const std::string path = PathOf(member);
  return ::unlink(path.c_str()) == 0 || errno == ENOENT ? absl::OkStatus() : Failed("removing", path);
}

absl::Status FileInputStore::Clear() {
  std::error_code error;
  std::filesystem::remove_all(directory_, error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("removing ", directory_, ": ", error.message()));
}

std::string MaskedDirectory(absl::string_view state_directory, absl::string_view session) {
  return PathUnder(PathUnder(state_directory, kMasked), session);
}

absl::StatusOr<std::vector<std::string>> MaskedSessions(const std::string& state_directory) {
  return NamesIn(PathUnder(state_directory, kMasked));
}

absl::Status ForEachMaskedBlock(const std::string& state_directory, MaskedBlock give) {
  ASSIGN_OR_RETURN(const std::vector<std::string> sessions, MaskedSessions(state_directory));
  for (const std::string& session : sessions) {
    const FileInputStore store(MaskedDirectory(state_directory, session));
    ASSIGN_OR_RETURN(const std::vector<std::string> files,
                     NamesIn(MaskedDirectory(state_directory, session)));
    std::vector<std::uint32_t> members;
    for (const std::string& file : files) {
      std::uint32_t member = 0;
      if (absl::EndsWith(file, kSuffix) && absl::SimpleAtoi(absl::StripSuffix(file, kSuffix), &member)) {
        members.push_back(member);
      }
    }
    std::sort(members.begin(), members.end());
    for (const std::uint32_t member : members) {
      for (std::size_t block = 0;; ++block) {
        const absl::StatusOr<std::string> bytes = store.Get(member, block);
        if (absl::IsNotFound(bytes.status())) break;
        RETURN_IF_ERROR(bytes.status());
        RETURN_IF_ERROR(give(session, member, block, *bytes));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
