// The rows of a noised table, from public facts alone: the codes that a dimension can have. A row that
// exists only because somebody is in it would tell that without any noise, so every possible row is there and
// noised, empty ones too. Dimensions whose codes are a council's own (area, team, service) have no public
// list and cannot be broken down by in noised mode. Pure; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_PUBLIC_ROWS_H_
#define WAYMARK_NODE_DISCLOSE_PUBLIC_ROWS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace waymark::node {

// Sorted. No dimensions: the one row "". Two: all pairs, "a|b". FAILED_PRECONDITION where a dimension has no
// public list, naming it.
absl::StatusOr<std::vector<std::string>> PublicRows(const std::vector<std::string>& dimensions);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_PUBLIC_ROWS_H_
