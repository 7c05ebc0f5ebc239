#include "node/quality/metric_states.h"

#include <utility>

#include "node/measure/availability.h"
#include "node/measure/unwalked.h"

namespace waymark::node {

std::vector<MetricState> MetricStates(const Journeys& journeys, const catalogue::Library& library,
                                      const std::vector<Period>& periods) {
  std::vector<MetricState> states;
  for (const v1::Metric& metric : library.metrics()) {
    if (IsUnwalked(metric) || metric.kind() == v1::METRIC_KIND_PUBLISHED) continue;
    std::vector<std::uint32_t> windows(metric.window_days().begin(), metric.window_days().end());
    if (windows.empty() || metric.kind() == v1::METRIC_KIND_SURVIVAL) windows = {0};
    std::vector<std::string> without;
    if (metric.kind() == v1::METRIC_KIND_PROPORTION) {
      const std::vector<bool> carried = CarriedOutcomes(journeys, metric);
      for (std::size_t i = 0; i < carried.size(); ++i) {
        if (!carried[i]) without.push_back(metric.outcomes(static_cast<int>(i)).title());
      }
    }
    MeasureRequest request{.metric = &metric};
    request.calendar = &library.working_days();
    for (const std::uint32_t window : windows) {
      for (const Period& period : periods) {
        request.period = period;
        Availability found = Assess(journeys, request, window);
        states.push_back({.metric = metric.id(),
                          .title = metric.title(),
                          .window_days = window,
                          .period = period.label,
                          .completeness = found.completeness,
                          .reason = std::move(found.reason),
                          .without = found.can_be_measured() ? without : std::vector<std::string>()});
      }
    }
  }
  return states;
}

}  // namespace waymark::node
