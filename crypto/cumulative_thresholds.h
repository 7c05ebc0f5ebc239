// Internal to crypto: thresholds ⌊2^128·P(X ≤ k)⌋ of a law on 0, 1, 2, …, from its weights, by integer
// arithmetic alone.
#ifndef WAYMARK_CRYPTO_CUMULATIVE_THRESHOLDS_H_
#define WAYMARK_CRYPTO_CUMULATIVE_THRESHOLDS_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/borrow.h"
#include "crypto/exact_interval.h"

namespace waymark::crypto::internal {

// To `precision` bits: numbers proportional to P(X = 0), P(X = 1), …, and as the last, from 0 to a bound of
// it, everything beyond.
using WeightsOfLaw = std::function<std::vector<ExactInterval>(unsigned precision)>;

// For k = 0, 1, … as long as P(X > k) > 2^−128, each exactly: P(X ≤ k) = A/(A + B), where A is what is within
// and B what is beyond, so its bounds come from theirs, and where both bounds have one floor that is the
// threshold. Else the precision is doubled. INTERNAL where no precision tried settles a threshold, which no
// law here is known to do: 2^128·P(X ≤ k) is never a whole number, each being an algebraic function of exp of
// a rational number other than 0, which is transcendental (Lindemann). Thread-safe.
absl::StatusOr<std::vector<Uint128Parts>> CumulativeThresholds(const WeightsOfLaw& weights);

}  // namespace waymark::crypto::internal

#endif  // WAYMARK_CRYPTO_CUMULATIVE_THRESHOLDS_H_
