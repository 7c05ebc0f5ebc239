// What became of local authorities that ended, as far as it is public knowledge: data of the catalogue. In a
// federation with officers it counts when they have signed it (proto/contract/roster.h).
#ifndef WAYMARK_CATALOGUE_SUCCESSIONS_H_
#define WAYMARK_CATALOGUE_SUCCESSIONS_H_

#include <string>

#include "absl/status/statusor.h"
#include "catalogue/library.h"
#include "proto/contract/succession.h"

namespace waymark::catalogue {

// DIR/former_areas.textproto; none where there is no such file. Successions of which some authority is
// neither in the library nor among the former ones are left out, as of a library with other authorities.
// INVALID_ARGUMENT with every fault, a line each: one that is in two regions, or a former one of today's.
absl::StatusOr<contract::Successions> LoadSuccessions(const std::string& directory, const Library& library);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_SUCCESSIONS_H_
