// Looks for what is due, on a thread of its own.
#ifndef WAYMARK_COORDINATOR_ROUNDS_ROUND_CLOSER_H_
#define WAYMARK_COORDINATOR_ROUNDS_ROUND_CLOSER_H_

#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"

namespace waymark::coordinator {

// Calls `look` when `interval` has passed on the clock since the last time, or that was set back, and at once
// when poked (after a submission). Thread-safe.
class RoundCloser {
 public:
  // `clock` outlives it.
  RoundCloser(const Clock& clock, absl::Duration interval, std::function<void()> look);
  RoundCloser(const RoundCloser&) = delete;
  RoundCloser& operator=(const RoundCloser&) = delete;
  // Lets a look that is under way finish.
  ~RoundCloser();

  void Poke();

 private:
  void Work();

  const Clock& clock_;
  const absl::Duration interval_;
  const std::function<void()> look_;
  absl::Mutex mutex_;
  bool poked_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_ROUND_CLOSER_H_
