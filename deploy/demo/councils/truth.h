// Counts the true figures straight from made-up lives, by looking through one child's records at a time.
// Shares no code with what a node computes, so that one can be checked against the other.
#ifndef WAYMARK_DEPLOY_DEMO_COUNCILS_TRUTH_H_
#define WAYMARK_DEPLOY_DEMO_COUNCILS_TRUTH_H_

#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "base/period.h"
#include "deploy/demo/councils/council.h"

namespace waymark::demo {

class TruthCounter {
 public:
  explicit TruthCounter(Period period) : period_(std::move(period)) {}

  // `records` stand child after child; none is broken, none in pieces.
  void Count(const std::vector<Child>& children, const std::vector<Record>& records);
  Truth Result();

 private:
  void CountClosure(const Child& child, absl::Span<const Record> life, const Record& closed);
  static void CountFollowUp(const Child& child, absl::Span<const Record> life, Day closed,
                            Truth::Window& window);

  Period period_;
  Truth truth_;
  std::vector<int> durations_;
};

}  // namespace waymark::demo

#endif  // WAYMARK_DEPLOY_DEMO_COUNCILS_TRUTH_H_
