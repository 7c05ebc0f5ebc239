// Taking part in secure rounds: joins sessions, goes through their steps as they become ready, and joins anew
// where one ended without a sum.
#ifndef WAYMARK_NODE_CLI_SUMMING_H_
#define WAYMARK_NODE_CLI_SUMMING_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "node/disclose/roster_book.h"
#include "node/disclose/sum_session.h"
#include "node/link/coordinator_link.h"
#include "node/site/workplace.h"

namespace waymark::node {

// Not thread-safe. The references outlive it.
class Summing {
 public:
  Summing(const Site& site, Workplace& workplace, CoordinatorLink& link, RosterBook& book, const Clock& clock)
      : site_(site), workplace_(workplace), link_(link), book_(book), clock_(clock) {}

  // As many steps of the round's session as are ready now. OK too where it waits for others. The errors of
  // Door::Sum and CoordinatorLink: ABORTED and UNAVAILABLE may be tried again.
  absl::Status Advance(const contract::RoundSpec& spec);

  // Whether this council was in a session of the round already, so that its approvals sufficed.
  bool HasJoined(const std::string& round_id) const { return joined_.contains(round_id); }

  // Lets sessions go whose rounds are not open any more.
  void KeepOnly(const std::vector<WatchedRound>& open);

  // Whether some session has begun in earnest, so that the others wait for this council's next step.
  bool IsBusy() const;

 private:
  absl::StatusOr<SumSession*> SessionOf(const contract::RoundSpec& spec);

  const Site& site_;
  Workplace& workplace_;
  CoordinatorLink& link_;
  RosterBook& book_;
  const Clock& clock_;
  // By round; null: this council has done all it has to do.
  std::map<std::string, std::unique_ptr<SumSession>> sessions_;
  std::set<std::string> joined_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_CLI_SUMMING_H_
