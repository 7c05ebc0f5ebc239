// Values that are made in order by a thread of its own, while the ones before them are used.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_AHEAD_H_
#define WAYMARK_COORDINATOR_BENCHMARK_AHEAD_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace waymark::coordinator {

// Next is for one caller.
template <typename Value>
class Ahead {
 public:
  // `make(i)` for i from 0 to count - 1, on the other thread; at most `most` of them wait to be taken.
  Ahead(std::size_t count, std::size_t most, std::function<Value(std::size_t)> make)
      : count_(count), most_(most), make_(std::move(make)), thread_([this] { Run(); }) {}
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;
  ~Ahead() {
    {
      const absl::MutexLock lock(&mutex_);
      ended_ = true;
    }
    thread_.join();
  }

  // The next one; no more often than there are any.
  Value Next() {
    const absl::MutexLock lock(&mutex_, absl::Condition(this, &Ahead::HasOne));
    Value next = std::move(made_.front());
    made_.pop_front();
    return next;
  }

 private:
  bool HasOne() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !made_.empty(); }
  bool HasRoom() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return ended_ || made_.size() < most_; }

  void Run() {
    for (std::size_t i = 0; i < count_; ++i) {
      {
        const absl::MutexLock lock(&mutex_, absl::Condition(this, &Ahead::HasRoom));
        if (ended_) return;
      }
      Value value = make_(i);
      const absl::MutexLock lock(&mutex_);
      made_.push_back(std::move(value));
    }
  }

  const std::size_t count_;
  const std::size_t most_;
  const std::function<Value(std::size_t)> make_;
  absl::Mutex mutex_;
  std::deque<Value> made_ ABSL_GUARDED_BY(mutex_);
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_AHEAD_H_
