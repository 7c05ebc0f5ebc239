// Counts at the edge of what may be true behind a summed row. The figures of these rows bound the figures of
// the truth.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_EXTREME_ROWS_H_
#define WAYMARK_COORDINATOR_BENCHMARK_EXTREME_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "coordinator/benchmark/summed_row.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

struct ExtremeRow {
  std::vector<std::int64_t> values;
  std::string column;  // the quantity that it bounds; "": all
};

// What noise left, as the nearest possible counts with the same total: for kinds whose cells partition the
// members, the same amount is taken from every cell until none is below zero; a proportion's denominator is
// at least 0 and its numerators lie between 0 and it; moves and days are at least 0. So no rate is negative,
// no curve rises, and shares, or the curve and its incidences, add up to one. (Setting each cell to zero by
// itself would bias the sums.)
std::vector<std::int64_t> PossibleCounts(const v1::Metric& metric, absl::Span<const std::int64_t> given);

std::vector<ExtremeRow> ExtremesOfThresholded(const v1::Metric& metric, const SummedRow& row);
// Each bound moves two sums against each other by the radius of their noise (SumNoise::Radius). `units`: by
// column, in what it is noised (catalogue::NoisedUnitOf).
std::vector<ExtremeRow> ExtremesOfNoised(const v1::Metric& metric, absl::Span<const std::int64_t> units,
                                         const SummedRow& row);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_EXTREME_ROWS_H_
