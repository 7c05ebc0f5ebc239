// Rounds that wait for a person's approval: their specs, kept under the state directory from when `run` first
// saw them, so that `preview` and `approve` need no network. What is kept is the coordinator's question,
// nothing of the council's.
#ifndef WAYMARK_NODE_SITE_AWAITING_H_
#define WAYMARK_NODE_SITE_AWAITING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "node/site/configuration.h"
#include "proto/contract/round_spec.h"

namespace waymark::node {

// Keeps a spec; the same again changes nothing. ALREADY_EXISTS where another is kept under that round.
absl::Status KeepAwaiting(const Configuration& configuration, const contract::RoundSpec& spec);

// NOT_FOUND where the round does not wait here; the message says which do.
absl::StatusOr<contract::RoundSpec> LoadAwaiting(const Configuration& configuration,
                                                 absl::string_view round_id);

// In order of name.
absl::StatusOr<std::vector<contract::RoundSpec>> ListAwaiting(const Configuration& configuration);

// Once the round is answered or its deadline over; nothing where it is not kept.
void ForgetAwaiting(const Configuration& configuration, absl::string_view round_id);

// An approver's word that a round is not to leave: it holds until it is taken back, whoever approves.
struct RoundRefusal {
  std::string by;
  std::int64_t unix_s = 0;
};
// NOT_FOUND where the round does not wait here.
absl::Status KeepRefusal(const Configuration& configuration, absl::string_view round_id,
                         const RoundRefusal& refusal);
absl::Status TakeBackRefusal(const Configuration& configuration, absl::string_view round_id);
// Nothing where there is none. DATA_LOSS where it cannot be read: the round counts as refused then too.
absl::StatusOr<std::optional<RoundRefusal>> RefusalOf(const Configuration& configuration,
                                                      absl::string_view round_id);

// Corrections that a person asked for (`waymark-node correct`) and the coordinator does not have yet: kept in
// the same way, each under its own name.
absl::Status KeepCorrection(const Configuration& configuration, const contract::RoundSpec& spec);
absl::StatusOr<std::vector<contract::RoundSpec>> ListCorrections(const Configuration& configuration);
void ForgetCorrection(const Configuration& configuration, absl::string_view id);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_AWAITING_H_
