// Whether a release answers the round that it names. The council behind it is known but not trusted: whatever
// is stored has passed here, so that combining need not fear it.
#ifndef WAYMARK_COORDINATOR_ROUNDS_RELEASE_CHECK_H_
#define WAYMARK_COORDINATOR_ROUNDS_RELEASE_CHECK_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "proto/contract/release.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// INVALID_ARGUMENT names the table and what is wrong with it: it belongs to no item of the spec; window,
// unit, dimensions or columns are not the item's; its mode is not the item's; its ε is above the item's; it
// comes twice; an item is both given and absent, or neither; a text holds control characters; the counts
// of a thresholded table are not what the rules that it states give (table_check.h), with the row and the
// rule. `definitions` are the entries of CheckSpec. FAILED_PRECONDITION where the release was
// made for another spec of that name.
absl::Status CheckRelease(const contract::Release& release, const contract::RoundSpec& spec,
                          absl::string_view spec_hash, const v1::Catalogue& definitions);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_RELEASE_CHECK_H_
