// In which order, and when, a node answers rounds, so that nobody outside can tell from the moment of an
// answer how long it took to find: what is answered in one look is sent in the next, and looks begin at
// multiples of an interval. A refusal leaves at the same moments as anything else.
#ifndef WAYMARK_NODE_CLI_PACED_ANSWERS_H_
#define WAYMARK_NODE_CLI_PACED_ANSWERS_H_

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "proto/contract/round_spec.h"

namespace waymark::node {

// The next multiple of the interval since 1970, after `now`.
absl::Time NextLook(absl::Time now, absl::Duration interval);

// Not thread-safe.
class PacedAnswers {
 public:
  struct Steps {
    // The rounds that this council has still to answer.
    std::function<absl::StatusOr<std::vector<contract::RoundSpec>>()> open;
    // Sends what is stored for the round. False: nothing is.
    std::function<absl::StatusOr<bool>(const contract::RoundSpec&)> send;
    // Finds the answer and stores it; sends nothing. True: there is something to send now.
    std::function<absl::StatusOr<bool>(const contract::RoundSpec&)> answer;
  };
  explicit PacedAnswers(Steps steps) : steps_(std::move(steps)) {}

  // One look: first sends all that is stored, then finds answers. A round that cannot be answered does not
  // keep the others waiting; the first error is returned when all were tried. What a later try would say
  // again is not tried again.
  absl::Status Once();

  // Whether the last look stored something that waits to be sent.
  bool has_unsent() const { return has_unsent_; }

 private:
  // Logs what went wrong with a round.
  void Note(const contract::RoundSpec& round, const absl::Status& status, absl::Status& first_error);

  const Steps steps_;
  std::set<std::string> given_up_;
  bool has_unsent_ = false;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_CLI_PACED_ANSWERS_H_
