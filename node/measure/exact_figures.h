// A council's own figures from whole days: what catalogue::FiguresOf reads from bins, without the bins.
#ifndef WAYMARK_NODE_MEASURE_EXACT_FIGURES_H_
#define WAYMARK_NODE_MEASURE_EXACT_FIGURES_H_

#include <vector>

#include "absl/types/span.h"
#include "catalogue/figures.h"
#include "node/measure/member.h"
#include "node/measure/tabulate.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// Replaces the values of `figures` (all rows of one table) that days tell better than bins: DURATION's
// quantiles are the smallest duration with share ≥ p; SURVIVAL's are read from the daily Kaplan–Meier and
// Aalen–Johansen curves, without the actuarial correction. Other kinds are left as they are. `counted` is by
// row, as CountUnits gives it.
void SetExactFigures(const v1::Metric& metric, absl::Span<const Counted> counted,
                     absl::Span<const Member> members, std::vector<catalogue::RowFigure>& figures);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_EXACT_FIGURES_H_
