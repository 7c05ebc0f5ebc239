// Texts that several threads make, written in their order. What is made before its turn waits in memory, up
// to a bound; beyond it, whoever brings more waits until there is room.
#ifndef WAYMARK_NODE_SITE_IN_ORDER_H_
#define WAYMARK_NODE_SITE_IN_ORDER_H_

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace waymark::node {

// Thread-safe.
class InOrder {
 public:
  using Write = std::function<void(absl::string_view)>;

  // At most `most_waiting_bytes` wait for their turn, beside the one text that each held-back thread brings.
  // `write` is called by one thread at a time.
  InOrder(std::size_t most_waiting_bytes, Write write)
      : most_waiting_bytes_(most_waiting_bytes), write_(std::move(write)) {}

  // Text `i`, once with each number from 0 on. Returns when it is written or waits. Nobody waits for ever
  // where numbers are taken in ascending order: the text whose turn it is never waits for room.
  void Put(std::size_t i, std::string text);
  // A text does not come: what waits or comes after this is not written, and nobody waits any more.
  void GiveUp();

  // Threads that wait for room.
  std::size_t held_back() const;

 private:
  const std::size_t most_waiting_bytes_;
  mutable absl::Mutex mutex_;
  const Write write_ ABSL_GUARDED_BY(mutex_);
  std::map<std::size_t, std::string> waiting_ ABSL_GUARDED_BY(mutex_);
  std::size_t waiting_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::size_t next_ ABSL_GUARDED_BY(mutex_) = 0;  // to be written
  std::size_t held_back_ ABSL_GUARDED_BY(mutex_) = 0;
  bool given_up_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_IN_ORDER_H_
