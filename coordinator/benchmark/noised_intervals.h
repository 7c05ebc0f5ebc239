// Joins the intervals of a noised row's figures with the noise of its cells (statistics/noised.h; README.md,
// "Intervals").
#ifndef WAYMARK_COORDINATOR_BENCHMARK_NOISED_INTERVALS_H_
#define WAYMARK_COORDINATOR_BENCHMARK_NOISED_INTERVALS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "coordinator/benchmark/estimate.h"
#include "coordinator/benchmark/summed_row.h"

namespace waymark::coordinator {

// Fills in `lower` and `upper` of the estimates, which are of `possible` (PossibleCounts of the row) and in
// the order of the row's quantities. Returns which of them it did: others have to be bounded by extreme rows
// (extreme_rows.h), since the noise is too great to reckon with, or the figure is a curve's or a rate of
// days.
std::vector<bool> JoinWithNoise(const RowContext& context, const SummedRow& row,
                                absl::Span<const std::int64_t> possible, std::vector<Estimate>& estimates);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_NOISED_INTERVALS_H_
