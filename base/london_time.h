// The clocks by which the federation's days begin and its schedules fire. Dates of records never pass through
// here: they are whole days (base/day.h).
#ifndef WAYMARK_BASE_LONDON_TIME_H_
#define WAYMARK_BASE_LONDON_TIME_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/day.h"

namespace waymark {

// Europe/London. FAILED_PRECONDITION where this machine has no time zones (Debian's package tzdata).
absl::StatusOr<absl::TimeZone> London();

// The day that it is then on the zone's clocks.
Day LocalDay(absl::Time time, const absl::TimeZone& zone);

// "2026-10-15 06:00 BST".
std::string LocalTime(absl::Time time, const absl::TimeZone& zone);

}  // namespace waymark

#endif  // WAYMARK_BASE_LONDON_TIME_H_
