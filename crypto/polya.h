// A node's share of distributed discrete Laplace noise: X − Y, with X and Y independent and negative binomial
// (Pólya) of shape 1/h and q = exp(−ε/Δ). The sum of h such shares is a difference of two geometric
// variables, that is discrete Laplace noise (discrete_laplace.h) exactly: ε-differential privacy with nobody
// knowing the noise. The sum of n shares has n/h times its variance. Source: Ács, Castelluccia, "I Have a
// DREAM! (DiffeRentially privatE smArt Metering)" (2011), and Goryczka, Xiong, "A Comprehensive Comparison of
// Multiparty Secure Additions with Differential Privacy" (2015), there with Pólya variables.
//
// X is the number of cumulative thresholds ⌊2^128·P(X ≤ k)⌋, computed in integer arithmetic, that a uniform
// 128-bit integer reaches; every threshold is compared for every sample, so a sample takes the same
// operations whatever its value. What the finite thresholds leave is a statistical distance t of at most
// delta_units_of_2_to_minus_128() for each sample of a share, h · t for that of the sum of h; a release of k
// samples is then (ε, δ)-private with δ = (1 + e^ε) · k · h · t.
#ifndef WAYMARK_CRYPTO_POLYA_H_
#define WAYMARK_CRYPTO_POLYA_H_

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "crypto/random.h"
#include "crypto/threshold_table.h"

namespace waymark::crypto {

// ε as a fraction, Δ, and h: how many shares make up the noise that the guarantee needs.
struct PolyaParameters {
  std::uint64_t epsilon_numerator = 0;
  std::uint64_t epsilon_denominator = 1;
  std::uint64_t sensitivity = 0;
  std::uint32_t honest_shares = 0;
};

// Thread-safe once made.
class PolyaShare {
 public:
  // The parts of ε and Δ: 1 to 10^9 each; ε/Δ from 1/225 to 100, below which the table would have more than
  // 20,000 thresholds; h from 1 to 10,000. INVALID_ARGUMENT otherwise. Takes about 40 ms at the most.
  static absl::StatusOr<PolyaShare> Create(const PolyaParameters& parameters);

  // Fills `out` with independent samples. The error of `random` where it fails: `out` is then all zeros
  // and must not be used.
  absl::Status Sample(RandomSource& random, absl::Span<std::int64_t> out) const;

  // An upper bound of the statistical distance of one sample from the exact law, as a multiple of 2^−128
  // (whole number).
  std::uint64_t delta_units_of_2_to_minus_128() const;

 private:
  explicit PolyaShare(internal::ThresholdTable thresholds) : thresholds_(std::move(thresholds)) {}
  internal::ThresholdTable thresholds_;  // of X
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_POLYA_H_
