// Entries over rows of the CSV templates: needs, scores, families' views.
#ifndef WAYMARK_NODE_MEASURE_TEMPLATE_ROWS_H_
#define WAYMARK_NODE_MEASURE_TEMPLATE_ROWS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "node/measure/measurer.h"

namespace waymark::node {

// Kinds PROPORTION and SCORE_CHANGE over BASE_SCORES, BASE_NEEDS, BASE_NEEDS_ASSESSED and BASE_VIEWS; as
// Measure.
//
// - A row's fields are its own and, where the child is in another source too, the child's; age is taken on
// the day
//   that puts the row into the period. Anything else is "not known".
// - BASE_SCORES: pairs by the second day. BASE_NEEDS: needs present at the start, by the day on which help
// ended.
//   BASE_NEEDS_ASSESSED: the rows of one child and day are one member. BASE_VIEWS: families that were asked.
// - A child who is in no other source is a family alone; so is a view that names neither child nor family.
// - SCORE_CHANGE, by tool: the figure "mean_change" is the mean of the changes, in the tool's points, with
//   improvement positive.
absl::StatusOr<std::vector<Measured>> MeasureTemplateRows(const Journeys& journeys,
                                                          const MeasureRequest& request,
                                                          const std::vector<v1::Unit>& units);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_TEMPLATE_ROWS_H_
