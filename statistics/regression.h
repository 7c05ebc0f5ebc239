// A straight line through weighted points: what a figure would be expected to be, given what goes with it.
//
// Minimises Σ w (y − a − b x)². With W = Σ w and the weighted means x̄, ȳ: b = Σ w (x − x̄)(y − ȳ) / Σ w (x −
// x̄)², a = ȳ − b x̄; s² = Σ w r² / (n − 2) over the points of weight above 0, and the standard error of b is
// s / √(Σ w (x − x̄)²), that of the line at x s √(1/W + (x − x̄)²/Σ w (x − x̄)²). Source: Draper and Smith,
// "Applied Regression Analysis" (1998), 1.2 and 9.2; the figures of R's lm(y ~ x, weights = w) and
// predict(se.fit, interval = "confidence"). Pure functions: thread-safe.
#ifndef WAYMARK_STATISTICS_REGRESSION_H_
#define WAYMARK_STATISTICS_REGRESSION_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace waymark::statistics {

struct WeightedPoint {
  double x = 0;
  double y = 0;
  double weight = 1;
};

struct FittedLine {
  double intercept = 0;
  double slope = 0;
  double slope_error = 0;  // standard error
  double r_squared = 0;    // share of the weighted variance of y about its mean; 1 where y does not vary
  std::size_t points = 0;  // of weight above 0
  double variance = 0;     // s², of a point of weight 1
  double weights = 0;      // W
  double mean_x = 0;       // x̄
  double spread = 0;       // Σ w (x − x̄)²

  double At(double x) const { return intercept + slope * x; }
  // The standard error of the line at x: √(s² (1/W + (x − x̄)²/spread)).
  double ErrorAt(double x) const;
  // Half the width of the line's interval at x, at the level that ±z has of a normal law: by Student's t with
  // n − 2 degrees of freedom.
  double ReachAt(double x, double z) const;
};

// Sums over points with weights w: all that a line takes.
struct Moments {
  double weights = 0;  // Σ w
  double x = 0;        // Σ wx
  double xx = 0;       // Σ wx²
  double y = 0;        // Σ wy
  double xy = 0;       // Σ wxy
};

// A line from sums alone, and how its slope moves with each of them: ∂slope/∂(that sum).
struct LineOfMoments {
  double intercept = 0;
  double slope = 0;
  Moments slope_by;
};
// INVALID_ARGUMENT where the sums are not those of points with two different x: Σ w and Σ w Σ wx² − (Σ wx)²
// must be above 0.
absl::StatusOr<LineOfMoments> LineFromMoments(const Moments& moments);

// INVALID_ARGUMENT on a number that is not finite, a weight below 0, fewer than three points of weight above
// 0, or where all of these have one x.
absl::StatusOr<FittedLine> WeightedLeastSquares(absl::Span<const WeightedPoint> points);

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_REGRESSION_H_
