// Noised release of one item: which cells there will be, how far one family can move them all together, and
// the noise.
//
// The plan is made from public facts (definition, item, code lists), never from counts. Δ is the sum over the
// item's tables of (members of one family that count in it) × (cells that one member touches): members are
// bounded by the definition's contribution_bound, and by 1 in a table of families without dimensions, where a
// family counts once. Noise is discrete Laplace with q = exp(−ε/Δ), one ε for the item; or, where the item
// asks for a ρ, discrete Gaussian with σ² = Δ₂²/(2ρ), Δ₂² being the sum of (members)² × (cells), since all of
// a family's members may count in the same cells. On disjoint cells only (disclosure.md, "Noised"; Dwork,
// Roth, 2014, theorem 3.6; Ghosh, Roughgarden, Sundararajan 2009 and Canonne, Kamath, Steinke 2020 for the
// laws):
//
// - PROPORTION: each outcome's "yes" cell and the first outcome's "no" cell; the released denominator is the
//   sum of the first outcome's noised yes and no. (A noised denominator beside its numerators would count
//   every member twice in Δ.)
// - MIX, DURATION, SURVIVAL: every cell; they partition the members.
// - TRANSITION, QUALITY: refused: person-days, and records a field, have no bound a family.
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
#include "crypto/discrete_gaussian.h"
#include "crypto/discrete_laplace.h"
#include "crypto/random.h"
#include "proto/contract/round_spec.h"
#include "proto/contract/table.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

struct NoisePlan {
  // Every table of the item, in the order of node/measure: breakdown × window × unit, "all" first; all cells
  // zero.
  std::vector<contract::Table> tables{};
  std::uint64_t sensitivity = 0;         // Δ, at least 1
  std::uint64_t sensitivity_square = 0;  // Δ₂², at least 1
  std::uint64_t cells = 0;               // of all tables; each takes one sample of noise
};

// FAILED_PRECONDITION where the item cannot leave noised (its kind, a dimension without public codes, or too
// many cells); the message says why, for the council.
absl::StatusOr<NoisePlan> PlanNoise(const v1::Metric& metric, const contract::RoundItem& item);

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
