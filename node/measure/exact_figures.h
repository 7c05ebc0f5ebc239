// A council's own figures of one table, from whole days where catalogue::FiguresOf would read them from bins.
#ifndef WAYMARK_NODE_MEASURE_EXACT_FIGURES_H_
#define WAYMARK_NODE_MEASURE_EXACT_FIGURES_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "catalogue/figures.h"
#include "node/measure/day_counts.h"
#include "statistics/binned.h"
#include "statistics/survival.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// Of DURATION, where a quantile is the smallest duration with share ≥ p, and SURVIVAL: the daily Kaplan–Meier
// and Aalen–Johansen curves, without the actuarial correction. Row after row. Not thread-safe.
class ExactFigures {
 public:
  // `metric` must outlive it.
  explicit ExactFigures(const v1::Metric& metric) : metric_(metric) {}

  // Appends the figures of a row whose units have these days, as TableTally::Row has them.
  absl::Status Append(std::size_t row, absl::Span<const DayCount> days,
                      std::vector<catalogue::RowFigure>& figures);

 private:
  std::vector<catalogue::RowFigure> DurationOf(std::size_t row, absl::Span<const DayCount> days);
  absl::StatusOr<std::vector<catalogue::RowFigure>> SurvivalOf(std::size_t row,
                                                               absl::Span<const DayCount> days);

  const v1::Metric& metric_;
  // Of one row; kept, since rows are many and memory is shared with other threads.
  std::vector<statistics::UpTo> up_to_;
  std::vector<statistics::FollowUp> followed_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_EXACT_FIGURES_H_
