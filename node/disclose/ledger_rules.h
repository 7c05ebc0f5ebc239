// What the ledger's rules say of a query, given the entries that are there (ledger.h has the rules). Pure;
// thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_LEDGER_RULES_H_
#define WAYMARK_NODE_DISCLOSE_LEDGER_RULES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "node/disclose/budget.h"
#include "node/disclose/ledger_entry.h"

namespace waymark::node {

// A rule that says no. For the council alone; outsiders learn one word that is the same for every rule.
struct Refusal {
  std::string rule;         // "yearly budget", "one mode", "differencing"
  std::string explanation;  // names the earlier release
};

// Every rule that a new item meets. The errors of RefusedByBudget.
absl::StatusOr<std::optional<Refusal>> Judge(const std::vector<LedgerEntry>& entries,
                                             absl::string_view query_hash, const Claim& claim,
                                             const BudgetLimits& limits);

// The same cells, or linearly linked ones, in another mode: an exact figure would void the noise's guarantee.
std::optional<Refusal> RefusedByMode(const std::vector<LedgerEntry>& entries, const Claim& claim);

// Two sums over the same cells whose contributors differ by one council tell that council, and no noise sized
// for a family hides it.
std::optional<Refusal> RefusedBySum(const std::vector<LedgerEntry>& entries, const Claim& claim);

// A session with these cells was begun under another roster, and may have been opened by a quorum that shares
// no honest member with this one's.
std::optional<Refusal> RefusedByRoster(const std::vector<LedgerEntry>& entries, const Claim& claim,
                                       absl::string_view roster_hash);

// Whether the entry is an earlier version of what a correction corrects.
bool IsRevised(const LedgerEntry& entry, const Claim& claim);

// Whether the entry is what a thresholded item is judged together with.
bool IsLinkedItem(const LedgerEntry& entry, const Claim& claim);

bool WasCharged(const std::vector<LedgerEntry>& entries, absl::string_view query_hash);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_LEDGER_RULES_H_
