#include "node/disclose/zcdp.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/functional/function_ref.h"
#include "crypto/exact_interval.h"

namespace waymark::node {
namespace {

using crypto::cpp_int;
using crypto::ExactInterval;

// Bits after the point. A step of the search costs two logarithms; their errors are below 2^−80.
constexpr unsigned kPrecision = 96;
// α = 1 + step/2^16, from 1 + 2^−16 to 1 + 2^32.
constexpr unsigned kStepBits = 16;
constexpr std::uint64_t kMostSteps = std::uint64_t{1} << 48;

cpp_int ToCppInt(absl::uint128 value) {
  return (cpp_int(absl::Uint128High64(value)) << 64) + absl::Uint128Low64(value);
}

// ⌈a/b⌉ for a of either sign; b > 0.
cpp_int CeilingOf(const cpp_int& a, const cpp_int& b) {
  const cpp_int quotient = a / b;  // towards zero
  return a > 0 && quotient * b != a ? cpp_int(quotient + 1) : quotient;
}

// ε at one α, in units, rounded up: αρ + ln(1 − 1/α) + (ln(1/δ) − ln α)/(α − 1).
cpp_int EpsilonAt(std::uint64_t step, const cpp_int& rho_units, const cpp_int& log_of_inverse_delta) {
  const cpp_int one = cpp_int(1) << kStepBits;
  const cpp_int alpha = one + step;  // over 2^16
  const ExactInterval log_alpha = crypto::LogOf(alpha, one, kPrecision);
  const ExactInterval log_rest = crypto::LogOf(step, alpha, kPrecision);
  const cpp_int tail = CeilingOf((log_of_inverse_delta - log_alpha.low) << kStepBits, step);
  const cpp_int logs = CeilingOf((log_rest.high + tail) * kBudgetUnits, cpp_int(1) << kPrecision);
  return CeilingOf(alpha * rho_units, one) + logs;
}

// ε(α) first falls and then rises: the sets where it is at most some ε are intervals, since the logarithm of
// δ is convex in α. Far out neighbours differ by less than their rounding, so they are compared at a
// distance.
using Rises = absl::FunctionRef<bool(std::uint64_t step, std::uint64_t next)>;

// The first step of [low, high) that rises; high where none does.
std::uint64_t FirstBetween(std::uint64_t low, std::uint64_t high, Rises rises) {
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (rises(middle, middle + 1 + middle / 65'536)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

// The first that rises, in floating point and to within a few steps.
std::uint64_t NearlyFirst(double rho, double log_of_inverse_delta) {
  const auto epsilon = [&](std::uint64_t step) {
    const double over_one = std::ldexp(static_cast<double>(step), -static_cast<int>(kStepBits));
    return over_one * rho - std::log1p(1 / over_one) +
           (log_of_inverse_delta - std::log1p(over_one)) / over_one;
  };
  return FirstBetween(1, kMostSteps,
                      [&](std::uint64_t step, std::uint64_t next) { return epsilon(next) >= epsilon(step); });
}

double LogOfInverse(DeltaUnits delta) {
  return 128 * std::log(2.0) - std::log(static_cast<double>(delta));
}

}  // namespace

DeltaUnits DeltaUnitsOf(Fraction delta) {
  if (delta.numerator == 0 || delta.numerator >= delta.denominator) return 0;
  const cpp_int units = (cpp_int(delta.numerator) << 128) / delta.denominator;
  return absl::MakeUint128(static_cast<std::uint64_t>(units >> 64),
                           static_cast<std::uint64_t>(units & std::numeric_limits<std::uint64_t>::max()));
}

std::optional<std::uint64_t> EpsilonOfZcdp(std::uint64_t rho_units, DeltaUnits delta, Orders orders) {
  if (rho_units == 0) return 0;
  if (delta == 0) return std::nullopt;
  const cpp_int rho = rho_units;
  const cpp_int log = crypto::LogOf(cpp_int(1) << 128, ToCppInt(delta), kPrecision).high;
  // Each exact step costs four logarithms, so floating point finds out where to look. Any α is a true bound.
  const std::uint64_t near =
      NearlyFirst(static_cast<double>(rho_units) / static_cast<double>(kBudgetUnits), LogOfInverse(delta));
  const std::uint64_t reach = near / 65'536 + 64;
  const std::uint64_t low = FirstBetween(near > reach ? near - reach : 1, std::min(near + reach, kMostSteps),
                                         [&](std::uint64_t step, std::uint64_t next) {
                                           return EpsilonAt(next, rho, log) >= EpsilonAt(step, rho, log);
                                         });
  cpp_int found = EpsilonAt(low, rho, log);
  if (orders == Orders::kWhole) {
    // The whole orders on either side of the best; 2 is the least.
    const std::uint64_t whole = std::max<std::uint64_t>(low >> kStepBits, 1);
    found = std::min(EpsilonAt(whole << kStepBits, rho, log), EpsilonAt((whole + 1) << kStepBits, rho, log));
  }
  if (found <= 0) return 0;
  if (found > std::numeric_limits<std::uint64_t>::max()) return std::nullopt;
  return static_cast<std::uint64_t>(found);
}

std::uint64_t RhoWithin(std::uint64_t epsilon_units, DeltaUnits delta) {
  std::uint64_t low = 0;
  std::uint64_t high = epsilon_units;  // ε(ρ) > ρ
  while (low < high) {
    const std::uint64_t middle = high - (high - low) / 2;
    const std::optional<std::uint64_t> epsilon = EpsilonOfZcdp(middle, delta);
    if (epsilon && *epsilon <= epsilon_units) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

std::uint64_t CrossoverReleases(std::uint64_t epsilon_units, DeltaUnits delta) {
  constexpr std::uint64_t kMostReleases = 1'000'000;
  const auto epsilon = static_cast<double>(epsilon_units) / static_cast<double>(kBudgetUnits);
  const auto rho = static_cast<double>(RhoWithin(epsilon_units, delta)) / static_cast<double>(kBudgetUnits);
  for (std::uint64_t k = 1; k < kMostReleases; ++k) {
    const double q = std::exp(-epsilon / static_cast<double>(k));
    if (static_cast<double>(k) / (2 * rho) < 2 * q / ((1 - q) * (1 - q))) return k;
  }
  return kMostReleases;
}

}  // namespace waymark::node
