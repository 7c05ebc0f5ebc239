// A clock that nobody sets: for how long something has lasted, whatever becomes of the time of day.
#ifndef WAYMARK_BASE_MONOTONIC_CLOCK_H_
#define WAYMARK_BASE_MONOTONIC_CLOCK_H_

#include "base/clock.h"

namespace waymark {

// Its times begin at some moment and mean nothing but by how much they differ; they go on while the machine
// sleeps or the process is stopped. Thread-safe.
class MonotonicClock final : public Clock {
 public:
  absl::Time Now() const override;
  void Sleep(absl::Duration duration) const override;
};

}  // namespace waymark

#endif  // WAYMARK_BASE_MONOTONIC_CLOCK_H_
