// One pass over the people, family by family, that feeds all of a plan's tallies.
#ifndef WAYMARK_NODE_MEASURE_WALK_H_
#define WAYMARK_NODE_MEASURE_WALK_H_

#include <vector>

#include "absl/status/statusor.h"
#include "node/journey/journeys.h"
#include "node/measure/breakdown.h"
#include "node/measure/categories.h"
#include "node/measure/plan.h"
#include "node/measure/tally.h"

namespace waymark::node {

struct Counts {
  std::vector<TableTally> tallies;             // by job of the plan, which must outlive them
  std::vector<std::vector<RowNumbers>> rows;   // by the plan's work and its breakdowns
  std::vector<std::vector<LeftOut>> left_out;  // by job and the number of the period in its work; by limits
};

// Families are shared out among the processors, at most two; the counts do not depend on how.
// FAILED_PRECONDITION where a MIX has no class for a member.
absl::StatusOr<Counts> CountAll(const Journeys& journeys, const Plan& plan, LocalNames& names);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_WALK_H_
