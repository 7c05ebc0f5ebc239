// The records (or persons) that the entries of one cohort base may count.
#ifndef WAYMARK_NODE_MEASURE_CANDIDATES_H_
#define WAYMARK_NODE_MEASURE_CANDIDATES_H_

#include <vector>

#include "absl/types/span.h"
#include "base/period.h"
#include "node/measure/history.h"
#include "node/measure/member.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// Adds one person's candidates, by day, without their categories: those whose event lies in `span`, which
// holds all the periods; of PERSON_TIME one for each period, on its first day.
void AppendCandidates(const History& history, v1::Cohort::Base base, const Period& span,
                      absl::Span<const Period> periods, std::vector<Candidate>& candidates);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_CANDIDATES_H_
