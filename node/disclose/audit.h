// Secondary suppression: what somebody who has everything that ever left could work out of the tables about
// to leave, and which further cells to suppress until that is too little.
//
// The tables of one item are judged together, with every linked table that has left before (the same days,
// linkage group): the counts behind all of them are one system (linked_cells.h), and cells of the new tables
// are suppressed until every suppressed count of 1 to t, new or old, shown in a table or only implied by
// two, and every cell suppressed for its sake, can be at least t wide (statistics/audit/suppression.h).
// Deterministic. Pure; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_AUDIT_H_
#define WAYMARK_NODE_DISCLOSE_AUDIT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "node/disclose/linked_cells.h"
#include "statistics/audit/attack.h"

namespace waymark::node {

struct AuditResult {
  std::size_t suppressed = 0;  // cells, beside those suppressed before
  std::size_t fallbacks = 0;   // cells for whose sake whole lines were suppressed
  // Tables in which a suppressed cell stays too narrow whatever is suppressed: nothing may leave.
  std::vector<std::size_t> too_narrow;
};

// Suppresses in the tables that have not left. FAILED_PRECONDITION as LinkCells.
absl::StatusOr<AuditResult> SuppressSecondary(std::vector<LinkedTable>& tables);

// By cell of each table that has not left: what the attacker can work out of it from all of them, where it is
// suppressed; for the council's eyes. FAILED_PRECONDITION as LinkCells.
using KnownCells = std::vector<std::optional<statistics::KnownInterval>>;
absl::StatusOr<std::vector<KnownCells>> AttackersIntervals(const std::vector<LinkedTable>& tables);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_AUDIT_H_
