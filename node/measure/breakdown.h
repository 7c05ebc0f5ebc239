// The rows of a table: categories of one field, or of two crossed.
//
// Fields with a fixed code list (age band, sex, ethnicity, disability, need, source) have every category of
// the list, whether or not anybody is in it, so that a row tells nothing by being there; local fields (area,
// team, service) have the categories that occur, "not known" where none does. Crossed fields have every pair
// of the two.
#ifndef WAYMARK_NODE_MEASURE_BREAKDOWN_H_
#define WAYMARK_NODE_MEASURE_BREAKDOWN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "node/journey/journeys.h"
#include "node/measure/fields.h"
#include "node/measure/member.h"

namespace waymark::node {

struct Breakdown {
  std::vector<std::string> dimensions;  // names, 0 to 2
  std::vector<Field> fields;            // the same
};

// "" is all members; "sex"; "sex|age_band". INVALID_ARGUMENT where the entry does not list it, naming those
// it lists.
absl::StatusOr<Breakdown> ParseBreakdown(const v1::Metric& metric, const std::string& text);

struct Rows {
  std::vector<std::string> names;        // sorted as bytes
  std::vector<std::uint32_t> of_member;  // each member's row
};

// RESOURCE_EXHAUSTED above contract::kMaxRows rows.
absl::StatusOr<Rows> RowsOf(const Journeys& journeys, const v1::Metric& metric, const Breakdown& breakdown,
                            absl::Span<const Member> members);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_BREAKDOWN_H_
