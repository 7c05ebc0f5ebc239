// A council's own figures of one table, from whole days where catalogue::FiguresOf would read them from bins.
#ifndef WAYMARK_NODE_MEASURE_EXACT_FIGURES_H_
#define WAYMARK_NODE_MEASURE_EXACT_FIGURES_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "catalogue/figures.h"
#include "node/measure/day_counts.h"
#include "proto/contract/table.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// DURATION: a quantile is the smallest duration with share ≥ p. SURVIVAL: the daily Kaplan–Meier and
// Aalen–Johansen curves, without the actuarial correction. Other kinds: FiguresOf the table. `days_of(row)`
// are those of a row's units, as TableTally::Days has them.
absl::StatusOr<std::vector<catalogue::RowFigure>> ExactFiguresOf(
    const v1::Metric& metric, const contract::Table& table,
    const std::function<std::vector<DayCount>(std::size_t)>& days_of);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_EXACT_FIGURES_H_
