#include "node/ingest/folder_files.h"

#include <algorithm>
#include <filesystem>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace waymark::node {

absl::StatusOr<std::vector<std::string>> FilesAt(const std::string& path, absl::string_view extension) {
  constexpr std::size_t kMostFiles = 10'000;
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    return absl::NotFoundError(absl::StrCat("there is no ", path, "; check the path"));
  }
  if (!fs::is_directory(status)) return std::vector<std::string>{path};
  std::vector<std::string> files;
  fs::recursive_directory_iterator at(path, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const std::string name = at->path().filename().string();
    const bool hidden = absl::StartsWith(name, ".") || absl::StartsWith(name, "~$");
    std::error_code unknown;
    if (hidden || !absl::EndsWithIgnoreCase(name, extension) || !at->is_regular_file(unknown)) continue;
    if (files.size() == kMostFiles) {
      return absl::ResourceExhaustedError(absl::StrCat(path, " holds more than ", kMostFiles, " ", extension,
                                                       " files; is it the right folder?"));
    }
    files.push_back(at->path().string());
  }
  if (error) return absl::PermissionDeniedError(absl::StrCat("cannot list ", path, ": ", error.message()));
  if (files.empty()) {
    return absl::NotFoundError(absl::StrCat(path, " holds no ", extension, " file; check the path"));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace waymark::node
