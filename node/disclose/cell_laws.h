// The laws of linked_cells.h, as relations between counts. Pure; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_CELL_LAWS_H_
#define WAYMARK_NODE_DISCLOSE_CELL_LAWS_H_

#include <vector>

#include "node/disclose/part_laws.h"
#include "statistics/audit/suppression.h"

namespace waymark::node {

// Adds to `task` the laws between tables of the same days, and between the outcomes of one; and those between
// tables of one entry over days of which some are others' parts (time_laws.h).
void AddLaws(const std::vector<CountedTable>& tables, statistics::ReleaseTask& task);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_CELL_LAWS_H_
