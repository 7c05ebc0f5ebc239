// Noise on the disjoint cells that catalogue/item_tables.h plans from public facts. It is discrete Laplace
// with q = exp(−ε/Δ), one ε for the item; or, where the item asks for a ρ, discrete Gaussian with σ² =
// Δ₂²/(2ρ) (Ghosh, Roughgarden, Sundararajan 2009 and Canonne, Kamath, Steinke 2020 for the laws). In a
// secure sum it is a share of the same discrete Laplace noise, or with a ρ of Skellam noise.
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
#include "catalogue/secure_layout.h"
#include "crypto/discrete_gaussian.h"
#include "crypto/discrete_laplace.h"
#include "crypto/polya.h"
#include "crypto/random.h"
#include "crypto/skellam.h"
#include "node/disclose/epsilon.h"
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
  // In a secure sum: this council's share of the noise on some of an item's cells, discrete Laplace with this
  // ε, or Skellam where they have a variance. Any `honest_shares` together are the whole.
  static absl::StatusOr<Noise> ShareOf(const catalogue::SecureCells& cells, Fraction epsilon,
                                       std::uint32_t honest_shares);
  using Law = std::variant<crypto::DiscreteLaplace, crypto::DiscreteGaussian, crypto::PolyaShare,
                           crypto::SkellamShare>;
  explicit Noise(Law law) : law_(std::move(law)) {}
  absl::Status Sample(crypto::RandomSource& random, absl::Span<std::int64_t> out) const;
  // Of one sample from the exact law, in multiples of 2^−128.
  std::uint64_t distance() const;

 private:
  Law law_;
};

// δ that `cells` samples of the item's mechanism leave, as a multiple of 2^−128, rounded up: (1 + e^ε) times
// their distances for an ε, and kDeltaOfDistance (budget.h) times for a ρ. RESOURCE_EXHAUSTED beyond 64 bits.
absl::StatusOr<std::uint64_t> DeltaLeft(const contract::RoundItem& item, const Noise& noise,
                                        std::uint64_t cells);

// The same of samples that are within `distance` of their laws together; ε = 0: there is a ρ.
absl::StatusOr<std::uint64_t> DeltaOfDistance(Fraction epsilon, std::uint64_t distance);

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
// The same of one count in a secure sum, of the honest shares that are certain. More councils add to it.
ExpectedError ExpectedErrorOf(const contract::RoundItem& item, const catalogue::SecureCells& counts);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_NOISE_H_
