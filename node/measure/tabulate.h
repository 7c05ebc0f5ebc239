// From members to the cells of a table.
//
// Units. Episodes: every member counts. Children, families: PROPORTION counts a child or family once a row,
// in an outcome's column when any of its members in that row has the outcome. Kinds with disjoint columns
// count it by its first member in that row: the earliest event, then the earliest start, then the smallest
// person id.
#ifndef WAYMARK_NODE_MEASURE_TABULATE_H_
#define WAYMARK_NODE_MEASURE_TABULATE_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "node/journey/journeys.h"
#include "node/measure/breakdown.h"
#include "node/measure/member.h"
#include "proto/contract/table.h"

namespace waymark::node {

// What one unit adds to its row.
struct Counted {
  std::uint32_t row = 0;
  std::uint32_t member = 0;    // whose column and days it has
  std::uint64_t outcomes = 0;  // PROPORTION
};

// By row.
std::vector<Counted> CountUnits(const Journeys& journeys, const v1::Metric& metric, v1::Unit unit,
                                const Rows& rows, absl::Span<const Member> members);

// Fills `table`, whose names are set and cells zero, for kinds PROPORTION, MIX, DURATION and SURVIVAL.
void FillCells(const v1::Metric& metric, absl::Span<const Counted> counted, absl::Span<const Member> members,
               contract::Table& table);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_TABULATE_H_
