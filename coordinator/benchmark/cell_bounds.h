// What a reader of a thresholded table knows of the counts behind it: for each cell of a row the least and
// the greatest that the rules of protection allow (docs/disclosure rules: suppressed counts, rounding).
// Nothing here is secret: it follows from the released cells and the published rules.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_CELL_BOUNDS_H_
#define WAYMARK_COORDINATOR_BENCHMARK_CELL_BOUNDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "proto/contract/release.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// The greatest count of a cell of which nothing is known.
inline constexpr std::int64_t kUnbounded = 1'000'000'000;

struct CellBounds {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

// One row of a thresholded table, by column, with t = suppressed_to and b = rounded_to:
// - Shown v > 0: v ± b/2, and above t; person-days v ± max(100, 20 b)/2. Shown 0 is 0. [low] is 1 to b/2.
// - PROPORTION, QUALITY: a suppressed denominator is 1 to t and its numerators 0 to t; a suppressed numerator
// of
//   a shown denominator d is 0 to d, since it may be hidden to protect another.
// - MIX, DURATION, SURVIVAL: beside a shown cell above 0 a suppressed cell is 1 to t; where nothing above 0
// is
//   shown it may be small, or the large rest of a small one: no bound.
// - TRANSITION: suppressed person-days are 1 to t × the period's days; suppressed moves 0 to as many as there
//   are days in the state they leave.
// Suppressed denominators, classes and days are taken for small ones here, though secondary suppression may
// have hidden larger (README.md, "Intervals"). `period_days`: length of the table's period.
std::vector<CellBounds> BoundsOfRow(const v1::Metric& metric, const contract::ProtectedTable& given,
                                    std::size_t row, int period_days);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_CELL_BOUNDS_H_
