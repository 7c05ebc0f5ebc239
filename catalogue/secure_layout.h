// The vector of a secure sum: which cell of which table stands at which place. Made from public facts, so
// every council and the coordinator come to the same one. Pure; thread-safe.
#ifndef WAYMARK_CATALOGUE_SECURE_LAYOUT_H_
#define WAYMARK_CATALOGUE_SECURE_LAYOUT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "catalogue/item_tables.h"
#include "proto/contract/round_spec.h"
#include "proto/contract/secure_session.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

inline constexpr std::uint64_t kMostSummedCells = 2'000'000;

// One item's cells, table by table, row by row: the disjoint counts, then, where it asks for a distribution,
// the councils' bands (council_bands.h), then, where it asks for expected values, the moments
// (deprivation_moments.h). Each has its own noise: discrete Laplace, or Skellam of a variance above 0.
struct SecureCells {
  NoisePlan plan{};  // no cells: not asked for
  std::uint64_t variance = 0;
};
struct SecureItem {
  SecureCells counts;
  SecureCells bands;
  SecureCells moments;

  std::uint64_t cells() const { return counts.plan.cells + bands.plan.cells + moments.plan.cells; }
};

struct SecureLayout {
  std::vector<SecureItem> items;  // by the spec's items
  std::uint64_t cells = 0;        // of all items

  bool is_weighted() const;  // whether some item has moments
};

// The variance μ of Skellam noise, the least whole number for which its Rényi divergence of every whole order
// α ≥ 2 is at most ρα where one family alters the cells by Δ₁ in all and Δ₂² in squares:
//   Δ₂²/(2μ) + (Δ₂² + 3Δ₁)/(2μ²) ≤ ρ,
// since αΔ₂²/(2μ) + ((2α − 1)Δ₂² + 6Δ₁)/(4μ²) (Agarwal, Kairouz, Liu 2021, theorem 3.5) is at most α times
// the left side. FAILED_PRECONDITION where it would be above 10^10.
struct Rho {
  std::uint64_t numerator = 0;
  std::uint64_t denominator = 1;
};
absl::StatusOr<std::uint64_t> SkellamVariance(Rho rho, const NoisePlan& plan);

// `definitions`: of the spec's items, in order. The errors of PlanNoise, PlanCouncilBands, PlanMoments and
// SkellamVariance; FAILED_PRECONDITION above kMostSummedCells.
absl::StatusOr<SecureLayout> LayOut(const contract::RoundSpec& spec,
                                    absl::Span<const v1::Metric* const> definitions);

// What is summed, for the session. Its hash is SHA-256 over the round's spec hash (32 bytes), the part of the
// roster and the layout, under the label "waymark/v1/secure-sum-spec".
contract::SummedVector VectorOf(absl::string_view spec_hash, absl::string_view part,
                                const SecureLayout& layout);

// The item's tables, in the order of SecureItem, with one council's cells as they are summed: the last column
// of a proportion is of those without the first outcome. As many cells as the item has.
std::vector<contract::Table> WithCells(const SecureItem& item, absl::Span<const std::int64_t> cells);

// One item's tables with what the cells hold; the denominators of proportions are restored.
struct SummedTables {
  std::vector<contract::Table> counts;
  std::vector<contract::Table> bands;
  std::vector<contract::Table> moments;
};

// By item. INVALID_ARGUMENT where the number of cells is not the layout's; OUT_OF_RANGE where a sum is beyond
// a cell's bound.
absl::StatusOr<std::vector<SummedTables>> TablesFromCells(const SecureLayout& layout,
                                                          absl::Span<const v1::Metric* const> definitions,
                                                          absl::Span<const std::int64_t> cells);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_SECURE_LAYOUT_H_
