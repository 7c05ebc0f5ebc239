#include "base/clock.h"

#include <time.h>

#include "absl/time/clock.h"
#include "base/monotonic_clock.h"

namespace waymark {

absl::Time SystemClock::Now() const {
  return absl::Now();
}

void SystemClock::Sleep(absl::Duration duration) const {
  absl::SleepFor(duration);
}

absl::Time MonotonicClock::Now() const {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return absl::TimeFromTimespec(now);
}

void MonotonicClock::Sleep(absl::Duration duration) const {
  absl::SleepFor(duration);
}

}  // namespace waymark
