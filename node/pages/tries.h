// How often a secret may be guessed.
#ifndef WAYMARK_NODE_PAGES_TRIES_H_
#define WAYMARK_NODE_PAGES_TRIES_H_

#include <cstddef>
#include <deque>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"

namespace waymark::node {

// Thread-safe. A try counts when it begins, so that many at once are no more than one after another.
class Tries {
 public:
  static constexpr std::size_t kMost = 5;         // of one name, within kWithin
  static constexpr std::size_t kMostOfAll = 100;  // of all names together
  static constexpr absl::Duration kWithin = absl::Minutes(15);

  explicit Tries(const Clock& clock) : clock_(clock) {}

  // RESOURCE_EXHAUSTED where there were too many; this one does not count then.
  absl::Status Begin(const std::string& name);
  // It was right: the name's earlier ones are forgotten.
  void Succeeded(const std::string& name);

 private:
  const Clock& clock_;
  absl::Mutex mutex_;
  std::map<std::string, std::deque<absl::Time>> tries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_PAGES_TRIES_H_
