// From counts to tables and figures.
#ifndef WAYMARK_NODE_MEASURE_TABULATE_H_
#define WAYMARK_NODE_MEASURE_TABULATE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "node/measure/categories.h"
#include "node/measure/measurer.h"
#include "node/measure/plan.h"
#include "node/measure/walk.h"

namespace waymark::node {

// What all tables of a batch are made from.
struct Counted {
  const Journeys& journeys;
  const Plan& plan;
  const LocalNames& names;
  const Counts& counts;
};

// A request's tables in the order that Measure promises. RESOURCE_EXHAUSTED where one would be too large.
absl::StatusOr<std::vector<Measured>> TablesOf(const Counted& counted, const MeasureRequest& request,
                                               const Plan::Source& source);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_TABULATE_H_
