// Exact discrete Gaussian noise: P(X = x) proportional to exp(−x²/(2σ²)), x whole. Added to whole numbers
// that one family can change by Δ₂ in Euclid's norm, it is ρ-zero-concentrated differentially private with ρ
// = Δ₂²/(2σ²) (Canonne, Kamath, Steinke, "The Discrete Gaussian for Differential Privacy", 2020, theorem 14).
//
// |X| is the number of cumulative thresholds ⌊2^128·P(|X| ≤ k)⌋, computed in integer arithmetic, that a
// uniform 128-bit integer reaches. Every threshold is looked at for every sample, so a sample takes the same
// operations whatever its value; a further random bit is the sign. What the finite thresholds leave is a
// statistical distance t of at most delta_units_of_2_to_minus_128() for each sample; k samples of a release
// whose guarantee is (ε, δ) then have (ε, δ + (1 + e^ε)·k·t), which is to be charged.
#ifndef WAYMARK_CRYPTO_DISCRETE_GAUSSIAN_H_
#define WAYMARK_CRYPTO_DISCRETE_GAUSSIAN_H_

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "crypto/random.h"
#include "crypto/threshold_table.h"

namespace waymark::crypto {

// σ² as a fraction of whole numbers.
struct Variance {
  std::uint64_t numerator = 0;
  std::uint64_t denominator = 1;
};

// Thread-safe once made.
class DiscreteGaussian {
 public:
  // Each part 1 to 10^18, and σ² from 1/100 to 10^6; INVALID_ARGUMENT otherwise. Takes about 30 μs for each
  // unit of σ.
  static absl::StatusOr<DiscreteGaussian> Create(Variance variance);

  // Fills `out` with independent samples. The error of `random` where it fails: `out` is then all zeros
  // and must not be used.
  absl::Status Sample(RandomSource& random, absl::Span<std::int64_t> out) const;

  // An upper bound of the statistical distance of one sample from the exact law, as a multiple of 2^−128
  // (whole number).
  std::uint64_t delta_units_of_2_to_minus_128() const;

 private:
  explicit DiscreteGaussian(internal::ThresholdTable thresholds) : thresholds_(std::move(thresholds)) {}
  void SampleBlock(const std::uint8_t* uniform, std::int64_t* out) const;
  internal::ThresholdTable thresholds_;  // of |X|
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_DISCRETE_GAUSSIAN_H_
