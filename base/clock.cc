#include "base/clock.h"

#include "absl/time/clock.h"

namespace waymark {

absl::Time SystemClock::Now() const {
  return absl::Now();
}

void SystemClock::Sleep(absl::Duration duration) const {
  absl::SleepFor(duration);
}

}  // namespace waymark
