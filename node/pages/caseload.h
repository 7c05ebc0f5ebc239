// Who holds how much, what is out of time, and how timely work was: by service, team and worker, on the day
// of the extract. For the council's own eyes: workers' figures never leave, in any form. Pure; thread-safe.
#ifndef WAYMARK_NODE_PAGES_CASELOAD_H_
#define WAYMARK_NODE_PAGES_CASELOAD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/working_days.h"
#include "catalogue/library.h"
#include "node/journey/journeys.h"
#include "node/quality/page.h"

namespace waymark::node {

// Open work of one service, team or worker.
struct Holding {
  std::string who;               // "": not recorded
  std::int64_t cases = 0;        // merged episodes open on the day
  std::int64_t children = 0;     // distinct
  std::int64_t families = 0;     // distinct
  std::int64_t half_year = 0;    // cases open for 183 days and more
  std::int64_t year = 0;         // for 365 days and more
  std::int64_t median_days = 0;  // since their start: the lower one of two in the middle
};
enum class Holder { kService, kTeam, kWorker };
// Of those levels, by most cases, then name. None where no source carries the field.
std::vector<Holding> HoldingsOn(const Journeys& journeys, Levels levels, Holder holder, Day day);

// Steps that are begun, not done on the day, and beyond their standard in working days.
struct Overdue {
  std::string team;       // "": not recorded
  std::int64_t open = 0;  // begun and not done
  std::int64_t out_of_time = 0;
  std::int64_t longest = 0;  // working days of the longest
};
// Of assessments; of enquiries those that wait for a conference (none was said not to be required). By most
// out of time, then name. Steps that began before what the calendar knows count as out of time, without a
// length.
std::vector<Overdue> OverdueOn(const Journeys& journeys, StepKind kind, std::int32_t standard, Day day,
                               const WorkingDays& calendar);

// The page, with timeliness over the year up to the day by the entries 12, 13 and 15. The errors of Measure.
absl::StatusOr<std::vector<PageSection>> CaseloadSections(const Journeys& journeys,
                                                          const catalogue::Library& library);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_PAGES_CASELOAD_H_
