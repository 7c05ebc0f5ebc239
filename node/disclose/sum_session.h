// This council's part in one session of a secure sum: what may leave, step by step. Only the door begins one,
// and node/link can send nothing of a secure round but a session's message and masked vector. The order is
// the protocol's: the rules of policy and ledger first, the charge on disk before noise is drawn, the vector
// masked before it is shown to anybody, one set of contributors signed, the release on disk before the shares
// that open the sum are given.
#ifndef WAYMARK_NODE_DISCLOSE_SUM_SESSION_H_
#define WAYMARK_NODE_DISCLOSE_SUM_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/secure_sum/node_steps.h"
#include "node/disclose/item_answer.h"
#include "proto/contract/roster.h"
#include "proto/contract/round_spec.h"

namespace waymark::node {

// What the coordinator chooses of a session.
struct SumOffer {
  std::string nonce;  // 32 bytes
  std::uint64_t roster_epoch = 0;
};

// What the coordinator answers to a step.
struct SumReply {
  std::vector<crypto::SignedMessage> messages{};
  std::vector<crypto::SealedShares> shares{};
};

// Not thread-safe. What SumSeat refers to outlives it.
struct SumSeat {
  const DoorParts& parts;
  const std::string& council;
  const contract::RosterEpoch& roster;
};

class SumSession {
 public:
  // FAILED_PRECONDITION: another roster epoch than this node's, a part with too few councils, an item that
  // policy, definition, ledger or data refuse (the message names it; for the council alone). The errors of
  // crypto::Session::Create and of the ledger.
  static absl::StatusOr<std::unique_ptr<SumSession>> Begin(const SumSeat& seat, const ItemAnswerer& items,
                                                           const contract::RoundSpec& spec,
                                                           const SumOffer& offer, ItemTables& tables);
  SumSession(const SumSession&) = delete;
  SumSession& operator=(const SumSession&) = delete;
  ~SumSession();

  const std::string& round_id() const { return made_.round_id; }
  const std::string& id() const { return made_.session->id(); }  // 32 bytes
  // 0 keys, 1 shares, 2 input, 3 consistency, 4 unmask.
  std::size_t step() const { return state_.index(); }
  const crypto::SignedMessage& message() const;
  // Of step 2: the masked vector, which goes before the message. Empty in the others.
  absl::string_view masked() const;

  // Takes the coordinator's answer to this step and goes on to the next. On an error the session is over for
  // this council. Not after step 4.
  absl::Status GoOn(SumReply reply);

 private:
  class LedgerJournal;
  using State = std::variant<crypto::NodeKeysStep, crypto::NodeSharesStep, crypto::NodeInputStep,
                             crypto::NodeConsistencyStep, crypto::NodeUnmaskStep>;
  // All that a session consists of, before its first step.
  struct Made {
    std::string round_id;
    std::unique_ptr<const crypto::Session> session;
    std::vector<SummedItem> items;
    std::unique_ptr<LedgerJournal> journal;
  };
  SumSession(Made made, crypto::RandomSource& random, crypto::NodeKeysStep first);
  absl::StatusOr<crypto::RingVector> NoisedInput();

  Made made_;
  crypto::RandomSource& random_;
  State state_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_SUM_SESSION_H_
