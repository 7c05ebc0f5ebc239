#include "coordinator/serve/narrow.h"

#include <algorithm>

namespace waymark::coordinator {

void NarrowRounds(const Caller& caller, const catalogue::Library& library,
                  std::vector<v1::RoundStatus>& rounds) {
  std::erase_if(rounds, [&](const v1::RoundStatus& round) {
    return !caller.scope.SeesSomeOf(round.spec().geographies());
  });
  for (v1::RoundStatus& round : rounds) {
    auto* councils = round.mutable_councils();
    const auto unseen = [&](const v1::RoundStatus::Council& council) {
      return caller.role == Role::kAuditor || !caller.scope.SeesPlace(council.code(), library);
    };
    councils->erase(std::remove_if(councils->begin(), councils->end(), unseen), councils->end());
    if (caller.role == Role::kOperator) continue;
    for (v1::RoundStatus::Council& council : *councils) council.clear_last_contact_unix_s();
  }
}

void NarrowSchedules(const Caller& caller, std::vector<v1::ScheduleStatus>& schedules) {
  std::erase_if(schedules, [&](const v1::ScheduleStatus& status) {
    return !caller.scope.SeesSomeOf(status.schedule().geographies());
  });
}

}  // namespace waymark::coordinator
