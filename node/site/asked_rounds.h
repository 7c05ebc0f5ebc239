// What this node is asked and has not answered, as `run` last saw it: kept under the state directory, so that
// `waymark-node rounds` shows it without a connection. Nothing of the council's is in it.
#ifndef WAYMARK_NODE_SITE_ASKED_ROUNDS_H_
#define WAYMARK_NODE_SITE_ASKED_ROUNDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/site/configuration.h"

namespace waymark::node {

struct AskedRound {
  std::string round_id;
  std::int64_t deadline_unix_s = 0;
  bool is_late = false;      // the deadline is over, and late releases are taken
  bool is_reminded = false;  // the coordinator says that the deadline is near
  std::string waits_for;     // "awaiting approval"; "": this node's next look
  friend bool operator==(const AskedRound&, const AskedRound&) = default;
};

// In place of what was kept before.
absl::Status KeepAsked(const Configuration& configuration, std::int64_t now_unix_s,
                       const std::vector<AskedRound>& rounds);

// What is kept, as JSON: {"looked": …, "rounds": [{"round", "deadline", "late", "reminded", "waits_for"}]}.
// FAILED_PRECONDITION where nothing is; DATA_LOSS where it is damaged.
absl::StatusOr<std::string> AskedJson(const Configuration& configuration);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_ASKED_ROUNDS_H_
