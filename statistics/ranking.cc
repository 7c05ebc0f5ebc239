#include "statistics/ranking.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace waymark::statistics {

absl::StatusOr<std::vector<RankRange>> RankRanges(absl::Span<const Interval> intervals) {
  std::vector<double> lowers;
  std::vector<double> uppers;
  for (const Interval& interval : intervals) {
    if (!std::isfinite(interval.lower) || !std::isfinite(interval.upper) || interval.lower > interval.upper)
      return absl::InvalidArgumentError("a rank needs finite intervals, each with its lower end first");
    lowers.push_back(interval.lower);
    uppers.push_back(interval.upper);
  }
  std::sort(lowers.begin(), lowers.end());
  std::sort(uppers.begin(), uppers.end());
  std::vector<RankRange> ranges;
  ranges.reserve(intervals.size());
  for (const Interval& interval : intervals) {
    const auto below = std::lower_bound(uppers.begin(), uppers.end(), interval.lower) - uppers.begin();
    const auto above = lowers.end() - std::upper_bound(lowers.begin(), lowers.end(), interval.upper);
    ranges.push_back({.first = static_cast<std::size_t>(below) + 1,
                      .last = intervals.size() - static_cast<std::size_t>(above)});
  }
  return ranges;
}

absl::StatusOr<double> JointZ(std::size_t n) {
  if (n == 0) return absl::InvalidArgumentError("no interval holds at once with others where there is none");
  // The upper tail of each, without the loss of subtracting from 1.
  const double tail = -std::expm1(std::log(0.95) / static_cast<double>(n)) / 2;
  return boost::math::quantile(boost::math::complement(boost::math::normal(), tail));
}

}  // namespace waymark::statistics
