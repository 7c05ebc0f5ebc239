#include "statistics/funnel.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "statistics/boost_policy.h"
#include "statistics/quartiles.h"

namespace waymark::statistics {
namespace {

constexpr std::int64_t kMostMembers = 1'000'000'000;
constexpr double kWinsorised = 0.1;

// Errors are values here, not exceptions: what could cause one was refused before.
using Binomial = boost::math::binomial_distribution<double, Policy>;
using Poisson = boost::math::poisson_distribution<double, Policy>;

// The least r with P(R ≤ r) ≥ p, moved back by the part of its own probability that is not needed; `most` has
// at least p.
template <typename Law>
double LimitAt(const Law& law, std::int64_t most, double p) {
  // By halving, for the library's own quantile of a count depends on its rounding policy.
  std::int64_t below = -1;
  std::int64_t r = most;
  while (r - below > 1) {
    const std::int64_t middle = below + (r - below) / 2;
    (boost::math::cdf(law, static_cast<double>(middle)) >= p ? r : below) = middle;
  }
  const double reached = boost::math::cdf(law, static_cast<double>(r));
  const double own = boost::math::pdf(law, static_cast<double>(r));
  const double spare = own > 0 ? std::clamp((reached - p) / own, 0.0, 1.0) : 0;
  return std::max(0.0, static_cast<double>(r) - spare);
}

// On this scale the variance of chance is 1/(4 size), whatever the value.
double Stabilised(CountLaw law, double value) {
  return law == CountLaw::kShare ? std::asin(std::sqrt(value)) : std::sqrt(value);
}

double Unstabilised(CountLaw law, double y) {
  if (law == CountLaw::kRate) return y <= 0 ? 0 : y * y;
  const double sine = std::sin(std::clamp(y, 0.0, std::acos(0.0)));
  return sine * sine;
}

absl::Status CheckPoint(CountLaw law, const FunnelPoint& point) {
  const bool in_range = point.value >= 0 && (law == CountLaw::kRate || point.value <= 1);
  if (in_range && std::isfinite(point.value) && std::isfinite(point.size) && point.size > 0 &&
      std::isfinite(point.inflation) && point.inflation >= 1) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("funnel: expected a ", law == CountLaw::kShare ? "share within [0, 1]" : "rate from 0",
                   ", a size above 0 and an inflation from 1, got ", point.value, ", ", point.size, " and ",
                   point.inflation));
}

// Spiegelhalter's φ and τ² of z-scores whose extreme tenths are brought in to the deciles.
Dispersion DispersionOf(std::vector<double> z, const std::vector<double>& variances) {
  std::vector<double> sorted = z;
  std::sort(sorted.begin(), sorted.end());
  const double low = QuantileOfValues(sorted, kWinsorised);
  const double high = QuantileOfValues(sorted, 1 - kWinsorised);
  double squares = 0;
  double weights = 0;
  double weights_squared = 0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double within = std::clamp(z[i], low, high);
    squares += within * within;
    weights += 1 / variances[i];
    weights_squared += 1 / (variances[i] * variances[i]);
  }
  const double spare = squares - static_cast<double>(z.size() - 1);
  const double tau_squared = spare / (weights - weights_squared / weights);
  return {.phi = squares / static_cast<double>(z.size()), .tau_squared = spare > 0 ? tau_squared : 0};
}

}  // namespace

absl::StatusOr<Interval> FunnelLimits(double target, std::int64_t members, double level) {
  if (!(target > 0 && target < 1) || !(level > 0 && level < 1)) {
    return absl::InvalidArgumentError(
        absl::StrCat("target and level: expected between 0 and 1, got ", target, " and ", level));
  }
  if (members < 1 || members > kMostMembers) {
    return absl::InvalidArgumentError(
        absl::StrCat("members: expected 1 to ", kMostMembers, ", got ", members));
  }
  const Binomial law(static_cast<double>(members), target);
  const auto share = [&](double p) {
    return std::min(1.0, LimitAt(law, members, p) / static_cast<double>(members));
  };
  return Interval{.lower = share((1 - level) / 2), .upper = share((1 + level) / 2)};
}

absl::StatusOr<Interval> RateFunnelLimits(double target, double exposure, double level) {
  const double expected = target * exposure;
  if (!(target > 0) || !(level > 0 && level < 1) || !(exposure > 0)) {
    return absl::InvalidArgumentError(
        absl::StrCat("target, exposure and level: expected above 0, above 0 and between 0 and 1, got ",
                     target, ", ", exposure, " and ", level));
  }
  if (!(expected <= static_cast<double>(kMostMembers))) {
    return absl::InvalidArgumentError(
        absl::StrCat("target times exposure: expected at most ", kMostMembers, " events, got ", expected));
  }
  const Poisson law(expected);
  // Doubled until it holds the upper limit; the bound is for a level that rounds to 1.
  auto most = static_cast<std::int64_t>(expected) + 2;
  while (boost::math::cdf(law, static_cast<double>(most)) < (1 + level) / 2 && most < 4 * kMostMembers)
    most *= 2;
  return Interval{.lower = LimitAt(law, most, (1 - level) / 2) / exposure,
                  .upper = LimitAt(law, most, (1 + level) / 2) / exposure};
}

absl::string_view PlaceInFunnel(double value, Interval warning, Interval alarm) {
  if (value > alarm.upper) return "above 99.8% limits";
  if (value < alarm.lower) return "below 99.8% limits";
  if (value > warning.upper) return "above 95% limits";
  if (value < warning.lower) return "below 95% limits";
  return "within 95% limits";
}

absl::StatusOr<FunnelPlot> FunnelPlot::Create(CountLaw law, absl::Span<const FunnelPoint> points) {
  if (points.size() < 2) {
    return absl::InvalidArgumentError(absl::StrCat("funnel: expected 2 points or more, got ", points.size()));
  }
  double events = 0;
  double size = 0;
  for (const FunnelPoint& point : points) {
    if (absl::Status status = CheckPoint(law, point); !status.ok()) return status;
    events += point.value * point.size;
    size += point.size;
  }
  const double target = events / size;
  if (!(target > 0) || (law == CountLaw::kShare && !(target < 1))) {
    return absl::InvalidArgumentError(
        absl::StrCat("funnel: all points are at ", target, ", where chance moves nothing"));
  }
  std::vector<double> z;
  std::vector<double> variances;
  for (const FunnelPoint& point : points) {
    variances.push_back(point.inflation / (4 * point.size));
    z.push_back((Stabilised(law, point.value) - Stabilised(law, target)) / std::sqrt(variances.back()));
  }
  return FunnelPlot(law, target, DispersionOf(std::move(z), variances));
}

absl::StatusOr<Interval> FunnelPlot::LimitsAt(double size, double inflation, double level) const {
  if (absl::Status status = CheckPoint(law_, {.value = target_, .size = size, .inflation = inflation});
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<Interval> exact =
      law_ == CountLaw::kShare
          ? FunnelLimits(target_, std::max<std::int64_t>(1, std::llround(std::min(size, 2e9))), level)
          : RateFunnelLimits(target_, size, level);
  if (!exact.ok()) return exact;
  const double stretch = std::sqrt(inflation + 4 * size * dispersion_.tau_squared);
  const double centre = Stabilised(law_, target_);
  const auto stretched = [&](double limit) {
    return stretch == 1 ? limit : Unstabilised(law_, centre + stretch * (Stabilised(law_, limit) - centre));
  };
  return Interval{.lower = stretched(exact->lower), .upper = stretched(exact->upper)};
}

}  // namespace waymark::statistics
