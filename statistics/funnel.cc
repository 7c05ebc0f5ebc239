#include "statistics/funnel.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>

#include "absl/strings/str_cat.h"

namespace waymark::statistics {
namespace {

constexpr std::int64_t kMostMembers = 1'000'000'000;

// Errors are values here, not exceptions: what could cause one was refused before.
using Policy = boost::math::policies::policy<
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>,
    boost::math::policies::promote_double<false>>;
using Binomial = boost::math::binomial_distribution<double, Policy>;

// The least r with P(R ≤ r) ≥ p, moved back by the part of its own probability that is not needed.
double LimitAt(const Binomial& law, double p) {
  // By halving, for the library's own quantile of a count depends on its rounding policy.
  std::int64_t below = -1;
  auto r = static_cast<std::int64_t>(law.trials());
  while (r - below > 1) {
    const std::int64_t middle = below + (r - below) / 2;
    (boost::math::cdf(law, static_cast<double>(middle)) >= p ? r : below) = middle;
  }
  const double reached = boost::math::cdf(law, static_cast<double>(r));
  const double own = boost::math::pdf(law, static_cast<double>(r));
  const double spare = own > 0 ? std::clamp((reached - p) / own, 0.0, 1.0) : 0;
  return std::clamp((static_cast<double>(r) - spare) / law.trials(), 0.0, 1.0);
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
  return Interval{.lower = LimitAt(law, (1 - level) / 2), .upper = LimitAt(law, (1 + level) / 2)};
}

}  // namespace waymark::statistics
