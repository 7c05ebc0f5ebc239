// Counts as the laws between tables see them, and the law of a whole and its parts (linked_cells.h). Pure;
// thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_PART_LAWS_H_
#define WAYMARK_NODE_DISCLOSE_PART_LAWS_H_

#include <cstddef>
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

// Adds to `task` that the parts of each row of `whole` add up to it, where they do in every row; or else that
// they cover it, and that each lies within it, where that is so. `belongs`: by part, the row of which it is
// one; none: wholes.cells.size() or more, and no law where such a part has anybody.
void AddPartsOf(const CountedColumn& whole, const CountedColumn& parts,
                const std::vector<std::size_t>& belongs, statistics::ReleaseTask& task);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_PART_LAWS_H_
