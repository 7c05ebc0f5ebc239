// Fetches what is published, for the council's pages: at the start and each night, the same questions at
// every council, whatever its figures are.
#ifndef WAYMARK_NODE_CLI_BENCHMARK_WATCH_H_
#define WAYMARK_NODE_CLI_BENCHMARK_WATCH_H_

#include "absl/time/time.h"
#include "base/clock.h"
#include "node/link/coordinator_link.h"
#include "node/site/site.h"

namespace waymark::node {

// Not thread-safe. All outlive it.
class BenchmarkWatch {
 public:
  BenchmarkWatch(const Site& site, CoordinatorLink& link, const Clock& clock)
      : site_(site), link_(link), clock_(clock) {}

  // Whether it was due, and something was kept. What fails is tried again the next night, and in an hour
  // where the coordinator did not answer.
  bool LookWhenDue();

 private:
  const Site& site_;
  CoordinatorLink& link_;
  const Clock& clock_;
  absl::Time next_ = absl::InfinitePast();
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_CLI_BENCHMARK_WATCH_H_
