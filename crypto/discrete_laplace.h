// Exact discrete Laplace noise: P(X = x) = (1 − q)/(1 + q) · q^|x| with q = exp(−ε/Δ), x whole.
//
// The difference of two independent geometric variables has this law. The bits of a geometric variable are
// independent: bit i is 1 with probability 1/(1 + q^(−2^i)). Each is drawn by comparing a 128-bit uniform
// integer with a threshold that was computed in integer arithmetic and rounded down, so a sample takes the
// same operations whatever its value. What the finite thresholds leave is a statistical distance t of at most
// delta_units_of_2_to_minus_128() for each sample; a release of k samples is (ε, δ)-private with δ = (1 +
// e^ε) · k · t, which is to be charged. Sources: Canonne, Kamath, Steinke, "The Discrete Gaussian for
// Differential Privacy" (2020); Ghosh, Roughgarden, Sundararajan, "Universally Utility-Maximizing Privacy
// Mechanisms" (2009).
#ifndef WAYMARK_CRYPTO_DISCRETE_LAPLACE_H_
#define WAYMARK_CRYPTO_DISCRETE_LAPLACE_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "crypto/random.h"

namespace waymark::crypto {

// ε as a fraction of whole numbers.
struct Epsilon {
  std::uint64_t numerator = 0;
  std::uint64_t denominator = 1;
};

// Thread-safe once made.
class DiscreteLaplace {
 public:
  // ε and Δ: each part 1 to 10^9, and ε/Δ from 10^−9 to 100; INVALID_ARGUMENT otherwise.
  static absl::StatusOr<DiscreteLaplace> Create(Epsilon epsilon, std::uint64_t sensitivity);

  // Fills `out` with independent samples. The error of `random` where it fails: `out` is then all zeros
  // and must not be used.
  absl::Status Sample(RandomSource& random, absl::Span<std::int64_t> out) const;

  // An upper bound of the statistical distance of one sample from the exact law, as a multiple of 2^−128
  // (whole number).
  std::uint64_t delta_units_of_2_to_minus_128() const;

 private:
  struct Threshold {
    std::uint64_t high;
    std::uint64_t low;
  };
  explicit DiscreteLaplace(std::vector<Threshold> thresholds) : thresholds_(std::move(thresholds)) {}
  std::int64_t Geometric(const std::uint8_t* uniform) const;
  std::vector<Threshold>
      thresholds_;  // bit i of a geometric variable is 1 where a uniform 128-bit integer is below
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_DISCRETE_LAPLACE_H_
