// How, with the intervals of exact_interval.h:
//
//   1. q = exp(−s). Squaring on gives q^2, q^4, …: each squaring about doubles the relative width, so after
//   at
//      most 45 of them (eight within ExpOfMinus) some 50 of F = 512 bits are lost.
//   2. q/(1 + q) grows with q, so its bounds come from the bounds of q.
//   3. Where ⌊2^128·lower⌋ = ⌊2^128·upper⌋ that is the threshold, exactly. Else F is doubled. This ends, for
//      exp of a rational number other than 0 is transcendental (Lindemann), so 2^128·q/(1 + q) is no whole
//      number.
#include "crypto/laplace_thresholds.h"

#include <optional>
#include <utility>

#include "crypto/exact_interval.h"

namespace waymark::crypto::internal {
namespace {

constexpr unsigned kFirstPrecision = 512;

// ⌊2^128 · q/(1 + q)⌋ where the bounds of q settle it.
std::optional<cpp_int> Threshold(const ExactInterval& q, unsigned precision) {
  const cpp_int one = cpp_int(1) << precision;
  cpp_int low = (q.low << 128) / (one + q.low);
  const cpp_int high = (q.high << 128) / (one + q.high);
  if (low != high) return std::nullopt;
  return low;
}

// Nothing where the precision does not settle every threshold.
std::optional<std::vector<Uint128Parts>> ThresholdsAt(unsigned precision, std::uint64_t numerator,
                                                      std::uint64_t denominator) {
  ExactInterval q = ExpOfMinus(numerator, denominator, precision);
  std::vector<Uint128Parts> thresholds;
  const cpp_int low_half = (cpp_int(1) << 64) - 1;
  while (true) {
    const std::optional<cpp_int> threshold = Threshold(q, precision);
    if (!threshold.has_value()) return std::nullopt;
    if (*threshold == 0) return thresholds;
    thresholds.push_back(
        {static_cast<std::uint64_t>(*threshold >> 64), static_cast<std::uint64_t>(*threshold & low_half)});
    q = Multiply(q, q, precision);
  }
}

}  // namespace

std::vector<Uint128Parts> LaplaceThresholds(std::uint64_t numerator, std::uint64_t denominator) {
  for (unsigned precision = kFirstPrecision;; precision *= 2) {
    if (auto thresholds = ThresholdsAt(precision, numerator, denominator)) return *std::move(thresholds);
  }
}

}  // namespace waymark::crypto::internal
