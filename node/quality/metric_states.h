// What each metric can and cannot be computed for from what the sources carry, and why.
#ifndef WAYMARK_NODE_QUALITY_METRIC_STATES_H_
#define WAYMARK_NODE_QUALITY_METRIC_STATES_H_

#include <string>
#include <vector>

#include "base/period.h"
#include "catalogue/library.h"
#include "node/journey/journeys.h"
#include "node/measure/measurer.h"

namespace waymark::node {

struct MetricState {
  std::string metric;
  std::string title;
  std::uint32_t window_days = 0;
  std::string period;
  Completeness completeness = Completeness::kComplete;
  std::string reason = {};                // where not complete
  std::vector<std::string> without = {};  // outcomes that cannot be told, since no source carries their field
};

// For each entry that is measured from journeys (not surveys, published figures and what templates hold),
// each of its windows and each period.
std::vector<MetricState> MetricStates(const Journeys& journeys, const catalogue::Library& library,
                                      const std::vector<Period>& periods);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_QUALITY_METRIC_STATES_H_
