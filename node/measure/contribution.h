// The bound on what one family contributes to a table.
#ifndef WAYMARK_NODE_MEASURE_CONTRIBUTION_H_
#define WAYMARK_NODE_MEASURE_CONTRIBUTION_H_

#include <vector>

#include "absl/types/span.h"
#include "node/journey/journeys.h"
#include "node/measure/counting.h"
#include "node/measure/measurer.h"
#include "node/measure/member.h"

namespace waymark::node {

// Keeps at most `limit.members` of one family's members in each period: those with the smallest rank(family
// id, 0x1F, person id, 0x1F, start, 0x1F, end[, 0x1F, the record's own id]). Equal ranks fall to the earlier
// member. The order stays. What is not kept is added to `left_out`, which is by slot.
void LimitContributions(const Journeys& journeys, const Counting& counting, const ContributionLimit& limit,
                        absl::Span<const Candidate> candidates, std::vector<Member>& members,
                        absl::Span<LeftOut> left_out);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_CONTRIBUTION_H_
