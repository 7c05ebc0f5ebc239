// Internal to crypto: the thresholds of DiscreteLaplace, by integer arithmetic alone.
#ifndef WAYMARK_CRYPTO_LAPLACE_THRESHOLDS_H_
#define WAYMARK_CRYPTO_LAPLACE_THRESHOLDS_H_

#include <cstdint>
#include <vector>

#include "crypto/borrow.h"

namespace waymark::crypto::internal {

// ⌊2^128 / (1 + exp(2^i · numerator/denominator))⌋ for i = 0, 1, … as long as it is not zero, each exactly.
// Requires 1 ≤ numerator, denominator ≤ 10^18 and numerator/denominator from 10^−9 to 100; the result then
// has at most 37 entries. Thread-safe.
std::vector<Uint128Parts> LaplaceThresholds(std::uint64_t numerator, std::uint64_t denominator);

}  // namespace waymark::crypto::internal

#endif  // WAYMARK_CRYPTO_LAPLACE_THRESHOLDS_H_
