// Internal to crypto: the thresholds of PolyaShare and SkellamShare, by integer arithmetic alone.
#ifndef WAYMARK_CRYPTO_SHARE_THRESHOLDS_H_
#define WAYMARK_CRYPTO_SHARE_THRESHOLDS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/borrow.h"

namespace waymark::crypto::internal {

// Of the negative binomial (Pólya) law of shape 1/h: P(X = 0) = (1 − q)^(1/h) and P(X = k + 1) = P(X = k) · q
// · (k + 1/h)/(k + 1), with q = exp(−numerator/denominator). ⌊2^128·P(X ≤ k)⌋ for k = 0, 1, … as long as P(X
// > k) > 2^−128, each exactly. Requires 1 ≤ numerator, denominator ≤ 10^18, numerator/denominator from 1/225
// to 100, h from 1; the result has at most 88.8 · denominator/numerator + 1 entries, and fewer with greater
// h. INTERNAL as CumulativeThresholds. Thread-safe.
absl::StatusOr<std::vector<Uint128Parts>> PolyaThresholds(std::uint64_t numerator, std::uint64_t denominator,
                                                          std::uint32_t h);

// Of Poisson's law with mean λ = numerator/(denominator · divisor), all at least 1, λ at most 500,000.
// ⌊2^128·P(X ≤ k)⌋ from the first k for which it is not 0, on as above; about 26 √λ entries where λ is large.
absl::StatusOr<std::vector<Uint128Parts>> PoissonThresholds(std::uint64_t numerator,
                                                            std::uint64_t denominator, std::uint32_t divisor);

}  // namespace waymark::crypto::internal

#endif  // WAYMARK_CRYPTO_SHARE_THRESHOLDS_H_
