#include "coordinator/rounds/round_closer.h"

#include <string>
#include <utility>

#include "base/log.h"

namespace waymark::coordinator {

RoundCloser::RoundCloser(Rounds& rounds, absl::Duration interval, std::function<void()> first)
    : rounds_(rounds), interval_(interval), first_(std::move(first)), thread_([this] { Work(); }) {}

RoundCloser::~RoundCloser() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void RoundCloser::Poke() {
  absl::MutexLock lock(&mutex_);
  poked_ = true;
}

void RoundCloser::Work() {
  while (true) {
    first_();
    if (const absl::StatusOr<int> closed = rounds_.CloseDue(); !closed.ok()) {
      Log(LogLevel::kError, "looking for rounds to close failed",
          {{"error", std::string(closed.status().message())}});
    }
    absl::MutexLock lock(&mutex_);
    const auto wanted = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return poked_ || stopping_; };
    mutex_.AwaitWithTimeout(absl::Condition(&wanted), interval_);
    if (stopping_) return;
    poked_ = false;
  }
}

}  // namespace waymark::coordinator
