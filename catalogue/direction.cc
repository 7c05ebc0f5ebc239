#include "catalogue/direction.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace waymark::catalogue {

v1::Direction DirectionOf(const v1::Metric& metric, absl::string_view quantity) {
  bool follows = true;
  switch (metric.kind()) {
    case v1::METRIC_KIND_MIX:
      follows = false;
      break;
    case v1::METRIC_KIND_SURVIVAL:
      follows = !absl::StartsWith(quantity, "incidence_");
      break;
    case v1::METRIC_KIND_SCORE_CHANGE:
      follows = quantity == "improved";
      break;
    case v1::METRIC_KIND_PROPORTION:
      follows = std::none_of(metric.outcomes().begin(), metric.outcomes().end(), [&](const v1::Outcome& one) {
        return one.id() == quantity && !one.follow_up().source_any_of().empty();
      });
      break;
    default:
      break;
  }
  return follows ? metric.direction() : v1::DIRECTION_NEUTRAL;
}

}  // namespace waymark::catalogue
