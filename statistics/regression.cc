#include "statistics/regression.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "statistics/boost_policy.h"

namespace waymark::statistics {
namespace {

using StudentsT = boost::math::students_t_distribution<double, Policy>;

}  // namespace

absl::StatusOr<LineOfMoments> LineFromMoments(const Moments& moments) {
  const double spread = moments.weights * moments.xx - moments.x * moments.x;
  if (!(moments.weights > 0) || !(spread > 0) || !std::isfinite(spread)) {
    return absl::InvalidArgumentError("the sums are of no points with two different x: no line follows");
  }
  LineOfMoments line;
  line.slope = (moments.weights * moments.xy - moments.x * moments.y) / spread;
  line.intercept = (moments.y - line.slope * moments.x) / moments.weights;
  line.slope_by = {.weights = (moments.xy - line.slope * moments.xx) / spread,
                   .x = (2 * line.slope * moments.x - moments.y) / spread,
                   .xx = -line.slope * moments.weights / spread,
                   .y = -moments.x / spread,
                   .xy = moments.weights / spread};
  return line;
}

absl::StatusOr<FittedLine> WeightedLeastSquares(absl::Span<const WeightedPoint> points) {
  FittedLine line;
  double weights = 0, sum_x = 0, sum_y = 0;
  for (const WeightedPoint& p : points) {
    if (!std::isfinite(p.x) || !std::isfinite(p.y) || !std::isfinite(p.weight) || p.weight < 0) {
      return absl::InvalidArgumentError(absl::StrCat("point (", p.x, ", ", p.y, ") of weight ", p.weight,
                                                     ": expected finite numbers and a weight from 0"));
    }
    if (p.weight == 0) continue;
    ++line.points;
    weights += p.weight;
    sum_x += p.weight * p.x;
    sum_y += p.weight * p.y;
  }
  if (line.points < 3) {
    return absl::InvalidArgumentError(absl::StrCat("a line needs three points or more, got ", line.points));
  }
  const double mean_x = sum_x / weights;
  const double mean_y = sum_y / weights;
  // From the means, since sums of squares of large numbers would lose the digits that matter.
  double xx = 0, xy = 0, yy = 0;
  for (const WeightedPoint& p : points) {
    xx += p.weight * (p.x - mean_x) * (p.x - mean_x);
    xy += p.weight * (p.x - mean_x) * (p.y - mean_y);
    yy += p.weight * (p.y - mean_y) * (p.y - mean_y);
  }
  if (!(xx > 0)) return absl::InvalidArgumentError("all points have one x: no line goes through them");
  line.slope = xy / xx;
  line.intercept = mean_y - line.slope * mean_x;
  double residuals = 0;
  for (const WeightedPoint& p : points) {
    const double residual = (p.y - mean_y) - line.slope * (p.x - mean_x);
    residuals += p.weight * residual * residual;
  }
  line.variance = residuals / static_cast<double>(line.points - 2);
  line.weights = weights;
  line.mean_x = mean_x;
  line.spread = xx;
  line.slope_error = std::sqrt(line.variance / xx);
  line.r_squared = yy > 0 ? 1 - residuals / yy : 1;
  return line;
}

double FittedLine::ErrorAt(double x) const {
  return std::sqrt(variance * (1 / weights + (x - mean_x) * (x - mean_x) / spread));
}

double FittedLine::ReachAt(double x, double z) const {
  const double outside = std::erfc(z / std::sqrt(2.0)) / 2;  // on one side
  const StudentsT law(static_cast<double>(points) - 2);
  return boost::math::quantile(boost::math::complement(law, outside)) * ErrorAt(x);
}

}  // namespace waymark::statistics
