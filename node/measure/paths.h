// Metric kind TRANSITION, at home: the commonest paths of children among none, early help and social care.
#ifndef WAYMARK_NODE_MEASURE_PATHS_H_
#define WAYMARK_NODE_MEASURE_PATHS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/day.h"
#include "base/period.h"
#include "node/journey/journeys.h"

namespace waymark::node {

// The states that a child passes through in a period, in order; neighbours differ.
struct Path {
  std::vector<State> states;
  std::int64_t children = 0;
};

struct Paths {
  std::int64_t children = 0;    // with early help or social care on a day that counts
  std::int64_t different = 0;   // paths
  std::vector<Path> commonest;  // most children first, then by their states
};

// At most `most` paths, over the days that count for moves (person_time.h), of records that are followed up
// to `until`.
Paths CommonestPaths(const Journeys& journeys, const Period& period, Day until, std::size_t most);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_PATHS_H_
