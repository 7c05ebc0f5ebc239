// What one firing of a schedule asks. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_SCHEDULE_FIRING_H_
#define WAYMARK_COORDINATOR_SCHEDULE_FIRING_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "catalogue/library.h"
#include "waymark/v1/schedule.pb.h"

namespace waymark::coordinator {

// The bounds of schedule.proto, and what a round made of it would be refused for by this catalogue: by the
// same checks, as if it fired now. INVALID_ARGUMENT names the field and what it may hold.
absl::Status CheckSchedule(const v1::Schedule& schedule, const catalogue::Library& library, absl::Time now,
                           const absl::TimeZone& zone);

// The name of the round that the due time opens: never another's of this schedule.
std::string RoundIdOf(absl::string_view schedule, absl::Time due, const absl::TimeZone& zone);

// The items with the versions and definitions of this catalogue. INVALID_ARGUMENT where it does not hold a
// metric (any more).
absl::StatusOr<std::vector<v1::RoundItem>> WithDefinitions(std::vector<v1::RoundItem> items,
                                                           const catalogue::Library& library);

// The schedule's items with the catalogue's versions and definitions, each for the latest period that is
// complete on the day that is due. INVALID_ARGUMENT where the catalogue does not hold a metric (any more).
absl::StatusOr<std::vector<v1::RoundItem>> ItemsDue(const v1::Schedule& schedule, absl::Time due,
                                                    const catalogue::Library& library,
                                                    const absl::TimeZone& zone);

// The round that asks these items from `opens` on.
v1::RoundSpec SpecOfFiring(const v1::Schedule& schedule, absl::string_view round_id,
                           const std::vector<v1::RoundItem>& items, absl::Time opens);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_SCHEDULE_FIRING_H_
