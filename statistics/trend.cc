#include "statistics/trend.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "statistics/noise_interval.h"
#include "statistics/quartiles.h"
#include "statistics/regression.h"

namespace waymark::statistics {
namespace {

absl::Status CheckPoint(const TrendPoint& point) {
  const auto& [lower, upper] = point.interval;
  if (std::isfinite(point.at) && std::isfinite(lower) && std::isfinite(upper) && lower <= point.value &&
      point.value <= upper) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("trend: expected a value within its interval, got ",
                                                 point.value, " and ", lower, " to ", upper, " at ",
                                                 point.at));
}

// Two-sided, of a change whose 95% interval reaches `margin` towards 0.
double Probability(double change, double margin) {
  if (change == 0) return 1;
  return margin > 0 ? std::erfc(kZ95 * std::fabs(change) / margin / std::sqrt(2.0)) : 0;
}

}  // namespace

absl::StatusOr<Change> ChangeBetween(const TrendPoint& before, const TrendPoint& after) {
  for (const TrendPoint* point : {&before, &after}) {
    if (absl::Status status = CheckPoint(*point); !status.ok()) return status;
  }
  const double change = after.value - before.value;
  const Interval later{.lower = after.interval.lower - before.value,
                       .upper = after.interval.upper - before.value};
  const Interval earlier{.lower = after.value - before.interval.upper,
                         .upper = after.value - before.interval.lower};
  const Interval joined = SquareAndAdd(change, later, earlier);
  const double margin = change > 0 ? change - joined.lower : joined.upper - change;
  return Change{.change = change, .interval = joined, .p = Probability(change, margin)};
}

absl::StatusOr<Change> SlopeOf(absl::Span<const TrendPoint> points) {
  std::vector<WeightedPoint> weighted;
  double weights = 0;
  double centre = 0;
  for (const TrendPoint& point : points) {
    if (absl::Status status = CheckPoint(point); !status.ok()) return status;
    const double error = (point.interval.upper - point.interval.lower) / (2 * kZ95);
    if (!(error > 0)) {
      return absl::InvalidArgumentError(
          absl::StrCat("trend: expected an interval with a width, got none at ", point.at));
    }
    weighted.push_back({.x = point.at, .y = point.value, .weight = 1 / (error * error)});
    weights += weighted.back().weight;
    centre += weighted.back().weight * point.at;
  }
  const absl::StatusOr<FittedLine> line = WeightedLeastSquares(weighted);
  if (!line.ok()) return line.status();
  centre /= weights;
  double spread = 0;
  double scatter = 0;
  for (const WeightedPoint& point : weighted) {
    spread += point.weight * (point.x - centre) * (point.x - centre);
    scatter += point.weight * std::pow(point.y - line->At(point.x), 2);
  }
  const double birge = std::sqrt(std::max(1.0, scatter / static_cast<double>(points.size() - 2)));
  const double margin = kZ95 * birge / std::sqrt(spread);
  return Change{.change = line->slope,
                .interval = {.lower = line->slope - margin, .upper = line->slope + margin},
                .p = Probability(line->slope, margin)};
}

std::optional<Runs> RunsAboutMedian(absl::Span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  const bool finite = std::all_of(sorted.begin(), sorted.end(), [](double x) { return std::isfinite(x); });
  if (sorted.empty() || !finite) return std::nullopt;
  std::sort(sorted.begin(), sorted.end());
  const double median = QuantileOfValues(sorted, 0.5);
  Runs runs;
  std::size_t run = 0;
  bool above = false;
  for (const double value : values) {
    if (value == median) continue;
    const bool goes_on = run > 0 && above == (value > median);
    if (run > 0 && !goes_on) ++runs.crossings;
    run = goes_on ? run + 1 : 1;
    above = value > median;
    runs.longest = std::max(runs.longest, run);
    ++runs.points;
  }
  if (runs.points < kLeastForRuns) return std::nullopt;
  const auto n = static_cast<double>(runs.points);
  runs.longest_usual = static_cast<std::size_t>(std::lround(std::log2(n) + 3));
  const boost::math::binomial_distribution<double> law(n - 1, 0.5);
  while (boost::math::cdf(law, static_cast<double>(runs.crossings_usual)) < 0.05) ++runs.crossings_usual;
  return runs;
}

}  // namespace waymark::statistics
