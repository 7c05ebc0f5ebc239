// What a reader of one council's thresholded tables knows of the counts behind them: for each cell the least
// and the greatest that the released cells and the rules of protection allow. Nothing here is secret: it
// follows from what is public.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_CELL_BOUNDS_H_
#define WAYMARK_COORDINATOR_BENCHMARK_CELL_BOUNDS_H_

#include <cstdint>
#include <map>
#include <vector>

#include "absl/types/span.h"
#include "proto/contract/release.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// The greatest count of a cell of which nothing is known.
inline constexpr std::int64_t kUnbounded = 1'000'000'000;

struct CellBounds {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

// By table, row-major.
using TableBounds = std::map<const contract::ProtectedTable*, std::vector<CellBounds>>;

// `tables` are of one metric and period, of any windows, units and breakdowns. With
// t = suppressed_to and b = rounded_to:
// - Shown v > 0: v ± b/2, and above t; person-days v ± max(100, 20 b)/2. Shown 0 is 0. [low] is 1 to b/2.
// - A suppressed cell may be anything: it may be small, or hidden to protect another.
// - Then what must hold between the counts narrows them, hidden ones too: an outcome lies within its
//   denominator; a breakdown's rows add up to
//   the whole (of episodes), or are each within it (of children and families, of person-days); of one row a
//   class has no more children or families than episodes. Where that leaves a cell without a possible count
//   the council's tables contradict each other, and only what each cell says by itself counts.
// A cell whose high is kUnbounded has no upper bound.
TableBounds BoundsOfTables(const v1::Metric& metric,
                           const std::vector<const contract::ProtectedTable*>& tables);

// Whether all of them have an upper bound; false where there are none.
bool IsBounded(absl::Span<const CellBounds> bounds);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_CELL_BOUNDS_H_
