// Internal to crypto: the thresholds of DiscreteGaussian, by integer arithmetic alone.
#ifndef WAYMARK_CRYPTO_GAUSSIAN_THRESHOLDS_H_
#define WAYMARK_CRYPTO_GAUSSIAN_THRESHOLDS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/borrow.h"

namespace waymark::crypto::internal {

// ⌊2^128 · P(|X| ≤ k)⌋ for k = 0, 1, … as long as P(|X| > k) > 2^−128, each exactly, where P(X = x) is
// proportional to exp(−x²/(2σ²)) over the whole numbers and σ² = numerator/denominator. Requires 1 ≤
// numerator, denominator ≤ 10^18 and σ² from 1/100 to 10^6; the result has about 13.4σ entries. INTERNAL
// where no precision tried settles a threshold, which no σ² is known to do. Thread-safe.
absl::StatusOr<std::vector<Uint128Parts>> GaussianThresholds(std::uint64_t numerator,
                                                             std::uint64_t denominator);

}  // namespace waymark::crypto::internal

#endif  // WAYMARK_CRYPTO_GAUSSIAN_THRESHOLDS_H_
