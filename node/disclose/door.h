// The only door out of a council. A round's spec comes in; what the definition, the policy and the ledger
// allow of it goes out, protected, as one signed release; the rest is absent for a reason from a fixed list
// that depends on no count. Whoever sent the spec may be hostile. What leaves the council without a policy is
// nothing.
#ifndef WAYMARK_NODE_DISCLOSE_DOOR_H_
#define WAYMARK_NODE_DISCLOSE_DOOR_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "node/disclose/approval.h"
#include "node/disclose/item_answer.h"
#include "node/disclose/item_tables.h"
#include "node/disclose/ledger.h"
#include "node/disclose/outgoing_release.h"
#include "node/disclose/sum_session.h"
#include "proto/contract/decline.h"
#include "proto/contract/release.h"
#include "proto/contract/roster.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/release.pb.h"

namespace waymark::node {

// What a rule did with an item; for the council's eyes only.
struct Explanation {
  std::uint32_t item = 0;  // index in the spec
  std::string metric;
  std::string rule;  // "released", "replayed", "policy", "differencing", "completeness", …
  std::string text;
};

struct Answered {
  OutgoingRelease release;
  bool replayed = false;                  // the stored bytes of an earlier answer to this round
  std::vector<Explanation> explanations;  // empty where replayed
};

// Not thread-safe; several doors, in several processes, may share one ledger.
class Door {
 public:
  // `observer` hears the door's own steps ("noise drawn"), as the ledger's hears the ledger's.
  Door(const DoorParts& parts, std::string council, contract::ScopeDeclaration scope,
       StepObserver observer = {});

  // The release for a round. It is in the ledger, and a second answer for the round is the same bytes.
  // PERMISSION_DENIED where the policy lets nothing leave, asks for more contributors than the round, has
  // been narrowed since the round's stored release was made; FAILED_PRECONDITION after the deadline, and
  // where the policy asks for approvals that are not there; INVALID_ARGUMENT where the spec breaks a bound;
  // ALREADY_EXISTS where another spec was answered under this round's id; of a correction, PERMISSION_DENIED
  // where nothing of it may leave, with what left before; the ledger's and the measures'
  // errors otherwise. On every error nothing may leave.
  absl::StatusOr<Answered> Answer(const contract::RoundSpec& spec, ItemTables& tables);

  // The stored release of a round, to send it again; nothing if there is none. PERMISSION_DENIED as Answer.
  absl::StatusOr<std::optional<OutgoingRelease>> Stored(absl::string_view round_id) const;

  // What Answer would do with each item, without a trace: nothing is charged, drawn or stored. The errors of
  // Answer for the round as a whole.
  absl::StatusOr<std::vector<ItemPreview>> Preview(const contract::RoundSpec& spec, ItemTables& tables) const;

  // This council's part in a session of a secure round; nothing has left yet. PERMISSION_DENIED,
  // INVALID_ARGUMENT and FAILED_PRECONDITION as Answer, and as SumSession::Begin; UNAVAILABLE where approvals
  // are missing, which may still come.
  absl::StatusOr<std::unique_ptr<SumSession>> Sum(const contract::RoundSpec& spec, const SumOffer& offer,
                                                  const contract::RosterEpoch& roster, ItemTables& tables);

  // This council's signed word that it gives nothing to the round. INTERNAL where OpenSSL fails.
  absl::StatusOr<contract::Decline> Decline(const contract::RoundSpec& spec, v1::Absence reason) const;

  // PERMISSION_DENIED where a correction's preview says that nothing of it would leave, with the first
  // reason.
  static absl::Status CheckCorrects(const contract::RoundSpec& spec,
                                    const std::vector<ItemPreview>& previews);

  // What persons approve, from a preview of the round.
  Proposal Propose(const contract::RoundSpec& spec, const std::vector<ItemPreview>& items) const;
  // How many approvals of the round have come, whatever they are worth: cheap, so that a node that waits for
  // them need not read its sources to see that it still does.
  absl::StatusOr<std::size_t> ApprovalsGiven(absl::string_view round_id) const;

 private:
  absl::Status CheckOpen() const;
  absl::Status CheckRound(const contract::RoundSpec& spec) const;
  absl::Status KeepRefused(const contract::RoundSpec& spec, std::vector<ItemPreview>& previews) const;
  std::string PseudonymFor(const std::string& round_id) const;
  absl::Status CheckApproved(const Proposal& proposal) const;
  absl::StatusOr<v1::Release> AnswerItems(const contract::RoundSpec& spec, ItemTables& tables,
                                          std::vector<Explanation>& explanations);
  absl::StatusOr<Ledger::StoredRelease> StoreSigned(const contract::RoundSpec& spec, v1::Release release);
  absl::StatusOr<OutgoingRelease> Outgoing(std::string bytes) const;

  const DoorParts parts_;
  const std::string council_;
  const contract::ScopeDeclaration scope_;
  ItemAnswerer items_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_DOOR_H_
