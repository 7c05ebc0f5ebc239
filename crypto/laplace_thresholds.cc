// How: every real number is held between two whole multiples of 2^−F, the lower always rounded down and the
// upper always rounded up, so no step needs an error analysis of its own.
//
//   1. r = s/256 ≤ 100/256 < 1/2. exp(−r) lies between consecutive partial sums of Σ (−r)^j/j!, whose terms
//   fall.
//   2. Squaring eight times gives q = exp(−s); squaring on gives q^2, q^4, …: each squaring about doubles the
//   relative
//      width, so after at most 45 of them some 50 of F = 512 bits are lost.
//   3. q/(1 + q) grows with q, so its bounds come from the bounds of q.
//   4. Where ⌊2^128·lower⌋ = ⌊2^128·upper⌋ that is the threshold, exactly. Else F is doubled. This ends, for
//   exp of a
//      rational number other than 0 is transcendental (Lindemann), so 2^128·q/(1 + q) is no whole number.
#include "crypto/laplace_thresholds.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <optional>

namespace waymark::crypto::internal {
namespace {

using boost::multiprecision::cpp_int;

constexpr unsigned kHalvings = 8;
constexpr unsigned kFirstPrecision = 512;

// A real number x with low ≤ x·2^F ≤ high.
struct Interval {
  cpp_int low;
  cpp_int high;
};

cpp_int DivideUp(const cpp_int& a, const cpp_int& b) {
  return (a + b - 1) / b;
}

// exp(−numerator/denominator) for a fraction of at most 1/2.
Interval ExpOfMinus(const cpp_int& numerator, const cpp_int& denominator, unsigned precision) {
  Interval term{cpp_int(1) << precision, cpp_int(1) << precision};
  Interval sum = term;
  for (unsigned j = 1; term.high > 1; ++j) {
    const cpp_int divisor = denominator * j;
    term.low = term.low * numerator / divisor;
    term.high = DivideUp(term.high * numerator, divisor);
    if (j % 2 == 1) {
      sum.low -= term.high;
      sum.high -= term.low;
    } else {
      sum.low += term.low;
      sum.high += term.high;
    }
  }
  // What is left of an alternating series with falling terms is at most the last term taken, which is at most
  // 2^−F.
  sum.low -= 1;
  sum.high += 1;
  return sum;
}

void Square(Interval& x, unsigned precision) {
  x.low = (x.low * x.low) >> precision;
  x.high = (x.high * x.high + (cpp_int(1) << precision) - 1) >> precision;
}

// ⌊2^128 · q/(1 + q)⌋ where the bounds of q settle it.
std::optional<cpp_int> Threshold(const Interval& q, unsigned precision) {
  const cpp_int one = cpp_int(1) << precision;
  cpp_int low = (q.low << 128) / (one + q.low);
  const cpp_int high = (q.high << 128) / (one + q.high);
  if (low != high) return std::nullopt;
  return low;
}

// Nothing where the precision does not settle every threshold.
std::optional<std::vector<Uint128Parts>> ThresholdsAt(unsigned precision, std::uint64_t numerator,
                                                      std::uint64_t denominator) {
  Interval q = ExpOfMinus(numerator, cpp_int(denominator) << kHalvings, precision);
  for (unsigned i = 0; i < kHalvings; ++i) Square(q, precision);
  std::vector<Uint128Parts> thresholds;
  const cpp_int low_half = (cpp_int(1) << 64) - 1;
  while (true) {
    const std::optional<cpp_int> threshold = Threshold(q, precision);
    if (!threshold.has_value()) return std::nullopt;
    if (*threshold == 0) return thresholds;
    thresholds.push_back(
        {static_cast<std::uint64_t>(*threshold >> 64), static_cast<std::uint64_t>(*threshold & low_half)});
    Square(q, precision);
  }
}

}  // namespace

std::vector<Uint128Parts> LaplaceThresholds(std::uint64_t numerator, std::uint64_t denominator) {
  for (unsigned precision = kFirstPrecision;; precision *= 2) {
    if (auto thresholds = ThresholdsAt(precision, numerator, denominator)) return *std::move(thresholds);
  }
}

}  // namespace waymark::crypto::internal
