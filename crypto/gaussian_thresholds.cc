// How, with the intervals of exact_interval.h:
//
//   1. w_k = exp(−k²/(2σ²)) by multiplications: w_(k+1) = w_k · r_k and r_(k+1) = r_k · exp(−1/σ²), from
//      r_0 = exp(−1/(2σ²)). The errors of r and w grow with k and k²: of F bits some 35 are lost at most.
//   2. Up to the k whose w_k is at most 2^(16−F). What is beyond is less than w_k · σ²/k, since w falls and
//      ∫_k^∞ exp(−x²/(2σ²)) dx < (σ²/k) · exp(−k²/(2σ²)).
//   3. P(|X| ≤ k) = A/(A + B) with A = w_0 + 2(w_1 + … + w_k) and B = 2(w_(k+1) + …), so its bounds come from
//      those of A and B.
//   4. Where both bounds have one floor that is the threshold, exactly. Else F is doubled.
#include "crypto/gaussian_thresholds.h"

#include <optional>
#include <utility>

#include "crypto/exact_interval.h"

namespace waymark::crypto::internal {
namespace {

constexpr unsigned kFirstPrecision = 256;
constexpr unsigned kLastPrecision = 8'192;
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

// Nothing where the precision does not settle every threshold.
std::optional<std::vector<Uint128Parts>> ThresholdsAt(unsigned precision, const cpp_int& numerator,
                                                      const cpp_int& denominator) {
  const std::vector<ExactInterval> weights = Weights(numerator, denominator, precision);
  ExactInterval beyond{0, 0};
  for (const ExactInterval& weight : weights) {
    beyond.low += weight.low;
    beyond.high += weight.high;
  }
  ExactInterval within{0, 0};
  std::vector<Uint128Parts> thresholds;
  const cpp_int low_half = (cpp_int(1) << 64) - 1;
  const cpp_int all_but_one = (cpp_int(1) << 128) - 1;
  for (const ExactInterval& weight : weights) {
    within.low += weight.low;
    within.high += weight.high;
    beyond.low -= weight.low;
    beyond.high -= weight.high;
    const cpp_int threshold = (within.low << 128) / (within.low + beyond.high);
    if (threshold != (within.high << 128) / (within.high + beyond.low)) return std::nullopt;
    if (threshold >= all_but_one) return thresholds;
    thresholds.push_back(
        {static_cast<std::uint64_t>(threshold >> 64), static_cast<std::uint64_t>(threshold & low_half)});
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::vector<Uint128Parts>> GaussianThresholds(std::uint64_t numerator,
                                                             std::uint64_t denominator) {
  for (unsigned precision = kFirstPrecision; precision <= kLastPrecision; precision *= 2) {
    if (auto thresholds = ThresholdsAt(precision, numerator, denominator)) return *std::move(thresholds);
  }
  return absl::InternalError("discrete Gaussian: its thresholds could not be settled. Please report this");
}

}  // namespace waymark::crypto::internal
