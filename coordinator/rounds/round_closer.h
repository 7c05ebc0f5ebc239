// Closes rounds when they are due, on a thread of its own.
#ifndef WAYMARK_COORDINATOR_ROUNDS_ROUND_CLOSER_H_
#define WAYMARK_COORDINATOR_ROUNDS_ROUND_CLOSER_H_

#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "coordinator/rounds/rounds.h"

namespace waymark::coordinator {

// Looks every `interval`, and at once when poked (after a submission); before each look it calls `first`.
// Errors are logged and tried again. Thread-safe.
class RoundCloser {
 public:
  RoundCloser(Rounds& rounds, absl::Duration interval, std::function<void()> first);
  RoundCloser(const RoundCloser&) = delete;
  RoundCloser& operator=(const RoundCloser&) = delete;
  // Lets a closing that is under way finish.
  ~RoundCloser();

  void Poke();

 private:
  void Work();

  Rounds& rounds_;
  const absl::Duration interval_;
  const std::function<void()> first_;
  absl::Mutex mutex_;
  bool poked_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_ROUND_CLOSER_H_
