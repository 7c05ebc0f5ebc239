// A schedule that opens a round each quarter.
#ifndef WAYMARK_TESTS_UNIT_COORDINATOR_SCHEDULE_QUARTERLY_H_
#define WAYMARK_TESTS_UNIT_COORDINATOR_SCHEDULE_QUARTERLY_H_

#include <string>
#include <vector>

#include "waymark/v1/schedule.pb.h"

namespace waymark::coordinator::testing {

// Thresholded, of episodes.
inline v1::Schedule Quarterly(const std::vector<std::string>& metrics = {"19"}) {
  v1::Schedule schedule;
  schedule.set_name("quarterly");
  schedule.set_title("Every quarter");
  schedule.set_cron("0 6 15 1,4,7,10 *");
  schedule.set_period(v1::PERIOD_RULE_PREVIOUS_QUARTER);
  schedule.set_open_hours(28 * 24);
  schedule.set_least_contributors(3);
  schedule.set_data_version(1);
  for (const std::string& metric : metrics) {
    v1::RoundItem* item = schedule.add_items();
    item->set_metric(metric);
    item->set_mode(v1::MODE_THRESHOLDED);
    item->add_units(v1::UNIT_EPISODES);
  }
  return schedule;
}

}  // namespace waymark::coordinator::testing

#endif  // WAYMARK_TESTS_UNIT_COORDINATOR_SCHEDULE_QUARTERLY_H_
