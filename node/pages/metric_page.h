// A metric's exact own figures, by period and breakdown: what `measure` prints. Pure; thread-safe.
#ifndef WAYMARK_NODE_PAGES_METRIC_PAGE_H_
#define WAYMARK_NODE_PAGES_METRIC_PAGE_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "catalogue/library.h"
#include "node/pages/snapshot.h"

namespace waymark::node {

// All entries with the newest of their figures.
nlohmann::ordered_json MetricListContext(const catalogue::Library& library, const Snapshot& snapshot);

struct MetricAsked {
  std::string metric;
  std::string period;     // "": the newest
  std::string breakdown;  // "": all
};
// NOT_FOUND where there is no such entry; INVALID_ARGUMENT where it has no such breakdown, or the period is
// not one that figures are made for.
absl::StatusOr<nlohmann::ordered_json> MetricContext(const catalogue::Library& library,
                                                     const Snapshot& snapshot, const MetricAsked& asked);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_PAGES_METRIC_PAGE_H_
