// The figures of a summed row, with two intervals: of sampling alone, and of sampling joined with what
// protection hides (noise, or suppression and rounding). README.md of this folder derives both.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_ESTIMATE_H_
#define WAYMARK_COORDINATOR_BENCHMARK_ESTIMATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/figures.h"
#include "coordinator/benchmark/summed_row.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// What all rows of one table have in common. The metric must outlive it.
struct RowContext {
  RowContext(const v1::Metric& metric, const std::string& period, v1::Mode mode);

  const catalogue::RowFigures figures;
  const v1::Mode mode;
  const std::vector<std::int64_t> units;  // by column, in what it is noised
};

struct Estimate {
  std::string quantity;
  v1::FigureStatus status = v1::FIGURE_STATUS_UNSPECIFIED;
  std::optional<double> numerator;
  std::optional<double> denominator;
  std::optional<double> value;
  std::optional<double> sampling_lower;
  std::optional<double> sampling_upper;
  std::optional<double> lower;
  std::optional<double> upper;
};

// As RowFigures::Append has them: every quantity of the metric, in the catalogue's order, or none. Noised
// sums are first made possible counts (README.md, "Post-processing"): nothing below zero, no numerator above
// its denominator.
std::vector<Estimate> EstimatesOf(const RowContext& context, const SummedRow& row);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_ESTIMATE_H_
