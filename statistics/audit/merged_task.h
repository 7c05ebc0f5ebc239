// A task in which cells that are known to be equal are one. Linked tables have the same counts many times
// over (a denominator in each entry of a linkage group), and the same relations between them: said once, the
// programs that look for moves (movement.h) are a fraction of the size, and solve the same problem.
//
// A merged cell can be what all of its members can be, and is as wide as the widest of them has to be. Where
// one of them is hidden and has to be wide, those that may be hidden are hidden at the outset, since each of
// them would tell it. Otherwise it is shown while a member is, and hidden at the cost of all of them.
#ifndef WAYMARK_STATISTICS_AUDIT_MERGED_TASK_H_
#define WAYMARK_STATISTICS_AUDIT_MERGED_TASK_H_

#include <cstdint>
#include <vector>

#include "statistics/audit/suppression.h"

namespace waymark::statistics {

struct MergedTask {
  ReleaseTask task;
  std::vector<std::uint32_t> place;  // by cell: its merged cell
};

// Cells that a relation of two terms makes equal become one; relations that say the same are said once; cells
// that are hidden together stay so, in rings of `hidden_with`. `task` is as SuppressUntilProtected asks for.
// Pure; thread-safe.
MergedTask MergeEqualCells(const ReleaseTask& task);

// What holds of the merged task's cells, for each cell of `task`.
SuppressionResult Unmerged(const ReleaseTask& task, const MergedTask& merged,
                           const SuppressionResult& result);

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_AUDIT_MERGED_TASK_H_
