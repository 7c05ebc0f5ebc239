#include "node/disclose/plan.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/disclose/request.h"

namespace waymark::node {
namespace {

// Everything of an item but whether the budget holds it.
absl::StatusOr<PlannedItem> Prepared(const contract::RoundItem& item, const v1::Metric& metric, Day today) {
  ASSIGN_OR_RETURN(const NoisePlan plan, PlanNoise(metric, item));
  ASSIGN_OR_RETURN(const Noise noise, Noise::Create(item, plan));
  ASSIGN_OR_RETURN(const std::uint64_t delta, DeltaLeft(item, noise, plan.cells));
  ASSIGN_OR_RETURN(Claim claim, ClaimOf(metric, item, 1, today, delta));
  return PlannedItem{.item = item,
                     .claim = std::move(claim),
                     .cells = plan.cells,
                     .error = ExpectedErrorOf(item, plan),
                     .refused = std::nullopt};
}

std::uint64_t MostInAYear(const std::vector<LedgerEntry>& entries) {
  std::map<int, std::uint64_t> years;
  std::uint64_t most = 0;
  for (const LedgerEntry& entry : entries) {
    if (!IsCharge(entry)) continue;
    for (int year = entry.claim.first_year; year <= entry.claim.last_year; ++year) {
      most = std::max(most, ++years[year]);
    }
  }
  return most;
}

}  // namespace

absl::StatusOr<BudgetPlan> PlanBudget(const std::vector<contract::RoundItem>& schedule,
                                      const std::vector<LedgerEntry>& entries, const BudgetLimits& limits,
                                      const catalogue::Library& library, Day today) {
  BudgetPlan plan;
  std::vector<LedgerEntry> so_far = entries;
  for (const contract::RoundItem& item : schedule) {
    const v1::Metric* metric = library.Find(item.metric);
    if (metric == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("the catalogue has no entry \"", item.metric, "\"; `waymark metrics` lists them"));
    }
    auto prepared = Prepared(item, *metric, today);
    if (!prepared.ok()) {
      PlannedItem refused;
      refused.item = item;
      refused.refused = std::string(prepared.status().message());
      plan.items.push_back(std::move(refused));
      continue;
    }
    ASSIGN_OR_RETURN(prepared->refused, RefusedByBudget(so_far, prepared->claim, limits));
    if (!prepared->refused) {
      LedgerEntry charge;
      charge.kind = EntryKind::kCharge;
      charge.claim = prepared->claim;
      so_far.push_back(std::move(charge));
    }
    plan.items.push_back(*std::move(prepared));
  }
  ASSIGN_OR_RETURN(plan.after, BudgetOf(so_far, limits));
  plan.most_in_a_year = MostInAYear(so_far);
  const auto cap = BudgetUnits(limits.epsilon);
  plan.crossover = cap.ok() ? CrossoverReleases(*cap, DeltaUnitsOf(limits.delta)) : 0;
  return plan;
}

}  // namespace waymark::node
