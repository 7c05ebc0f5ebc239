// Whether a round may be asked: what contract::RoundSpecFromProto cannot know, because it takes the
// catalogue.
#ifndef WAYMARK_COORDINATOR_ROUNDS_SPEC_CHECK_H_
#define WAYMARK_COORDINATOR_ROUNDS_SPEC_CHECK_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "catalogue/library.h"
#include "coordinator/store/store.h"
#include "proto/contract/round_spec.h"

namespace waymark::coordinator {

// The catalogue entries that the spec names. INVALID_ARGUMENT names the item and the allowed values where a
// metric is not known at that version under that definition, its entry does not allow the mode, a breakdown,
// window or unit, the period has not ended by `now`, the deadline has passed, two items ask for the same
// metric and period, or a secure sum for what cannot be summed.
absl::StatusOr<v1::Catalogue> CheckSpec(const contract::RoundSpec& spec, const catalogue::Library& library,
                                        absl::Time now);

// INVALID_ARGUMENT names the code that is no region, and the regions.
absl::Status CheckRegions(const std::vector<std::string>& codes, const catalogue::Library& library);

// The same of a spec, and FAILED_PRECONDITION where fewer members are in one
// of its regions than a figure needs: nothing of it could be published.
absl::Status CheckGeographies(const contract::RoundSpec& spec, const std::vector<Member>& members,
                              const catalogue::Library& library);

// FAILED_PRECONDITION where a secure round asks for regions that are no parts of the newest signed roster, or
// too small ones: there would be nobody to sum. Errors of the store.
absl::Status CheckParts(const contract::RoundSpec& spec, Store& store);

// FAILED_PRECONDITION where officers signed a catalogue, and the round asks for a definition that is not in
// the newest: nodes would refuse it. Errors of the store.
absl::Status CheckSigned(const contract::RoundSpec& spec, Store& store);

// FAILED_PRECONDITION where an item asks for a secure sum of what `earlier` asked for as councils' own
// tables, or the other way round: the same metric or a linked one over an overlapping period. A sum less the
// tables of all councils but one gives that one, whether or not it answered before, so its own ledger cannot
// know. (Thresholded beside noised tables each council's ledger refuses.)
absl::Status CheckOneMode(const contract::RoundSpec& spec, const contract::RoundSpec& earlier,
                          const catalogue::Library& library);

// FAILED_PRECONDITION where an item asks councils to state what `earlier` asked them, of an overlapping
// period.
absl::Status CheckStatedOnce(const contract::RoundSpec& spec, const contract::RoundSpec& earlier);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_SPEC_CHECK_H_
