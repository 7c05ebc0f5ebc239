#include "coordinator/rounds/round_closer.h"

#include <utility>

namespace waymark::coordinator {

RoundCloser::RoundCloser(absl::Duration interval, std::function<void()> look)
    : interval_(interval), look_(std::move(look)), thread_([this] { Work(); }) {}

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
    look_();
    absl::MutexLock lock(&mutex_);
    const auto wanted = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return poked_ || stopping_; };
    mutex_.AwaitWithTimeout(absl::Condition(&wanted), interval_);
    if (stopping_) return;
    poked_ = false;
  }
}

}  // namespace waymark::coordinator
