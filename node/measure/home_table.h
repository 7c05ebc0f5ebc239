// What the tables that are made at home only share: their names, their availability, their breakdowns.
#ifndef WAYMARK_NODE_MEASURE_HOME_TABLE_H_
#define WAYMARK_NODE_MEASURE_HOME_TABLE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/day.h"
#include "node/measure/availability.h"
#include "node/measure/measurer.h"

namespace waymark::node {

// A table of `request` with its names and columns, and without rows.
Measured EmptyTable(const MeasureRequest& request, v1::Unit unit, const std::vector<std::string>& dimensions,
                    const Availability& availability);

// The dimensions of each table that is asked for: none first, then those of each breakdown. INVALID_ARGUMENT
// where the entry does not list one.
absl::StatusOr<std::vector<std::vector<std::string>>> DimensionsOf(const MeasureRequest& request);

// Records whole from `from` that show the state of `extract`, kNoDay where no source has them: whether they
// can be measured for the days `first` to `last`. `what` names them: "scores.csv".
Availability Reach(const std::string& what, Day from, Day extract, Day first, Day last);

// Narrows `availability` by another's.
void Narrow(const Availability& other, Availability& availability);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_HOME_TABLE_H_
