// What a schedule of noised releases will cost before it starts: the charge of each, the expected error of
// its figures, and what is left of each financial year when all of it has left. From public facts and the
// ledger's charges alone; nothing is charged or drawn. Pure; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_PLAN_H_
#define WAYMARK_NODE_DISCLOSE_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/day.h"
#include "catalogue/library.h"
#include "node/disclose/budget.h"
#include "node/disclose/ledger_entry.h"
#include "node/disclose/noise.h"
#include "proto/contract/round_spec.h"

namespace waymark::node {

struct PlannedItem {
  contract::RoundItem item;
  Claim claim;
  std::uint64_t cells = 0;
  ExpectedError error;
  // Why it would not leave, everything before it in the schedule having left; nothing where it would.
  std::optional<std::string> refused;
};

struct BudgetPlan {
  std::vector<PlannedItem> items;  // in the order of the schedule
  // Of every year that a charge in the ledger or of the plan reaches, after all items that would leave.
  std::vector<YearBudget> after;
  // Most noised items of the plan, and charges in the ledger, that reach one financial year; and from how
  // many equal ones on discrete Gaussian noise would be narrower (CrossoverReleases).
  std::uint64_t most_in_a_year = 0;
  std::uint64_t crossover = 0;
};

// INVALID_ARGUMENT where an item's metric is not in the library.
absl::StatusOr<BudgetPlan> PlanBudget(const std::vector<contract::RoundItem>& schedule,
                                      const std::vector<LedgerEntry>& entries, const BudgetLimits& limits,
                                      const catalogue::Library& library, Day today);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_PLAN_H_
