#include "coordinator/cli/installed_catalogue.h"

#include "absl/strings/str_cat.h"
#include "base/program.h"

namespace waymark::coordinator {
namespace {

std::string FolderOf(const std::string& folder) {
  return folder.empty() ? ShareDirectory() + "/catalogue" : folder;
}

}  // namespace

std::string CatalogueFile(const std::string& folder, const std::string& name) {
  return absl::StrCat(FolderOf(folder), "/", name);
}

absl::StatusOr<catalogue::Library> LoadLibrary(const std::string& folder) {
  return catalogue::Library::Load(FolderOf(folder));
}

absl::StatusOr<published::Mapping> LoadMapping(const std::string& folder, const catalogue::Library& library) {
  return published::Mapping::Load(FolderOf(folder), library);
}

}  // namespace waymark::coordinator
