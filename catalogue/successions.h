// Local authorities that ended, and what became of them: data of the catalogue. For the library's loader.
#ifndef WAYMARK_CATALOGUE_SUCCESSIONS_H_
#define WAYMARK_CATALOGUE_SUCCESSIONS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "catalogue/text_proto.h"
#include "proto/contract/succession.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// Reads `path`; nothing where there is no such file. `former`: in order of code. Successions of which some
// authority is neither among `areas` nor among the former ones are left out, as of a library with other
// authorities. Adds a fault for everything that is wrong: a former authority of today's, a succession over
// two regions.
absl::Status LoadFormerAreas(const std::string& path, const std::vector<v1::Area>& areas, Faults& faults,
                             std::vector<v1::Area>& former, contract::Successions& successions);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_SUCCESSIONS_H_
