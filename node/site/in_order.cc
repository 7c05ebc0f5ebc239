#include "node/site/in_order.h"

namespace waymark::node {

void InOrder::Put(std::size_t i, std::string text) {
  absl::MutexLock lock(&mutex_);
  const auto may_go_on = [&] {
    mutex_.AssertHeld();
    return given_up_ || i == next_ || waiting_bytes_ + text.size() <= most_waiting_bytes_;
  };
  ++held_back_;
  mutex_.Await(absl::Condition(&may_go_on));
  --held_back_;
  if (given_up_) return;
  waiting_bytes_ += text.size();
  waiting_.emplace(i, std::move(text));
  for (auto first = waiting_.begin(); first != waiting_.end() && first->first == next_;
       first = waiting_.erase(first)) {
    write_(first->second);
    waiting_bytes_ -= first->second.size();
    ++next_;
  }
}

void InOrder::GiveUp() {
  absl::MutexLock lock(&mutex_);
  given_up_ = true;
}

std::size_t InOrder::held_back() const {
  absl::MutexLock lock(&mutex_);
  return held_back_;
}

}  // namespace waymark::node
