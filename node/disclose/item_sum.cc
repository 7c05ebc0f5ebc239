// ItemAnswerer's part in secure sums.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "catalogue/secure_layout.h"
#include "crypto/hash.h"
#include "node/disclose/item_answer.h"

namespace waymark::node {

absl::StatusOr<SummedItem> ItemAnswerer::PrepareSum(const contract::RoundSpec& spec,
                                                    const contract::RoundItem& item,
                                                    std::uint32_t honest_shares, ItemTables& tables) const {
  const ItemCheck check = CheckItem(item, parts_.library, parts_.policy);
  if (check.refusal) return SummedItem{.refusal = check.refusal};
  const Query query{.spec = spec,
                    .item = item,
                    .metric = *check.metric,
                    .hash = crypto::Sha256(contract::CanonicalQuery(item, spec.data_version))};
  ASSIGN_OR_RETURN(const NoisePlan plan, PlanNoise(query.metric, item));
  SummedItem summed;
  ASSIGN_OR_RETURN(summed.noise, crypto::PolyaShare::Create({.epsilon_numerator = item.epsilon_numerator,
                                                             .epsilon_denominator = item.epsilon_denominator,
                                                             .sensitivity = plan.sensitivity,
                                                             .honest_shares = honest_shares}));
  // The sum is as far from its law as all honest shares together.
  ASSIGN_OR_RETURN(
      const std::uint64_t delta,
      DeltaLeft(item, honest_shares * summed.noise->delta_units_of_2_to_minus_128(), plan.cells));
  summed.sum.query_hash = query.hash;
  ASSIGN_OR_RETURN(summed.sum.claim, ClaimOf(query.metric, item, spec.data_version, Today(), delta));
  ASSIGN_OR_RETURN(const Complete exact, Measure(query, tables));
  if (exact.missing) return SummedItem{.refusal = exact.missing};
  for (const contract::Table& planned : plan.tables) {
    const auto table = std::find_if(exact.tables.begin(), exact.tables.end(),
                                    [&](const auto& one) { return KeyOf(one) == KeyOf(planned); });
    const bool is_whole = table != exact.tables.end() &&
                          std::all_of(table->status.begin(), table->status.end(),
                                      [](v1::CellStatus status) { return status == v1::CELL_STATUS_SHOWN; });
    if (!is_whole) {
      return SummedItem{.refusal = ItemRefusal{.absence = v1::ABSENCE_NOT_AVAILABLE,
                                               .rule = "completeness",
                                               .explanation = absl::StrCat(
                                                   "metric ", item.metric,
                                                   ": the sources do not fill every column, and a zero in "
                                                   "its place would alter the region's figure")}};
    }
    ASSIGN_OR_RETURN(const DisjointCells cells, DisjointCellsOf(query.metric, planned, *table));
    for (const std::int64_t count : cells.values) {
      summed.clamped += count > catalogue::kMostSummedCount ? 1 : 0;
      summed.counts.push_back(std::min(count, catalogue::kMostSummedCount));
    }
  }
  return summed;
}

}  // namespace waymark::node
