// The versions of the catalogue that officers sign, at the coordinator: it proposes them from its own
// library, and publishes what was signed. It cannot sign one itself; nodes check all of this again.
#ifndef WAYMARK_COORDINATOR_FEDERATION_CATALOGUES_H_
#define WAYMARK_COORDINATOR_FEDERATION_CATALOGUES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "catalogue/library.h"
#include "coordinator/federation/configuration.h"
#include "coordinator/store/store.h"
#include "proto/contract/catalogue_version.h"

namespace waymark::coordinator {

// The one published last, if any.
absl::StatusOr<std::optional<contract::SignedCatalogue>> NewestCatalogue(Store& store);

// The version after the newest: every definition of the library, and what earlier ones had beside, so that
// schedules and rounds that ask for those go on. FAILED_PRECONDITION where that is nothing new.
absl::StatusOr<contract::CatalogueVersion> ProposeCatalogue(Store& store, const catalogue::Library& library,
                                                            const std::string& federation);

// Stores one for the nodes to fetch. True: done now; false: it was published before. UNAUTHENTICATED where
// too few officers signed it; FAILED_PRECONDITION where it is another federation's, or does not follow the
// newest.
absl::StatusOr<bool> PublishCatalogue(Store& store, const Configuration& configuration,
                                      const contract::SignedCatalogue& catalogue);

// "contacts, version 2: added", one line each; "" where nothing is another.
std::string CatalogueChanges(const contract::CatalogueVersion& before,
                             const contract::CatalogueVersion& after);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_FEDERATION_CATALOGUES_H_
