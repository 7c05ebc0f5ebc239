// What the thread sanitizer must be told of absl::Mutex: Debian's Abseil is not built with it, so everything
// that a mutex keeps apart would be reported as a race. The linker puts these in the place of Abseil's own
// (cmake/options.cmake).
#include <sanitizer/tsan_interface.h>
#include <sched.h>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

extern "C" {

void __real__ZN4absl7debian35Mutex4LockEv(absl::Mutex* mutex);
void __real__ZN4absl7debian35Mutex6UnlockEv(absl::Mutex* mutex);
bool __real__ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE(
    absl::Mutex* mutex, const absl::Condition* condition, absl::Duration timeout);

void __wrap__ZN4absl7debian35Mutex4LockEv(absl::Mutex* mutex) {
  __real__ZN4absl7debian35Mutex4LockEv(mutex);
  __tsan_acquire(mutex);
}

void __wrap__ZN4absl7debian35Mutex6UnlockEv(absl::Mutex* mutex) {
  __tsan_release(mutex);
  __real__ZN4absl7debian35Mutex6UnlockEv(mutex);
}

// Abseil has whoever unlocks look at the conditions of those who wait; here each looks at its own.
void __wrap__ZN4absl7debian35Mutex8LockWhenERKNS0_9ConditionE(absl::Mutex* mutex,
                                                              const absl::Condition* condition) {
  __wrap__ZN4absl7debian35Mutex4LockEv(mutex);
  while (!condition->Eval()) {
    __wrap__ZN4absl7debian35Mutex6UnlockEv(mutex);
    sched_yield();
    __wrap__ZN4absl7debian35Mutex4LockEv(mutex);
  }
}

bool __wrap__ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE(
    absl::Mutex* mutex, const absl::Condition* condition, absl::Duration timeout) {
  __tsan_release(mutex);
  const bool met = __real__ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE(
      mutex, condition, timeout);
  __tsan_acquire(mutex);
  return met;
}

}  // extern "C"
