// Noised release of one item: the noise on the disjoint cells that catalogue/item_tables.h plans from public
// facts. Noise is discrete Laplace with q = exp(−ε/Δ), one ε for the item; or, where the item asks for a ρ,
// discrete Gaussian with σ² = Δ₂²/(2ρ) (Ghosh, Roughgarden, Sundararajan 2009 and
// Canonne, Kamath, Steinke 2020 for the laws).
//
// Noised values are whole, may be negative, and are never clamped here: that is the reader's to do.
// ε-differential privacy is for families added or removed whole. Someone who compares a family's presence
// with only one year of its records altered (a member moves from one cell to another) has at most twice ε, or
// four times ρ.
#ifndef WAYMARK_NODE_DISCLOSE_NOISE_H_
#define WAYMARK_NODE_DISCLOSE_NOISE_H_

#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "catalogue/item_tables.h"
#include "crypto/discrete_gaussian.h"
#include "crypto/discrete_laplace.h"
#include "crypto/random.h"
#include "proto/contract/round_spec.h"
#include "proto/contract/table.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

using catalogue::NoisePlan;
using catalogue::PlanNoise;

// The item's mechanism. Thread-safe once made.
class Noise {
 public:
  // INVALID_ARGUMENT where the item's ε or ρ is out of the samplers' range.
  static absl::StatusOr<Noise> Create(const contract::RoundItem& item, const NoisePlan& plan);
  explicit Noise(crypto::DiscreteLaplace law) : law_(std::move(law)) {}
  explicit Noise(crypto::DiscreteGaussian law) : law_(std::move(law)) {}
  absl::Status Sample(crypto::RandomSource& random, absl::Span<std::int64_t> out) const;
  // Of one sample from the exact law, in multiples of 2^−128.
  std::uint64_t distance() const;

 private:
  std::variant<crypto::DiscreteLaplace, crypto::DiscreteGaussian> law_;
};

// δ that `cells` samples of the item's mechanism leave, as a multiple of 2^−128, rounded up: (1 + e^ε) times
// their distances for an ε, and kDeltaOfDistance (budget.h) times for a ρ. RESOURCE_EXHAUSTED beyond 64 bits.
absl::StatusOr<std::uint64_t> DeltaLeft(const contract::RoundItem& item, const Noise& noise,
                                        std::uint64_t cells);

// The same for any mechanism, of whose samples one is within `distance` of its law.
absl::StatusOr<std::uint64_t> DeltaLeft(const contract::RoundItem& item, std::uint64_t distance,
                                        std::uint64_t cells);

// `exact`'s disjoint counts at the planned table's places (rows that the plan does not have are left out and
// counted). INTERNAL where the counts are impossible.
struct DisjointCells {
  std::vector<std::int64_t> values;  // row by row
  std::size_t dropped_rows = 0;
};
absl::StatusOr<DisjointCells> DisjointCellsOf(const v1::Metric& metric, const contract::Table& planned,
                                              const contract::Table& exact);

// The planned table with `exact`'s counts (rows that the plan does not have are left out: `dropped_rows` says
// how many, for the council alone) plus noise. INTERNAL where the counts are impossible or a sum leaves 64
// bits; the error of `random` where it fails: nothing of it may leave.
struct NoisedTable {
  contract::Table table;
  std::size_t dropped_rows = 0;
};
absl::StatusOr<NoisedTable> ProtectNoised(const v1::Metric& metric, const contract::Table& planned,
                                          const contract::Table& exact, const Noise& noise,
                                          crypto::RandomSource& random);

// What a reader should expect of one cell's noise, for people: computed in floating point.
struct ExpectedError {
  double standard_deviation = 0;
  std::int64_t radius_95 = 0;  // least r with P(|noise| > r) ≤ 0.05
};
ExpectedError ExpectedErrorOf(const contract::RoundItem& item, const NoisePlan& plan);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_NOISE_H_
