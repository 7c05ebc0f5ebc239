// A council's own figures of one table, from whole days where catalogue::FiguresOf would read them from bins.
#ifndef WAYMARK_NODE_MEASURE_EXACT_FIGURES_H_
#define WAYMARK_NODE_MEASURE_EXACT_FIGURES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "catalogue/figures.h"
#include "node/measure/day_counts.h"
#include "proto/contract/table.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// DURATION: a quantile is the smallest duration with share ≥ p. SURVIVAL: the daily Kaplan–Meier and
// Aalen–Johansen curves, without the actuarial correction. Other kinds: FiguresOf the table. `days`, by row,
// are those of its units, as TableTally::Row has them.
absl::StatusOr<std::vector<catalogue::RowFigure>> ExactFiguresOf(
    const v1::Metric& metric, const contract::Table& table, absl::Span<const std::vector<DayCount>> days);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_EXACT_FIGURES_H_
