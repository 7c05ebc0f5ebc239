// Cohorts: which episodes, referrals and contacts an entry counts, and what became of each.
#ifndef WAYMARK_NODE_MEASURE_COHORT_H_
#define WAYMARK_NODE_MEASURE_COHORT_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/journey/journeys.h"
#include "node/measure/member.h"

namespace waymark::node {

// FAILED_PRECONDITION where the entry is not of kind PROPORTION, MIX, DURATION or SURVIVAL, or asks something
// that this version does not know.
absl::Status CheckEntry(const v1::Metric& metric);

// How many days after a member's event the entry looks: follow-up windows, and the far ends of what must not
// be open. A member counts only when its event + this ≤ question.until.
Day ReachOf(const v1::Metric& metric, std::uint32_t window);

// The members of an entry that CheckEntry accepts, by person and day, with their outcomes, column and days.
// FAILED_PRECONDITION where a MIX has no class for a member.
//
// - Post-closure cohorts leave out a member whose person has died by E + window, has moved out in [E, E +
//   window] (the closure itself included), or turns 18 in (E, E + window], whatever came first.
// - SURVIVAL: follow-up ends at x, the first move out on or after E, the death, or the 18th birthday where
//   that is after E; a member without a day of follow-up was never at risk and is left out.
absl::StatusOr<std::vector<Member>> CohortOf(const Journeys& journeys, const Question& question);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_COHORT_H_
