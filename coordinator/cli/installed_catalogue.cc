#include "coordinator/cli/installed_catalogue.h"

#include "base/program.h"

namespace waymark::coordinator {
namespace {

std::string FolderOf(const std::string& folder) {
  return folder.empty() ? ShareDirectory() + "/catalogue" : folder;
}

}  // namespace

absl::StatusOr<catalogue::Library> LoadLibrary(const std::string& folder) {
  return catalogue::Library::Load(FolderOf(folder));
}

absl::StatusOr<published::Mapping> LoadMapping(const std::string& folder, const catalogue::Library& library) {
  return published::Mapping::Load(FolderOf(folder), library);
}

}  // namespace waymark::coordinator
