// What each metric can and cannot be computed for from what the sources carry, and why.
#ifndef WAYMARK_NODE_QUALITY_METRIC_STATES_H_
#define WAYMARK_NODE_QUALITY_METRIC_STATES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/period.h"
#include "node/journey/journeys.h"
#include "node/measure/measurer.h"
#include "node/measure/survey.h"
#include "published/figures.h"

namespace waymark::node {

struct MetricState {
  std::string metric;
  std::string title;
  std::uint32_t window_days = 0;
  std::string period;
  Completeness completeness = Completeness::kComplete;
  std::string reason = {};                // where not complete
  std::vector<std::string> without = {};  // what cannot be told besides: outcomes, rates of a population
};

// What metrics are made of. All outlive it.
struct MetricSources {
  const Journeys& journeys;
  const std::map<std::string, SurveyAnswers>& answers;  // by questionnaire
  published::Sources published;                         // its library is the entries'
  std::string area;                                     // the council's ONS code
};

// For every entry, each of its windows and each period; a survey is of its answers' period, and a published
// figure of the latest year there is.
absl::StatusOr<std::vector<MetricState>> MetricStates(const MetricSources& sources,
                                                      const std::vector<Period>& periods);

// The metrics for which standards.csv has days of the council's own, and which have no standard.
std::vector<std::string> UnusedStandards(const Templates& templates, const catalogue::Library& library);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_QUALITY_METRIC_STATES_H_
