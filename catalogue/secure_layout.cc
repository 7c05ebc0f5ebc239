#include "catalogue/secure_layout.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/canonical.h"
#include "base/status.h"
#include "catalogue/council_bands.h"
#include "catalogue/deprivation_moments.h"
#include "crypto/hash.h"
#include "proto/contract/table.h"

namespace waymark::catalogue {
namespace {

constexpr std::uint64_t kMostVariance = 10'000'000'000;

void WriteCells(const SecureCells& cells, CanonicalWriter& out) {
  out.Unsigned(cells.plan.sensitivity).Unsigned(cells.variance).Count(cells.plan.tables.size());
  for (const contract::Table& table : cells.plan.tables) contract::WriteCanonical(table, out);
}

std::vector<contract::Table> Filled(const SecureCells& planned, absl::Span<const std::int64_t>& cells) {
  std::vector<contract::Table> tables = planned.plan.tables;
  for (contract::Table& table : tables) {
    std::copy_n(cells.begin(), table.values.size(), table.values.begin());
    cells.remove_prefix(table.values.size());
  }
  return tables;
}

}  // namespace

bool SecureLayout::is_weighted() const {
  return std::any_of(items.begin(), items.end(),
                     [](const SecureItem& item) { return item.moments.plan.cells > 0; });
}

absl::StatusOr<std::uint64_t> SkellamVariance(Rho rho, const NoisePlan& plan) {
  const absl::uint128 square = plan.sensitivity_square;
  const absl::uint128 rest = square + 3 * absl::uint128(plan.sensitivity);
  // 2ρμ² ≥ Δ₂²μ + Δ₂² + 3Δ₁, multiplied by ρ's denominator; nothing here comes near 2^128.
  const auto suffices = [&](std::uint64_t variance) {
    return 2 * absl::uint128(rho.numerator) * variance * variance >=
           rho.denominator * (square * variance + rest);
  };
  if (!suffices(kMostVariance)) {
    return absl::FailedPreconditionError(absl::StrCat("metric ",
                                                      plan.tables.empty() ? "" : plan.tables.front().metric,
                                                      ": rho is too small for noise that can be drawn"));
  }
  std::uint64_t low = 0;  // does not suffice
  std::uint64_t high = kMostVariance;
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (suffices(middle) ? high : low) = middle;
  }
  return high;
}

absl::StatusOr<SecureLayout> LayOut(const contract::RoundSpec& spec,
                                    absl::Span<const v1::Metric* const> definitions) {
  SecureLayout layout;
  for (std::size_t i = 0; i < spec.items.size(); ++i) {
    const contract::RoundItem& item = spec.items[i];
    SecureItem& laid = layout.items.emplace_back();
    ASSIGN_OR_RETURN(laid.counts.plan, PlanNoise(*definitions[i], item));
    if (item.rho_numerator != 0) {
      ASSIGN_OR_RETURN(laid.counts.variance,
                       SkellamVariance({item.rho_numerator, item.rho_denominator}, laid.counts.plan));
    }
    if (contract::AsksForDistribution(item)) {
      ASSIGN_OR_RETURN(laid.bands.plan, PlanCouncilBands(*definitions[i], item));
    }
    if (contract::AsksForExpected(item)) {
      ASSIGN_OR_RETURN(laid.moments.plan, PlanMoments(*definitions[i], item));
      ASSIGN_OR_RETURN(laid.moments.variance,
                       SkellamVariance({item.deprivation_rho_numerator, item.deprivation_rho_denominator},
                                       laid.moments.plan));
    }
    layout.cells += laid.cells();
  }
  if (layout.cells > kMostSummedCells) {
    return absl::FailedPreconditionError(absl::StrCat("the round asks for ", layout.cells, " cells, at most ",
                                                      kMostSummedCells, " are summed at once"));
  }
  return layout;
}

contract::SummedVector VectorOf(absl::string_view spec_hash, absl::string_view part,
                                const SecureLayout& layout) {
  CanonicalWriter out("waymark/v1/secure-sum-spec");
  out.Text(spec_hash).Text(part).Count(layout.items.size());
  for (const SecureItem& item : layout.items) {
    WriteCells(item.counts, out);
    WriteCells(item.bands, out);
    WriteCells(item.moments, out);
  }
  return {.spec_hash = crypto::Sha256(out.bytes()),
          .cells = layout.cells,
          .bound = static_cast<std::uint64_t>(kMostSummedCount) *
                   static_cast<std::uint64_t>(layout.is_weighted() ? kMostWeight * kMostWeight : 1),
          .is_weighted = layout.is_weighted()};
}

std::vector<contract::Table> WithCells(const SecureItem& item, absl::Span<const std::int64_t> cells) {
  std::vector<contract::Table> tables = Filled(item.counts, cells);
  for (contract::Table& table : Filled(item.bands, cells)) tables.push_back(std::move(table));
  for (contract::Table& table : Filled(item.moments, cells)) tables.push_back(std::move(table));
  return tables;
}

absl::StatusOr<std::vector<SummedTables>> TablesFromCells(const SecureLayout& layout,
                                                          absl::Span<const v1::Metric* const> definitions,
                                                          absl::Span<const std::int64_t> cells) {
  if (cells.size() != layout.cells) {
    return absl::InvalidArgumentError(
        absl::StrCat("a sum of ", cells.size(), " cells, expected ", layout.cells));
  }
  std::vector<SummedTables> items;
  for (std::size_t i = 0; i < layout.items.size(); ++i) {
    SummedTables& tables = items.emplace_back();
    tables.counts = Filled(layout.items[i].counts, cells);
    tables.bands = Filled(layout.items[i].bands, cells);
    tables.moments = Filled(layout.items[i].moments, cells);
    for (contract::Table& table : tables.counts) RETURN_IF_ERROR(RestoreTotals(*definitions[i], table));
  }
  return items;
}

}  // namespace waymark::catalogue
