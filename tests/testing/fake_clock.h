// A clock that stands still until a test moves it.
#ifndef WAYMARK_TESTS_TESTING_FAKE_CLOCK_H_
#define WAYMARK_TESTS_TESTING_FAKE_CLOCK_H_

#include "absl/synchronization/mutex.h"
#include "base/clock.h"

namespace waymark::testing {

// Thread-safe. Sleep moves the clock on.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time now) : now_(now) {}
  absl::Time Now() const override {
    absl::MutexLock lock(&mutex_);
    return now_;
  }
  void Sleep(absl::Duration duration) const override { Advance(duration); }
  void Advance(absl::Duration duration) const {
    absl::MutexLock lock(&mutex_);
    now_ += duration;
  }

 private:
  mutable absl::Mutex mutex_;
  mutable absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace waymark::testing

#endif  // WAYMARK_TESTS_TESTING_FAKE_CLOCK_H_
