// How, with the intervals of exact_interval.h:
//
//   1. w_k = exp(−k²/(2σ²)) by multiplications: w_(k+1) = w_k · r_k and r_(k+1) = r_k · exp(−1/σ²), from
//      r_0 = exp(−1/(2σ²)). The errors of r and w grow with k and k²: of F bits some 35 are lost at most.
//   2. Up to the k whose w_k is at most 2^(16−F). What is beyond is less than w_k · σ²/k, since w falls and
//      ∫_k^∞ exp(−x²/(2σ²)) dx < (σ²/k) · exp(−k²/(2σ²)).
//   3. The rest as for every law (cumulative_thresholds.h).
#include "crypto/gaussian_thresholds.h"

#include "crypto/cumulative_thresholds.h"

namespace waymark::crypto::internal {
namespace {

// Rounding up keeps a weight from falling below about σ/20 · 2^−F, so the end is above that.
constexpr unsigned kLastWeight = 1 << 16;

// w_0, 2w_1, 2w_2, …, and as the last a bound of everything beyond (0 to that).
std::vector<ExactInterval> Weights(const cpp_int& numerator, const cpp_int& denominator, unsigned precision) {
  const cpp_int one = cpp_int(1) << precision;
  const ExactInterval fall = ExpOfMinus(denominator, numerator, precision);
  ExactInterval ratio = ExpOfMinus(denominator, 2 * numerator, precision);
  ExactInterval weight{one, one};
  std::vector<ExactInterval> weights = {weight};
  while (weight.high > kLastWeight) {
    weight = Multiply(weight, ratio, precision);
    ratio = Multiply(ratio, fall, precision);
    weights.push_back({2 * weight.low, 2 * weight.high});
  }
  const cpp_int last = weights.size() - 1;
  weights.push_back({0, 2 * DivideUp(weight.high * numerator, denominator * last)});
  return weights;
}

}  // namespace

absl::StatusOr<std::vector<Uint128Parts>> GaussianThresholds(std::uint64_t numerator,
                                                             std::uint64_t denominator) {
  return CumulativeThresholds([=](unsigned precision) { return Weights(numerator, denominator, precision); });
}

}  // namespace waymark::crypto::internal
