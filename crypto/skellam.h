// A node's share of distributed Skellam noise: X − Y, with X and Y independent Poisson variables of mean
// μ/(2h). Shares add up within the family: the sum of h is Skellam noise of variance μ exactly, that of n has
// variance n·μ/h. What it protects: Agarwal, Kairouz, Liu, "The Skellam Mechanism for Differentially Private
// Federated Learning" (2021); the budget is the caller's matter.
//
// X is the number of cumulative thresholds that a uniform 128-bit integer reaches, as in polya.h, but for
// those that are 0: they add the same to X and Y.
#ifndef WAYMARK_CRYPTO_SKELLAM_H_
#define WAYMARK_CRYPTO_SKELLAM_H_

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "crypto/random.h"
#include "crypto/threshold_table.h"

namespace waymark::crypto {

// μ as a fraction, and h: how many shares have that variance together.
struct SkellamParameters {
  std::uint64_t variance_numerator = 0;
  std::uint64_t variance_denominator = 1;
  std::uint32_t honest_shares = 0;
};

// Thread-safe once made.
class SkellamShare {
 public:
  // The parts of μ: 1 to 10^18 each; h from 1 to 10,000; μ at least 1/100, and μ/h at most 10^6, above which
  // the table would have more than 20,000 thresholds. INVALID_ARGUMENT otherwise. Takes about 40 ms at the
  // most.
  static absl::StatusOr<SkellamShare> Create(const SkellamParameters& parameters);

  // Fills `out` with independent samples. The error of `random` where it fails: `out` is then all zeros
  // and must not be used.
  absl::Status Sample(RandomSource& random, absl::Span<std::int64_t> out) const;

  // An upper bound of the statistical distance of one sample from the exact law, as a multiple of 2^−128
  // (whole number).
  std::uint64_t delta_units_of_2_to_minus_128() const;

 private:
  explicit SkellamShare(internal::ThresholdTable thresholds) : thresholds_(std::move(thresholds)) {}
  internal::ThresholdTable thresholds_;  // of X
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SKELLAM_H_
