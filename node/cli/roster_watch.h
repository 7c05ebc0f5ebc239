// Keeps up with the federation's roster while the node runs.
#ifndef WAYMARK_NODE_CLI_ROSTER_WATCH_H_
#define WAYMARK_NODE_CLI_ROSTER_WATCH_H_

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "node/disclose/roster_book.h"
#include "node/link/coordinator_link.h"
#include "node/link/log_watch.h"

namespace waymark::node {

// Not thread-safe. The references outlive this.
class RosterWatch {
 public:
  RosterWatch(RosterBook& book, CoordinatorLink& link, LogWatch& log, const Clock& clock)
      : book_(book), link_(link), log_(log), clock_(clock) {}

  // One look, where the federation has officers. What is wrong with the roster is logged, once for as long as
  // it stays so; rounds that need a roster say so themselves.
  void Once();

 private:
  RosterBook& book_;
  CoordinatorLink& link_;
  LogWatch& log_;
  const Clock& clock_;
  std::string last_error_;
  std::uint64_t last_epoch_ = 0;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_CLI_ROSTER_WATCH_H_
