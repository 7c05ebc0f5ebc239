// Metric kind RATIO: one quantity of the council over another.
#ifndef WAYMARK_NODE_MEASURE_RATIO_H_
#define WAYMARK_NODE_MEASURE_RATIO_H_

#include <vector>

#include "absl/status/statusor.h"
#include "node/measure/measurer.h"

namespace waymark::node {

// As Measure.
//
// - Cases (OPEN_EARLY_HELP, ENDED, OUTCOMES_MET, ENDED_WITH_SCORES) are merged early-help episodes, counted
// in the
//   table's unit, with the service and team of their first piece. Open: start ≤ last day of the period < end.
// - CASE_HOLDING_FTE: rows of the staffing template with from ≤ last day of the period ≤ to, added up.
// - SERVICE_COST: a row of the costs template counts with pence × (its days in the period) / (its days),
// rounded to
//   a penny. A service has a cost only where its rows together cover every day of the period.
// - ENDED_WITH_SCORES: the child has a pair of scores of one tool, both dated in [start, end + 30].
// - A table of one field has a row for each category that either side has. A side that has no amount there
// (no staff,
//   no whole cost) is not available. The row of all is over everything, but of costs over the services that
//   have one.
// - Of OPEN_EARLY_HELP, for the row of all: "median_a_worker" and "ninetieth_centile_a_worker" of the cases
// of each
//   worker who holds one or is in force in the staffing template with more than 0; the p-quantile is the
//   smallest number that at least the share p of them does not exceed. No names.
absl::StatusOr<std::vector<Measured>> MeasureRatio(const Journeys& journeys, const MeasureRequest& request,
                                                   const std::vector<v1::Unit>& units);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_RATIO_H_
