// The time of day, behind an interface so that tests can hold it still. The only place that asks the
// operating system for the time is SystemClock; `make lint` sees to that.
#ifndef WAYMARK_BASE_CLOCK_H_
#define WAYMARK_BASE_CLOCK_H_

#include "absl/time/time.h"

namespace waymark {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
  // Waits until `duration` has passed on this clock.
  virtual void Sleep(absl::Duration duration) const = 0;
};

// How far the clocks of two machines may differ: one is an hour wrong where somebody set it by hand or took
// summer time for winter time.
inline constexpr absl::Duration kClockDifference = absl::Hours(2);

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
  void Sleep(absl::Duration duration) const override;
};

}  // namespace waymark

#endif  // WAYMARK_BASE_CLOCK_H_
