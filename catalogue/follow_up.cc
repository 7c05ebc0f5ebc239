#include "catalogue/follow_up.h"

#include <algorithm>

#include "catalogue/item_tables.h"

namespace waymark::catalogue {

Day FollowUpDays(const v1::Metric& metric, std::uint32_t window) {
  const v1::Cohort& cohort = metric.cohort();
  Day reach = cohort.post_closure() ? static_cast<Day>(window) : 0;
  if (cohort.base() == v1::Cohort::BASE_STEP_DOWNS) reach = std::max(reach, kStepDownDays);
  for (const v1::Cohort::NoneOpen& none : cohort.none_open()) reach = std::max(reach, none.to_days());
  if (metric.kind() == v1::METRIC_KIND_SURVIVAL) return reach;
  for (const v1::Outcome& outcome : metric.outcomes()) {
    const v1::Outcome::FollowUp& follow_up = outcome.follow_up();
    reach = std::max(reach, follow_up.window() ? static_cast<Day>(window) : follow_up.to_days());
    reach = std::max(reach, outcome.open().to_days());
  }
  return reach;
}

Day FollowUpDays(const v1::Metric& metric, const contract::RoundItem& item) {
  Day longest = 0;
  for (const std::uint32_t window : WindowsOf(metric, item)) {
    longest = std::max(longest, FollowUpDays(metric, window));
  }
  if (metric.kind() == v1::METRIC_KIND_SURVIVAL) {
    for (const std::uint32_t read_at : metric.window_days()) {
      longest = std::max(longest, static_cast<Day>(read_at));
    }
  }
  return longest;
}

}  // namespace waymark::catalogue
