#include "coordinator/cli/installed_catalogue.h"

#include "base/program.h"

namespace waymark::coordinator {

absl::StatusOr<catalogue::Library> LoadLibrary(const std::string& folder) {
  return catalogue::Library::Load(folder.empty() ? ShareDirectory() + "/catalogue" : folder);
}

}  // namespace waymark::coordinator
