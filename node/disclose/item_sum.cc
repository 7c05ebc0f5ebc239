// ItemAnswerer's part in secure sums.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "catalogue/council_bands.h"
#include "crypto/hash.h"
#include "node/disclose/item_answer.h"

namespace waymark::node {
namespace {

absl::StatusOr<std::vector<UnmaskedCells>> NoNumbersYet(const contract::RoundItem& item,
                                                        const catalogue::SecureItem& laid,
                                                        std::uint32_t honest_shares) {
  std::vector<UnmaskedCells> cells;
  ASSIGN_OR_RETURN(Noise counts, Noise::ShareOfCounts(item, laid, honest_shares));
  cells.push_back({.counts = {}, .noise = std::move(counts)});
  if (laid.bands.cells == 0) return cells;
  ASSIGN_OR_RETURN(Noise bands, Noise::ShareOfBands(item, laid, honest_shares));
  cells.push_back({.counts = {}, .noise = std::move(bands)});
  return cells;
}

// How far the sum is from its law: as far as all honest shares together.
absl::StatusOr<std::uint64_t> DistanceOf(const std::vector<UnmaskedCells>& cells,
                                         const catalogue::SecureItem& laid, std::uint32_t honest_shares) {
  absl::uint128 distance = absl::uint128(cells.front().noise.distance()) * honest_shares * laid.counts.cells;
  if (cells.size() > 1)
    distance += absl::uint128(cells[1].noise.distance()) * honest_shares * laid.bands.cells;
  if (absl::Uint128High64(distance) == 0) return absl::Uint128Low64(distance);
  return absl::ResourceExhaustedError("more cells than the samplers' precision is enough for");
}

ItemRefusal Incomplete(const std::string& metric) {
  return {.absence = v1::ABSENCE_NOT_AVAILABLE,
          .rule = "completeness",
          .explanation = absl::StrCat("metric ", metric,
                                      ": the sources do not fill every column, and a zero in its place would "
                                      "alter the region's figure")};
}

// Noise below the policy's floor.
std::optional<ItemRefusal> TooLittleNoise(const Claim& claim, Fraction most) {
  const bool within = !ExceedsCap(claim.charge, most) && !ExceedsCap(claim.rho_charge, most);
  if (most.numerator == 0 || within) return std::nullopt;
  return ItemRefusal{
      .rule = "policy",
      .explanation = absl::StrCat("metric ", claim.metric, " is asked for with ", DescribeCharge(claim),
                                  "; floors.most_sum_epsilon is ", FormatFraction(most))};
}

// The exact table at the planned one's place, where every cell of it is known.
const contract::Table* WholeTable(const std::vector<contract::Table>& exact, const contract::Table& planned) {
  const auto table =
      std::find_if(exact.begin(), exact.end(), [&](const auto& one) { return KeyOf(one) == KeyOf(planned); });
  if (table == exact.end()) return nullptr;
  const bool is_whole = std::all_of(table->status.begin(), table->status.end(),
                                    [](v1::CellStatus status) { return status == v1::CELL_STATUS_SHOWN; });
  return is_whole ? &*table : nullptr;
}

}  // namespace

absl::StatusOr<SummedItem> ItemAnswerer::PrepareSum(const contract::RoundSpec& spec, std::size_t index,
                                                    const SumLayout& layout, ItemTables& tables) const {
  const contract::RoundItem& item = spec.items[index];
  const catalogue::SecureItem& laid = layout.cells.items[index];
  const ItemCheck check = CheckItem(item, parts_.library, parts_.policy);
  if (check.refusal) return SummedItem{.refusal = check.refusal};
  const Query query{.spec = spec,
                    .item = item,
                    .metric = *check.metric,
                    .hash = crypto::Sha256(contract::CanonicalQuery(item, spec.data_version))};
  SummedItem summed;
  ASSIGN_OR_RETURN(summed.cells, NoNumbersYet(item, laid, layout.honest_shares));
  ASSIGN_OR_RETURN(const std::uint64_t distance, DistanceOf(summed.cells, laid, layout.honest_shares));
  summed.sum.query_hash = query.hash;
  ASSIGN_OR_RETURN(summed.sum.claim, ClaimOf(query.metric, item, spec.data_version, Today(), 0));
  if (auto refusal = TooLittleNoise(summed.sum.claim, parts_.policy.floors().most_sum_epsilon)) {
    return SummedItem{.refusal = std::move(refusal)};
  }
  ASSIGN_OR_RETURN(
      summed.sum.claim.delta,
      DeltaOfDistance(item.rho_numerator == 0 ? summed.sum.claim.epsilon : Fraction{}, distance));
  ASSIGN_OR_RETURN(const Complete exact, Measure(query, tables));
  if (exact.missing) return SummedItem{.refusal = exact.missing};
  std::vector<std::int64_t>& counts = summed.cells.front().counts;
  for (const contract::Table& planned : laid.counts.tables) {
    const contract::Table* const table = WholeTable(exact.tables, planned);
    if (table == nullptr) return SummedItem{.refusal = Incomplete(item.metric)};
    ASSIGN_OR_RETURN(const DisjointCells cells, DisjointCellsOf(query.metric, planned, *table));
    for (const std::int64_t count : cells.values) {
      summed.clamped += count > catalogue::kMostSummedCount ? 1 : 0;
      counts.push_back(std::min(count, catalogue::kMostSummedCount));
    }
  }
  for (contract::Table bands : laid.bands.tables) {
    // Its tables are among those above.
    RETURN_IF_ERROR(catalogue::MarkBands(query.metric, *WholeTable(exact.tables, bands), bands));
    std::vector<std::int64_t>& ones = summed.cells.back().counts;
    ones.insert(ones.end(), bands.values.begin(), bands.values.end());
  }
  return summed;
}

}  // namespace waymark::node
