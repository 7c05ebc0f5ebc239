#include "coordinator/rounds/round_closer.h"

#include <algorithm>
#include <utility>

namespace waymark::coordinator {

namespace {

// How long it may take to notice that the clock has moved on.
constexpr absl::Duration kGlance = absl::Milliseconds(200);

}  // namespace

RoundCloser::RoundCloser(const Clock& clock, absl::Duration interval, std::function<void()> look)
    : clock_(clock), interval_(interval), look_(std::move(look)), thread_([this] { Work(); }) {}

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
    const absl::Time looked = clock_.Now();
    look_();
    const auto is_due = [&] {
      const absl::Duration passed = clock_.Now() - looked;
      return passed >= interval_ || passed < absl::ZeroDuration();
    };
    absl::MutexLock lock(&mutex_);
    const auto wanted = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return poked_ || stopping_; };
    while (!mutex_.AwaitWithTimeout(absl::Condition(&wanted), std::min(interval_, kGlance)) && !is_due()) {
    }
    if (stopping_) return;
    poked_ = false;
  }
}

}  // namespace waymark::coordinator
