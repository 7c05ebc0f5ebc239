// Which period a firing asks for.
#ifndef WAYMARK_COORDINATOR_SCHEDULE_SCHEDULED_PERIOD_H_
#define WAYMARK_COORDINATOR_SCHEDULE_SCHEDULED_PERIOD_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "base/period.h"
#include "waymark/v1/schedule.pb.h"

namespace waymark::coordinator {

// "previous-quarter", "previous-year", "previous-calendar-year".
std::vector<absl::string_view> PeriodRuleNames();
absl::string_view NameOf(v1::PeriodRule rule);
// PERIOD_RULE_UNSPECIFIED for another name.
v1::PeriodRule PeriodRuleNamed(absl::string_view name);

// The latest period of the rule's kind whose last day is more than `follow_up` days before `day`, so that
// what happens to the last of its cohort has been seen whole: no cohort is asked for that is not complete. 0:
// the latest that has ended.
Period LatestComplete(v1::PeriodRule rule, Day day, Day follow_up);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_SCHEDULE_SCHEDULED_PERIOD_H_
