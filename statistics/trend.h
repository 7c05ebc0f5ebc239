// Which way a figure goes from period to period, and whether chance alone could have done it. Every figure
// comes with its own 95% interval, of sampling joined with noise, rounding and suppression, so that all tests
// take account of them. Pure functions; thread-safe.
//
// - Two periods: the interval of the difference by squaring and adding the distances of the figures to their
//   ends (statistics/noise_interval.h; Newcombe 1998, method 10; Zou and Donner 2008).
// - Three and more: the slope of a line, weighted by 1/s², s = (upper − lower)/(2 × 1.96), with the error
//   1/√(Σ w (x − x̄)²) that those s give it; where the figures scatter about the line more than that,
//   √(Σ w r²/(n − 2)) times as much (Birge, "The Calculation of Errors by the Method of Least Squares",
//   1932), never less. For shares and rates it is nearly the χ² test for trend (Armitage 1955) that Public
//   Health England's Fingertips takes, which knows of no noise.
// - Ten and more: runs about the median (Anhøj and Olesen, "Run charts revisited", PLoS ONE 9(11), 2014): a
//   run longer than log2 n + 3, or fewer crossings than the 5% point of Binomial(n − 1, 1/2), of the n points
//   that are not on the median. It needs no law of the figures, and tells a level that shifted from one that
//   drifts.
#ifndef WAYMARK_STATISTICS_TREND_H_
#define WAYMARK_STATISTICS_TREND_H_

#include <cstddef>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "statistics/intervals.h"

namespace waymark::statistics {

struct TrendPoint {
  double at = 0;  // when, in any unit: years
  double value = 0;
  Interval interval;  // 95%, around the value
};

// `change` with its 95% interval, and the probability that chance alone gives one as great (two-sided): below
// 0.05 where, and only where, the interval leaves 0 out.
struct Change {
  double change = 0;
  Interval interval;
  double p = 1;
};

// after − before. INVALID_ARGUMENT on a number that is not finite, or an interval that does not hold its
// value.
absl::StatusOr<Change> ChangeBetween(const TrendPoint& before, const TrendPoint& after);

// Change a unit of `at`. INVALID_ARGUMENT on fewer than three points, all at one time, and as above; or an
// interval of no width.
absl::StatusOr<Change> SlopeOf(absl::Span<const TrendPoint> points);

inline constexpr std::size_t kLeastForRuns = 10;

struct Runs {
  std::size_t points = 0;           // that are not on the median
  std::size_t longest = 0;          // points in a row on one side
  std::size_t longest_usual = 0;    // log2 n + 3, rounded
  std::size_t crossings = 0;        // of the median
  std::size_t crossings_usual = 0;  // at least
  bool unusual() const { return longest > longest_usual || crossings < crossings_usual; }
};

// In the order of time. Nothing where fewer than kLeastForRuns are off the median, or one is not finite.
std::optional<Runs> RunsAboutMedian(absl::Span<const double> values);

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_TREND_H_
