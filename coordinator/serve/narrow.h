// What a caller sees of rounds and schedules, where it is less than everything. For this folder and
// the pages.
#ifndef WAYMARK_COORDINATOR_SERVE_NARROW_H_
#define WAYMARK_COORDINATOR_SERVE_NARROW_H_

#include <vector>

#include "catalogue/library.h"
#include "coordinator/serve/access.h"
#include "waymark/v1/round.pb.h"
#include "waymark/v1/schedule.pb.h"

namespace waymark::coordinator {

// A regional lead sees the rounds that asked one of its regions, or everyone, and in them its own councils;
// an auditor sees what was asked, and no council.
void NarrowRounds(const Caller& caller, const catalogue::Library& library,
                  std::vector<v1::RoundStatus>& rounds);

// A regional lead sees those that ask one of its regions, or everyone.
void NarrowSchedules(const Caller& caller, std::vector<v1::ScheduleStatus>& schedules);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_SERVE_NARROW_H_
