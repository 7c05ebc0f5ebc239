// Entries that need no pass over the families: data quality and what is made at home only.
#ifndef WAYMARK_NODE_MEASURE_UNWALKED_H_
#define WAYMARK_NODE_MEASURE_UNWALKED_H_

#include <vector>

#include "absl/status/statusor.h"
#include "node/measure/measurer.h"

namespace waymark::node {

bool IsUnwalked(const v1::Metric& metric);

// The tables of an entry for which IsUnwalked is true, as MeasureAll gives them. FAILED_PRECONDITION where it
// is of a kind that this version does not know.
absl::StatusOr<std::vector<Measured>> MeasureUnwalked(const Journeys& journeys, const MeasureRequest& request,
                                                      const std::vector<v1::Unit>& units);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_UNWALKED_H_
