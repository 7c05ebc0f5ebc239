// The counts behind a set of thresholded tables of one council, and all that anybody knows of how they add
// up: the attacker's system, from which the audit (audit.h) works.
//
// Beside the tables' own cells there are counts that no table shows: the complement of each numerator, and
// the total of each row of a partition. What holds between them follows from what the tables are:
//
// - numerator + complement = denominator; cells of a partition = its total;
// - a breakdown's rows = all members (a crossed one's = each of its parts); where a member may lie in several
//   rows, all of them are at least the whole, and each at most;
// - of one entry, episodes >= children >= families, a window's cohort or its outcomes within another's;
//   outcomes within others, and those that add up to others or to their denominator;
// - linked entries that count the same members or outcomes have the same counts, or one within the other;
// - what happens in a year that others have published happens in one of the stretches into which the periods
//   that left divide it (time_laws.h).
//
// Which of these laws hold for which tables is taken from the truth: a law is used where no count of those
// tables breaks it. So everything that is known by definition is in the system, and now and then more than
// anybody can know, which errs on the side of suppressing more. What the definitions of outcomes rule out is
// no law (outcome_nesting.h).
//
// Where no bin of a survival curve is shown in any table, its bins are in no relation: its members may lie in
// any, so a bin is as wide as its row's total.
//
// What the rules themselves tell is in the bounds: a shown count is none of 1 to t, nor is its complement,
// nor, where anything of its row is shown, the row's group. Pure; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_LINKED_CELLS_H_
#define WAYMARK_NODE_DISCLOSE_LINKED_CELLS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/disclose/threshold.h"
#include "proto/contract/table.h"
#include "statistics/audit/suppression.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// One table with its truth. Of other days are those alone of which published figures tell (time_laws.h).
struct LinkedTable {
  const v1::Metric* metric = nullptr;
  contract::Table exact;
  ThresholdedTable released;  // rules of a table that has left: of no meaning
  ThresholdRule limits;
  std::string left_in;  // before, in which entry: what it shows cannot be hidden any more; "": it is about to
  // Cells that are public exactly, whatever is shown here (published_figures.h): there is nothing to protect
  // in them, and what they tell of others is weighed. Empty: none.
  std::vector<bool> known = {};
};

struct LinkedCells {
  statistics::ReleaseTask task;
  // By table: the number of its first cell, the others following row by row.
  std::vector<std::uint32_t> first;

  std::uint32_t CellOf(std::size_t table, std::size_t at) const {
    return first[table] + static_cast<std::uint32_t>(at);
  }
};

// Whether a bin of anybody's survival curve is shown: rows leave whole, or not at all.
bool ShowsACurve(const LinkedTable& table);

// What a shown cell tells of its count by its status and its rounded value.
statistics::Range ToldBy(v1::CellStatus status, std::int64_t value, const CellLimits& limits);

// FAILED_PRECONDITION where a table that has left is not what its truth would give: the data have changed.
absl::StatusOr<LinkedCells> LinkCells(const std::vector<LinkedTable>& tables);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_LINKED_CELLS_H_
