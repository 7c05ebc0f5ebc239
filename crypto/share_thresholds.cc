// Weights relative to the law's greatest (Poisson) or first (Pólya), each from the one before by a fraction;
// the errors grow with their number, some 20 of 256 bits. They end where a weight is at most 2^(16−F); what
// is beyond is less than a geometric series, since the quotients of neighbours fall (Poisson) or stay below q
// (Pólya).
#include "crypto/share_thresholds.h"

#include <algorithm>
#include <utility>

#include "base/status.h"
#include "crypto/cumulative_thresholds.h"

namespace waymark::crypto::internal {
namespace {

// Rounding up keeps a weight from falling below 1/(1 − quotient) · 2^−F, which is at most 225 · 2^−F.
constexpr unsigned kLastWeight = 1 << 16;

// a · numerator/denominator.
ExactInterval Scale(const ExactInterval& a, const cpp_int& numerator, const cpp_int& denominator) {
  return {a.low * numerator / denominator, DivideUp(a.high * numerator, denominator)};
}

// All that follows `last` where each is at most numerator/denominator < 1 of the one before.
ExactInterval Beyond(const ExactInterval& last, const cpp_int& numerator, const cpp_int& denominator) {
  return {0, DivideUp(last.high * numerator, denominator - numerator)};
}

std::vector<ExactInterval> PolyaWeights(const ExactInterval& q, std::uint32_t h, unsigned precision) {
  const cpp_int one = cpp_int(1) << precision;
  ExactInterval weight{one, one};
  std::vector<ExactInterval> weights = {weight};
  for (cpp_int k = 0; weight.high > kLastWeight; ++k) {
    weight = Scale(Multiply(weight, q, precision), k * h + 1, (k + 1) * h);
    weights.push_back(weight);
  }
  weights.push_back(Beyond(weight, q.high, one));
  return weights;
}

// λ = numerator/denominator.
std::vector<ExactInterval> PoissonWeights(const cpp_int& numerator, const cpp_int& denominator,
                                          unsigned precision) {
  const cpp_int one = cpp_int(1) << precision;
  const cpp_int mode = numerator / denominator;
  // Downwards: P(X = k − 1) = P(X = k) · k/λ.
  ExactInterval weight{one, one};
  std::vector<ExactInterval> weights = {weight};
  cpp_int k = mode;
  for (; k > 0 && weight.high > kLastWeight; --k) {
    weight = Scale(weight, k * denominator, numerator);
    weights.push_back(weight);
  }
  // What is left below comes to the last.
  if (k > 0) weights.back().high += Beyond(weight, k * denominator, numerator).high;
  std::reverse(weights.begin(), weights.end());
  // Upwards: P(X = k + 1) = P(X = k) · λ/(k + 1).
  weight = {one, one};
  for (k = mode; weight.high > kLastWeight; ++k) {
    weight = Scale(weight, numerator, (k + 1) * denominator);
    weights.push_back(weight);
  }
  weights.push_back(Beyond(weight, numerator, (k + 1) * denominator));
  return weights;
}

}  // namespace

absl::StatusOr<std::vector<Uint128Parts>> PolyaThresholds(std::uint64_t numerator, std::uint64_t denominator,
                                                          std::uint32_t h) {
  return CumulativeThresholds([=](unsigned precision) {
    return PolyaWeights(ExpOfMinus(numerator, denominator, precision), h, precision);
  });
}

absl::StatusOr<std::vector<Uint128Parts>> PoissonThresholds(std::uint64_t numerator,
                                                            std::uint64_t denominator,
                                                            std::uint32_t divisor) {
  ASSIGN_OR_RETURN(std::vector<Uint128Parts> thresholds, CumulativeThresholds([=](unsigned precision) {
                     return PoissonWeights(numerator, cpp_int(denominator) * divisor, precision);
                   }));
  const auto first = std::find_if(thresholds.begin(), thresholds.end(),
                                  [](const Uint128Parts& each) { return each.high != 0 || each.low != 0; });
  thresholds.erase(thresholds.begin(), first);
  return thresholds;
}

}  // namespace waymark::crypto::internal
