#include "base/london_time.h"

namespace waymark {

absl::StatusOr<absl::TimeZone> London() {
  absl::TimeZone zone;
  if (absl::LoadTimeZone("Europe/London", &zone)) return zone;
  return absl::FailedPreconditionError(
      "the time zone Europe/London is not on this machine; install Debian's package tzdata");
}

Day LocalDay(absl::Time time, const absl::TimeZone& zone) {
  return static_cast<Day>(absl::ToCivilDay(time, zone) - absl::CivilDay(1970, 1, 1));
}

std::string LocalTime(absl::Time time, const absl::TimeZone& zone) {
  return absl::FormatTime("%Y-%m-%d %H:%M %Z", time, zone);
}

}  // namespace waymark
