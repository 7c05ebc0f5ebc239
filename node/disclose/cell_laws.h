// The laws of linked_cells.h, as relations between counts. Pure; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_CELL_LAWS_H_
#define WAYMARK_NODE_DISCLOSE_CELL_LAWS_H_

#include <cstdint>
#include <vector>

#include "proto/contract/table.h"
#include "statistics/audit/suppression.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// A column of a table, or one that no table shows, by row.
struct CountedColumn {
  std::vector<std::uint32_t> cells;
  std::vector<std::int64_t> values;
  bool is_measured = true;
};

struct CountedTable {
  const v1::Metric* metric = nullptr;
  const contract::Table* exact = nullptr;
  std::vector<CountedColumn> columns;
  CountedColumn total;           // the denominator, or a partition's sum; empty: there is none
  bool total_is_column = false;  // a denominator: the last of `columns`, the others being its numerators
};

// Adds to `task` the laws between tables, and between the outcomes of one.
void AddLaws(const std::vector<CountedTable>& tables, statistics::ReleaseTask& task);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_CELL_LAWS_H_
