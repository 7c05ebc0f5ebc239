// The catalogue that a command works with.
#ifndef WAYMARK_COORDINATOR_CLI_INSTALLED_CATALOGUE_H_
#define WAYMARK_COORDINATOR_CLI_INSTALLED_CATALOGUE_H_

#include <string>

#include "absl/status/statusor.h"
#include "catalogue/library.h"
#include "published/mapping.h"

namespace waymark::coordinator {

// The path of one of the catalogue's files, in `folder` or the installed one.
std::string CatalogueFile(const std::string& folder, const std::string& name);
// From `folder`, or where it is "" from the installed one. The errors of Library::Load.
absl::StatusOr<catalogue::Library> LoadLibrary(const std::string& folder);
// How published files are laid out: of the same folder, whose library `library` is. The errors of
// Mapping::Load.
absl::StatusOr<published::Mapping> LoadMapping(const std::string& folder, const catalogue::Library& library);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_INSTALLED_CATALOGUE_H_
