// A node's side of the secure sum: five steps, each a class that can only be made from the one before it and
// what the coordinator answered. Making a step checks all that the protocol lets a node check; an error ends
// the session for this node, and letting the step go cleanses its secrets. A step's message is the same
// however often it is sent. No step is thread-safe.
//
// The coordinator may be hostile, and up to MostCorrupt of the members with it. Errors, beside those of the
// journal and of the random source: INVALID_ARGUMENT malformed or against the rules; UNAUTHENTICATED not
// signed by the member it names; FAILED_PRECONDITION too few members to go on safely, or an older copy of a
// ledger; DATA_LOSS this node's own word altered or left out. Messages of errors name members and steps,
// never values.
#ifndef WAYMARK_CRYPTO_SECURE_SUM_NODE_STEPS_H_
#define WAYMARK_CRYPTO_SECURE_SUM_NODE_STEPS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "crypto/random.h"
#include "crypto/secure_sum/journal.h"
#include "crypto/secure_sum/messages.h"
#include "crypto/secure_sum/ring_vector.h"
#include "crypto/secure_sum/session.h"
#include "crypto/signature.h"

namespace waymark::crypto {

// Where a node sits. What is pointed to outlives all steps.
struct NodeSeat {
  const Session* session = nullptr;
  std::uint32_t self = 0;           // index among the session's members
  const SigningKey* key = nullptr;  // whose public half the session names
  RandomSource* random = nullptr;
  Journal* journal = nullptr;
};

struct NodeState;  // node_state.h

// Owns what the steps hand on.
class NodeStep {
 public:
  const SignedMessage& message() const { return message_; }

 protected:
  NodeStep(std::unique_ptr<NodeState> state, SignedMessage message);
  NodeStep(NodeStep&&) noexcept;
  NodeStep& operator=(NodeStep&&) noexcept;
  ~NodeStep();

  std::unique_ptr<NodeState> state_;
  SignedMessage message_;
};

// Step 1: fresh keys.
class NodeKeysStep : public NodeStep {
 public:
  // INVALID_ARGUMENT where the session does not name this node's key at `seat.self`.
  static absl::StatusOr<NodeKeysStep> Start(const NodeSeat& seat);

 private:
  using NodeStep::NodeStep;
  friend class NodeSharesStep;
};

// Step 2: shares of this node's two secrets, sealed for each neighbour.
class NodeSharesStep : public NodeStep {
 public:
  // `keys`: the messages of step 1 of all that sent one (on a sparse graph: of this node and its neighbours).
  static absl::StatusOr<NodeSharesStep> From(NodeKeysStep step, absl::Span<const SignedMessage> keys);

 private:
  using NodeStep::NodeStep;
  friend class NodeInputStep;
};

// Step 3: the masked vector.
class NodeInputStep : public NodeStep {
 public:
  // `shares`: what neighbours sealed for this node, each naming whom it is from. `make_input`: called once
  // the release is charged; gives the session's number of words, clamped to the declared bounds, noise added.
  // FAILED_PRECONDITION too where a neighbour keeps this node's word for more than its ledger has: the ledger
  // is an older copy, and nothing was charged.
  using MakeInput = absl::FunctionRef<absl::StatusOr<RingVector>()>;
  static absl::StatusOr<NodeInputStep> From(NodeSharesStep step, std::vector<SealedShares> shares,
                                            MakeInput make_input);
  // What goes with the message: InputBytes bytes, sent in blocks of kInputBlockBytes.
  absl::string_view masked() const { return masked_.bytes(); }

 private:
  NodeInputStep(std::unique_ptr<NodeState> state, SignedMessage message, RingVector masked);
  friend class NodeConsistencyStep;
  RingVector masked_;
};

// Step 4: a signature over who contributed, and over what.
class NodeConsistencyStep : public NodeStep {
 public:
  // `inputs`: the messages of step 3 of all contributors (U3).
  static absl::StatusOr<NodeConsistencyStep> From(NodeInputStep step, absl::Span<const SignedMessage> inputs);

 private:
  using NodeStep::NodeStep;
  friend class NodeUnmaskStep;
};

// Step 5: the shares that open the sum over U3, and no other.
class NodeUnmaskStep : public NodeStep {
 public:
  // `signatures`: messages of step 4. Those that are not good are passed over; t good ones are needed.
  static absl::StatusOr<NodeUnmaskStep> From(NodeConsistencyStep step,
                                             absl::Span<const SignedMessage> signatures);

 private:
  using NodeStep::NodeStep;
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECURE_SUM_NODE_STEPS_H_
