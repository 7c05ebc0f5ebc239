#include "node/pages/refresher.h"

#include <utility>

#include "base/log.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr absl::Duration kLook = absl::Seconds(30);  // at the clock
constexpr absl::Duration kNight = absl::Hours(2);

}  // namespace

absl::Time NextNight(absl::Time now) {
  const absl::Time midnight =
      absl::FromCivil(absl::ToCivilDay(now, absl::UTCTimeZone()), absl::UTCTimeZone());
  return now < midnight + kNight ? midnight + kNight : midnight + absl::Hours(24) + kNight;
}

Refresher::~Refresher() {
  {
    const absl::MutexLock lock(&mutex_);
    is_over_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Refresher::Start() {
  Ask();
  thread_ = std::thread([this] { Run(); });
}

Refresher::State Refresher::Now() const {
  const absl::MutexLock lock(&mutex_);
  return state_;
}

void Refresher::Ask() {
  const absl::MutexLock lock(&mutex_);
  is_asked_ = true;
}

absl::Status Refresher::ReadNow() {
  const absl::MutexLock reading(&reading_);
  {
    const absl::MutexLock lock(&mutex_);
    state_.is_reading = true;
    is_asked_ = false;
    next_ = NextNight(clock_.Now());
  }
  auto read = reader_();
  const absl::MutexLock lock(&mutex_);
  state_.is_reading = false;
  state_.error = std::string(read.status().message());
  if (read.ok()) state_.snapshot = *std::move(read);
  return read.status();
}

bool Refresher::HasWork() const {
  return is_over_ || is_asked_ || clock_.Now() >= next_;
}

void Refresher::Run() {
  while (true) {
    {
      const absl::MutexLock lock(&mutex_);
      // Woken by who asks and who ends it, and every half minute to look at the clock.
      while (!mutex_.AwaitWithTimeout(absl::Condition(this, &Refresher::HasWork), kLook) && !HasWork()) {
      }
      if (is_over_) return;
    }
    const absl::Status read = ReadNow();
    if (!read.ok()) {
      Log(LogLevel::kError, "the council's data could not be read for its pages",
          {{"error", std::string(read.message())}});
    }
  }
}

}  // namespace waymark::node
