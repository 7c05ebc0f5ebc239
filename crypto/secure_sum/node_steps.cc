#include "crypto/secure_sum/node_steps.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/merkle_tree.h"
#include "crypto/sealing.h"
#include "crypto/secret_sharing.h"
#include "crypto/secure_sum/masks.h"
#include "crypto/secure_sum/node_state.h"

namespace waymark::crypto {
namespace {

absl::Status TooFew(absl::string_view what, std::size_t found, std::size_t needed) {
  return absl::FailedPreconditionError(absl::StrCat("secure sum: ", what, ": ", found, ", at least ", needed,
                                                    " are needed; the session ends here without a sum"));
}

absl::Status Altered(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("secure sum: the coordinator altered or left out ", what,
                                          " of this node; the session ends here"));
}

// How many neighbours, this node included, must still be there for its own secrets to be opened.
std::size_t FewestPeers(const Session& session) {
  return session.parameters().degree == 0 ? session.parameters().least_contributors
                                          : session.share_threshold();
}

absl::StatusOr<NodePeer> ReadPeer(const NodeSeat& seat, const SignedMessage& message) {
  ASSIGN_OR_RETURN(KeysMessage keys, ReadKeys(*seat.session, message));
  if (keys.sender != seat.self && !seat.session->AreNeighbours(seat.self, keys.sender)) {
    return absl::InvalidArgumentError("secure sum: keys of a member that is no neighbour");
  }
  NodePeer peer;
  peer.member = keys.sender;
  peer.mask_key = std::move(keys.mask_key);
  peer.sealing_key = std::move(keys.sealing_key);
  return peer;
}

// No member twice, and no public key twice: one member's keys under another's name would make two ends one.
absl::Status CheckDistinct(const std::vector<NodePeer>& peers) {
  std::set<absl::string_view> keys;
  for (std::size_t i = 0; i < peers.size(); ++i) {
    if ((i > 0 && peers[i].member == peers[i - 1].member) || !keys.insert(peers[i].mask_key).second ||
        !keys.insert(peers[i].sealing_key).second) {
      return absl::InvalidArgumentError("secure sum: a member or a key stands twice among the keys");
    }
  }
  return absl::OkStatus();
}

SealingEnds Ends(const NodePeer& from, const NodePeer& to) {
  return {.from = from.member, .to = to.member, .from_key = from.sealing_key, .to_key = to.sealing_key};
}

constexpr std::size_t kOpenedBytes = 2 * kSharedSecretBytes + kLedgerHeadBytes;

// Two shares in one sealed message, the seed's first, and what is kept of the receiver's ledger.
SecretBytes Joined(const SecretBytes& seed_share, const SecretBytes& key_share, const LedgerHead& known) {
  SecretBytes joined(kOpenedBytes);
  const auto out = joined.MutableSecret();
  std::copy_n(seed_share.RevealSecret().begin(), kSharedSecretBytes, out.begin());
  std::copy_n(key_share.RevealSecret().begin(), kSharedSecretBytes, out.begin() + kSharedSecretBytes);
  const std::string head = BytesOf(known);
  std::copy(head.begin(), head.end(), out.begin() + 2 * kSharedSecretBytes);
  return joined;
}

// Splits both secrets and seals a pair of shares for every peer; this node's own pair stays with it.
absl::StatusOr<std::vector<SealedShares>> ShareSecrets(NodeState& state) {
  const Session& session = state.session();
  std::vector<std::uint32_t> points;
  std::vector<const SessionMember*> members;
  for (const NodePeer& peer : state.peers) {
    points.push_back(peer.member + 1);
    members.push_back(&session.parameters().members[peer.member]);
  }
  ASSIGN_OR_RETURN(const std::vector<LedgerHead> known, state.seat.journal->HeadsOf(members));
  RandomSource& random = *state.seat.random;
  ASSIGN_OR_RETURN(std::vector<SecretBytes> seed_shares,
                   SplitSecret(state.seed, session.share_threshold(), points, random));
  ASSIGN_OR_RETURN(std::vector<SecretBytes> key_shares,
                   SplitSecret(state.mask_key.private_key(), session.share_threshold(), points, random));
  const NodePeer& self = *state.Find(state.seat.self);
  std::vector<SealedShares> sealed;
  for (std::size_t i = 0; i < state.peers.size(); ++i) {
    NodePeer& peer = state.peers[i];
    if (peer.member == state.seat.self) {
      peer.seed_share = std::move(seed_shares[i]);
      peer.mask_key_share = std::move(key_shares[i]);
      continue;
    }
    const SealingEnds ends = Ends(self, peer);
    ASSIGN_OR_RETURN(const SecretBytes key, SealingKey(session, state.sealing_key, ends));
    ASSIGN_OR_RETURN(std::string text,
                     Seal(key, SealingData(session, ends), Joined(seed_shares[i], key_shares[i], known[i])));
    sealed.push_back({.member = peer.member, .sealed = std::move(text)});
  }
  return sealed;
}

// A peer that sent what does not open has still sent: it is masked against, and this node just has no share
// of it to give.
void OpenShares(NodeState& state, const SealedShares& shares, NodePeer& peer) {
  peer.has_shared = true;
  const SealingEnds ends = Ends(peer, *state.Find(state.seat.self));
  const auto key = SealingKey(state.session(), state.sealing_key, ends);
  if (!key.ok()) return;
  const auto opened = OpenSealed(*key, SealingData(state.session(), ends), shares.sealed);
  if (!opened.ok() || opened->size() != kOpenedBytes) return;
  const absl::string_view text = opened->RevealSecretText();
  peer.seed_share = SecretBytes(text.substr(0, kSharedSecretBytes));
  peer.mask_key_share = SecretBytes(text.substr(kSharedSecretBytes, kSharedSecretBytes));
  peer.known = LedgerHeadFrom(text.substr(2 * kSharedSecretBytes));
}

// Whether the ledger is the newest that any peer knows of. A word that this node did not sign is a peer's
// invention, and stops nobody.
absl::Status CheckOwnLedger(const NodeState& state) {
  const SessionMember& self = state.session().parameters().members[state.seat.self];
  const LedgerHead* stands = nullptr;  // most peers tell the same
  for (const NodePeer& peer : state.peers) {
    if (peer.known.sequence == 0 || (stands != nullptr && peer.known == *stands)) continue;
    ASSIGN_OR_RETURN(const bool has, state.seat.journal->Has(peer.known));
    if (has) stands = &peer.known;
    if (has || !IsSignedBy(self, peer.known)) continue;
    RETURN_IF_ERROR(state.seat.journal->KeepMissing(peer.known));
    return absl::FailedPreconditionError(absl::StrCat(
        "secure sum: the ledger is an older copy: ", state.session().parameters().members[peer.member].id,
        " has this node's own signed word that its ledger came to entry ", peer.known.sequence,
        ", and it does not have that entry"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<SignedGenerator>> Masks(const NodeState& state) {
  std::vector<SignedGenerator> masks;
  ASSIGN_OR_RETURN(SignedGenerator self, SelfMask(state.session(), state.seat.self, state.seed));
  masks.push_back(std::move(self));
  for (const NodePeer& peer : state.peers) {
    if (!peer.has_shared || peer.member == state.seat.self) continue;
    ASSIGN_OR_RETURN(SignedGenerator mask,
                     PairMask(state.session(), state.seat.self, state.mask_key, peer.member, peer.mask_key));
    masks.push_back(std::move(mask));
  }
  return masks;
}

absl::Status CheckShape(const Session& session, const RingVector& input) {
  if (input.words() == session.parameters().cells && input.bytes().size() == InputBytes(session)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("secure sum: an input of ", input.words(), " words and ",
                                                 input.bytes().size(), " bytes, expected ",
                                                 session.parameters().cells, " and ", InputBytes(session)));
}

std::vector<std::uint32_t> SharersAmong(const std::vector<NodePeer>& peers) {
  std::vector<std::uint32_t> members;
  for (const NodePeer& peer : peers) {
    if (peer.has_shared) members.push_back(peer.member);
  }
  return members;
}

// Reads U3, rising.
absl::StatusOr<std::vector<InputMessage>> ReadInputs(const Session& session,
                                                     absl::Span<const SignedMessage> messages) {
  if (messages.size() > session.size()) {
    return absl::InvalidArgumentError("secure sum: more inputs than members");
  }
  std::vector<InputMessage> inputs;
  for (const SignedMessage& message : messages) {
    ASSIGN_OR_RETURN(InputMessage input, ReadInput(session, message));
    if (!inputs.empty() && input.sender <= inputs.back().sender) {
      return absl::InvalidArgumentError("secure sum: inputs must rise by member, and none stand twice");
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

// This node is in U3 as it spoke, and U3 ⊆ U2.
absl::Status CheckInputs(NodeState& state, const std::vector<InputMessage>& inputs) {
  bool has_own = false;
  for (const InputMessage& input : inputs) {
    if (input.sender == state.seat.self) {
      has_own = input == state.input;
      continue;
    }
    const NodePeer* const peer = state.Find(input.sender);
    const bool is_neighbour = state.session().AreNeighbours(state.seat.self, input.sender);
    if (is_neighbour && (peer == nullptr || !peer->has_shared)) {
      return absl::InvalidArgumentError(
          absl::StrCat("secure sum: ", state.session().parameters().members[input.sender].id,
                       " is said to have contributed, and sent this node no shares"));
    }
  }
  return has_own ? absl::OkStatus() : Altered("the input");
}

}  // namespace

NodePeer* NodeState::Find(std::uint32_t member) {
  const auto found = std::lower_bound(peers.begin(), peers.end(), member,
                                      [](const NodePeer& peer, std::uint32_t m) { return peer.member < m; });
  return found != peers.end() && found->member == member ? &*found : nullptr;
}

NodeStep::NodeStep(std::unique_ptr<NodeState> state, SignedMessage message)
    : state_(std::move(state)), message_(std::move(message)) {}
NodeStep::NodeStep(NodeStep&&) noexcept = default;
NodeStep& NodeStep::operator=(NodeStep&&) noexcept = default;
NodeStep::~NodeStep() = default;

absl::StatusOr<NodeKeysStep> NodeKeysStep::Start(const NodeSeat& seat) {
  const auto& members = seat.session->parameters().members;
  if (seat.self >= members.size() || members[seat.self].signing_key != seat.key->public_key()) {
    return absl::InvalidArgumentError("secure sum: the session does not name this node's signing key");
  }
  RETURN_IF_ERROR(seat.journal->Begin(seat.session->id()));
  ASSIGN_OR_RETURN(AgreementKey mask_key, AgreementKey::Generate(*seat.random));
  ASSIGN_OR_RETURN(AgreementKey sealing_key, AgreementKey::Generate(*seat.random));
  const KeysMessage keys{
      .sender = seat.self, .mask_key = mask_key.public_key(), .sealing_key = sealing_key.public_key()};
  ASSIGN_OR_RETURN(SignedMessage message, Sign(*seat.session, keys, *seat.key));
  auto state = std::make_unique<NodeState>(NodeState{.seat = seat,
                                                     .mask_key = std::move(mask_key),
                                                     .sealing_key = std::move(sealing_key),
                                                     .peers = {},
                                                     .seed = {},
                                                     .input = {},
                                                     .contributors = {},
                                                     .consistency = {}});
  return NodeKeysStep(std::move(state), std::move(message));
}

absl::StatusOr<NodeSharesStep> NodeSharesStep::From(NodeKeysStep step, absl::Span<const SignedMessage> keys) {
  NodeState& state = *step.state_;
  if (keys.size() > state.session().size()) {
    return absl::InvalidArgumentError("secure sum: more keys than members");
  }
  for (const SignedMessage& message : keys) {
    ASSIGN_OR_RETURN(NodePeer peer, ReadPeer(state.seat, message));
    state.peers.push_back(std::move(peer));
  }
  std::sort(state.peers.begin(), state.peers.end(),
            [](const NodePeer& a, const NodePeer& b) { return a.member < b.member; });
  RETURN_IF_ERROR(CheckDistinct(state.peers));
  NodePeer* const self = state.Find(state.seat.self);
  if (self == nullptr || self->mask_key != state.mask_key.public_key() ||
      self->sealing_key != state.sealing_key.public_key()) {
    return Altered("the keys");
  }
  if (state.peers.size() < FewestPeers(state.session())) {
    return TooFew("members that sent keys", state.peers.size(), FewestPeers(state.session()));
  }
  ASSIGN_OR_RETURN(state.seed, SecretBytes::Random(kSharedSecretBytes, *state.seat.random));
  state.seed.MutableSecret().back() &= 0x7F;  // below 2^255, for the field of the shares
  SharesMessage shares{.sender = state.seat.self, .shares = {}};
  ASSIGN_OR_RETURN(shares.shares, ShareSecrets(state));
  ASSIGN_OR_RETURN(SignedMessage message, Sign(state.session(), shares, *state.seat.key));
  return NodeSharesStep(std::move(step.state_), std::move(message));
}

NodeInputStep::NodeInputStep(std::unique_ptr<NodeState> state, SignedMessage message, RingVector masked)
    : NodeStep(std::move(state), std::move(message)), masked_(std::move(masked)) {}

absl::StatusOr<NodeInputStep> NodeInputStep::From(NodeSharesStep step, std::vector<SealedShares> shares,
                                                  MakeInput make_input) {
  NodeState& state = *step.state_;
  const Session& session = state.session();
  state.Find(state.seat.self)->has_shared = true;
  for (const SealedShares& entry : shares) {
    NodePeer* const peer = state.Find(entry.member);
    if (peer == nullptr || peer->has_shared) {
      return absl::InvalidArgumentError(
          "secure sum: shares from a member without keys, from oneself, or twice");
    }
    OpenShares(state, entry, *peer);
  }
  if (shares.size() + 1 < FewestPeers(session)) {
    return TooFew("members that sent shares", shares.size() + 1, FewestPeers(session));
  }
  RETURN_IF_ERROR(CheckOwnLedger(state));
  RETURN_IF_ERROR(state.seat.journal->ConfirmCharged(session.id()));
  ASSIGN_OR_RETURN(RingVector input, make_input());
  RETURN_IF_ERROR(CheckShape(session, input));
  ASSIGN_OR_RETURN(std::vector<SignedGenerator> masks, Masks(state));
  RETURN_IF_ERROR(input.Mask(absl::MakeSpan(masks)));
  state.input = {.sender = state.seat.self,
                 .root = MerkleRoot(InputBlockHashes(session, state.seat.self, input.bytes())),
                 .seed_commitment = SeedCommitment(session, state.seat.self, state.seed),
                 .peers_hash = PeersHash(session, SharersAmong(state.peers)),
                 .head = {}};
  ASSIGN_OR_RETURN(state.input.head, state.seat.journal->Head());
  RETURN_IF_ERROR(
      SignHead(session.parameters().members[state.seat.self].id, *state.seat.key, state.input.head));
  ASSIGN_OR_RETURN(SignedMessage message, Sign(session, state.input, *state.seat.key));
  return NodeInputStep(std::move(step.state_), std::move(message), std::move(input));
}

absl::StatusOr<NodeConsistencyStep> NodeConsistencyStep::From(NodeInputStep step,
                                                              absl::Span<const SignedMessage> inputs) {
  NodeState& state = *step.state_;
  const Session& session = state.session();
  ASSIGN_OR_RETURN(const std::vector<InputMessage> read, ReadInputs(session, inputs));
  RETURN_IF_ERROR(CheckInputs(state, read));
  if (read.size() < session.parameters().least_contributors) {
    return TooFew("contributors", read.size(), session.parameters().least_contributors);
  }
  std::vector<MemberHead> heads;
  for (const InputMessage& input : read) {
    state.contributors.push_back(input.sender);
    if (input.sender == state.seat.self) continue;
    heads.push_back({.member = &session.parameters().members[input.sender], .head = input.head});
  }
  state.consistency = {.sender = state.seat.self,
                       .contributors_hash = ContributorsHash(session, state.contributors),
                       .root = InputsRoot(session, read)};
  // What is kept is all that is signed: one root a session too.
  const std::string signed_hash =
      Sha256(absl::StrCat(state.consistency.contributors_hash, state.consistency.root));
  RETURN_IF_ERROR(state.seat.journal->SignContributors(session.id(), signed_hash, heads));
  ASSIGN_OR_RETURN(SignedMessage message, Sign(session, state.consistency, *state.seat.key));
  return NodeConsistencyStep(std::move(step.state_), std::move(message));
}

absl::StatusOr<NodeUnmaskStep> NodeUnmaskStep::From(NodeConsistencyStep step,
                                                    absl::Span<const SignedMessage> signatures) {
  NodeState& state = *step.state_;
  const Session& session = state.session();
  if (signatures.size() > session.size()) {
    return absl::InvalidArgumentError("secure sum: more signatures than members");
  }
  std::set<std::uint32_t> signers;
  for (const SignedMessage& message : signatures) {
    if (signers.size() == session.parameters().threshold) break;
    const auto read = ReadConsistency(session, message);
    if (read.ok() && read->contributors_hash == state.consistency.contributors_hash &&
        read->root == state.consistency.root &&
        std::binary_search(state.contributors.begin(), state.contributors.end(), read->sender)) {
      signers.insert(read->sender);
    }
  }
  if (signers.size() < session.parameters().threshold) {
    return TooFew("contributors that signed the same set", signers.size(), session.parameters().threshold);
  }
  std::vector<std::string> names;
  for (const std::uint32_t member : state.contributors)
    names.push_back(session.parameters().members[member].id);
  RETURN_IF_ERROR(state.seat.journal->Unmask(session.id(), names));

  UnmaskMessage unmask;
  unmask.sender = state.seat.self;
  for (NodePeer& peer : state.peers) {
    if (!peer.has_shared || peer.seed_share.empty()) continue;
    // One kind or the other: with both, the peer's own vector would lie open.
    if (std::binary_search(state.contributors.begin(), state.contributors.end(), peer.member)) {
      unmask.seed_shares.push_back({.member = peer.member, .share = std::move(peer.seed_share)});
    } else {
      unmask.mask_key_shares.push_back({.member = peer.member, .share = std::move(peer.mask_key_share)});
    }
  }
  ASSIGN_OR_RETURN(SignedMessage message, Sign(session, unmask, *state.seat.key));
  return NodeUnmaskStep(nullptr, std::move(message));
}

}  // namespace waymark::crypto
