// ItemAnswerer's part in secure sums.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "catalogue/council_bands.h"
#include "catalogue/deprivation_moments.h"
#include "crypto/hash.h"
#include "node/disclose/item_answer.h"

namespace waymark::node {
namespace {

// Without numbers yet, and how far the sum is from its law: as far as all honest shares together.
struct Prepared {
  std::vector<UnmaskedCells> cells;
  absl::uint128 distance = 0;

  absl::Status Add(const catalogue::SecureCells& laid, Fraction epsilon, std::uint32_t honest_shares) {
    if (laid.plan.cells == 0) return absl::OkStatus();
    ASSIGN_OR_RETURN(Noise noise, Noise::ShareOf(laid, epsilon, honest_shares));
    distance += absl::uint128(noise.distance()) * honest_shares * laid.plan.cells;
    cells.push_back({.counts = {}, .noise = std::move(noise)});
    return absl::OkStatus();
  }
};

absl::StatusOr<Prepared> Prepare(const contract::RoundItem& item, const catalogue::SecureItem& laid,
                                 std::uint32_t honest_shares) {
  Prepared prepared;
  RETURN_IF_ERROR(
      prepared.Add(laid.counts, {item.epsilon_numerator, item.epsilon_denominator}, honest_shares));
  RETURN_IF_ERROR(prepared.Add(laid.bands,
                               {item.distribution_epsilon_numerator, item.distribution_epsilon_denominator},
                               honest_shares));
  RETURN_IF_ERROR(prepared.Add(laid.moments, {}, honest_shares));
  if (absl::Uint128High64(prepared.distance) == 0) return prepared;
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
      .absence = v1::ABSENCE_BELOW_FLOORS,
      .rule = "policy",
      .explanation = absl::StrCat("metric ", claim.metric, " is asked for with ", DescribeCharge(claim),
                                  "; floors.most_sum_epsilon is ", FormatFraction(most))};
}

void Append(const std::vector<std::int64_t>& values, std::vector<std::int64_t>& out) {
  out.insert(out.end(), values.begin(), values.end());
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
  const ItemCheck check = Check(item);
  if (check.refusal) return SummedItem{.refusal = check.refusal};
  const Query query{.spec = spec,
                    .item = item,
                    .metric = *check.metric,
                    .hash = crypto::Sha256(contract::CanonicalQuery(item, spec.data_version))};
  SummedItem summed;
  ASSIGN_OR_RETURN(Prepared prepared, Prepare(item, laid, layout.honest_shares));
  summed.cells = std::move(prepared.cells);
  summed.sum.query_hash = query.hash;
  ASSIGN_OR_RETURN(summed.sum.claim, ClaimOf(query.metric, item, spec.data_version, Today(), 0));
  if (auto refusal = TooLittleNoise(summed.sum.claim, parts_.policy.floors().most_sum_epsilon)) {
    return SummedItem{.refusal = std::move(refusal)};
  }
  const Claim& claim = summed.sum.claim;
  ASSIGN_OR_RETURN(summed.sum.claim.delta, DeltaOfDistance(claim.rho_charge == 0 ? claim.epsilon : Fraction{},
                                                           absl::Uint128Low64(prepared.distance)));
  ASSIGN_OR_RETURN(const Complete exact, Measure(query, tables));
  if (exact.missing) return SummedItem{.refusal = exact.missing};
  summed.clamping = exact.clamping;
  std::vector<std::int64_t>& counts = summed.cells.front().counts;
  for (const contract::Table& planned : laid.counts.plan.tables) {
    const contract::Table* const table = WholeTable(exact.tables, planned);
    if (table == nullptr) return SummedItem{.refusal = Incomplete(item.metric)};
    ASSIGN_OR_RETURN(const DisjointCells cells, DisjointCellsOf(query.metric, planned, *table));
    for (const std::int64_t count : cells.values) {
      summed.clamped += count > catalogue::kMostSummedCount ? 1 : 0;
      counts.push_back(std::min(count, catalogue::kMostSummedCount));
    }
  }
  // The tables of both are among those above.
  std::size_t group = 1;
  for (contract::Table bands : laid.bands.plan.tables) {
    RETURN_IF_ERROR(catalogue::MarkBands(query.metric, *WholeTable(exact.tables, bands), bands));
    Append(bands.values, summed.cells[group].counts);
  }
  if (laid.bands.plan.cells > 0) ++group;
  for (contract::Table moments : laid.moments.plan.tables) {
    const contract::Table& table = *WholeTable(exact.tables, moments);
    if (layout.deprivation != 0) {
      RETURN_IF_ERROR(catalogue::FillMoments(query.metric, table, layout.deprivation, moments));
    }
    Append(moments.values, summed.cells[group].counts);
  }
  return summed;
}

}  // namespace waymark::node
