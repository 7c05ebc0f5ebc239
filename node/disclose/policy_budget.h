// The budget part of a policy file: the yearly cap and the sub-limits of metric families inside it. For the
// .cc files of this folder only.
#ifndef WAYMARK_NODE_DISCLOSE_POLICY_BUDGET_H_
#define WAYMARK_NODE_DISCLOSE_POLICY_BUDGET_H_

#include <vector>

#include "base/configuration.h"
#include "catalogue/library.h"
#include "node/disclose/budget.h"

namespace waymark::node {

// `yearly_epsilon` (0 where there is none) and `yearly_delta` (10^−6 where there is none) of [floors]. Errors
// go to the table: what is no exact number, ε above 20, δ outside 10^−9 to 10^−3.
// An exact amount under `key`; where it is none, a failure of the table and 0.
Fraction ReadFraction(ConfigTable& table, absl::string_view key, absl::string_view fallback);

BudgetLimits ReadYearlyCap(ConfigTable& floors);

// The [[budget]] tables into `limits`. Errors go to the tables: a family named twice or without metrics, a
// metric the catalogue does not have or another family has, a limit of zero or above the cap.
void ReadFamilies(std::vector<ConfigTable> tables, const catalogue::Library& library, BudgetLimits& limits);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_POLICY_BUDGET_H_
