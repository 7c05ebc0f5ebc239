// The ranks that each of several figures may have, given that each is known to lie in an interval.
//
// With Λ₋ the figures whose intervals lie wholly below one's own and Λ₊ those wholly above, its rank from the
// lowest lies between |Λ₋| + 1 and n − |Λ₊|. Where all intervals hold at once with some probability, all
// these ranges of ranks do. Source: Klein, Wright and Wieczorek, "A joint confidence region for an overall
// ranking of populations" (2020), theorem 1. Pure functions: thread-safe.
#ifndef WAYMARK_STATISTICS_RANKING_H_
#define WAYMARK_STATISTICS_RANKING_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "statistics/intervals.h"

namespace waymark::statistics {

// Ranks from 1, the lowest figure's; first ≤ last.
struct RankRange {
  std::size_t first = 0;
  std::size_t last = 0;
  friend bool operator==(const RankRange&, const RankRange&) = default;
};

// One range for each interval, in order. INVALID_ARGUMENT where an interval's ends are not finite or the
// lower is above the upper.
absl::StatusOr<std::vector<RankRange>> RankRanges(absl::Span<const Interval> intervals);

// The z with which `n` independent two-sided normal intervals all hold at once with 95% (Šidák): each then
// holds with 0.95^(1/n). kZ95 for n = 1. INVALID_ARGUMENT for n = 0.
absl::StatusOr<double> JointZ(std::size_t n);

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_RANKING_H_
