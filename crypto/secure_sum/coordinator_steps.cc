#include "crypto/secure_sum/coordinator_steps.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/key_agreement.h"
#include "crypto/merkle_tree.h"
#include "crypto/secure_sum/masks.h"
#include "crypto/secure_sum/secret_opener.h"

namespace waymark::crypto {
namespace {

absl::Status CheckEnough(absl::string_view what, std::size_t found, std::size_t needed) {
  if (found >= needed) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("secure sum: ", found, " members ", what, ", at least ", needed, " are needed"));
}

absl::Status LeftBehind(const Session& session, std::uint32_t member) {
  return absl::FailedPreconditionError(
      absl::StrCat("secure sum: the session has gone on without ", session.parameters().members[member].id));
}

// Whether the message is new; ALREADY_EXISTS where its sender sent another.
absl::StatusOr<bool> IsNew(const MessagesByMember& messages, std::uint32_t sender,
                           const SignedMessage& message) {
  const auto found = messages.find(sender);
  if (found == messages.end()) return true;
  if (found->second.body == message.body) return false;
  return absl::AlreadyExistsError("secure sum: the member sent another message for this step before");
}

std::vector<SignedMessage> Values(const MessagesByMember& messages) {
  std::vector<SignedMessage> values;
  values.reserve(messages.size());
  for (const auto& [member, message] : messages) values.push_back(message);
  return values;
}

// INVALID_ARGUMENT where nobody can agree with the key.
absl::Status CheckOrder(absl::string_view public_key) {
  ASSIGN_OR_RETURN(const AgreementKey any, AgreementKey::FromPrivate(SecretBytes(kX25519KeyBytes)));
  return any.Agree(public_key).status();
}

// A block that cannot be read leaves the sum as it was: the member may send its message again.
absl::Status AddInput(const Session& session, const InputStore& store, std::uint32_t member,
                      RingVector& sum) {
  std::vector<std::string> blocks;
  for (std::size_t index = 0; index < InputBlocks(session); ++index) {
    ASSIGN_OR_RETURN(std::string block, store.Get(member, index));
    if (block.size() != InputBlockBytes(session, index)) {
      return absl::DataLossError("secure sum: a masked input was shortened where it is kept");
    }
    blocks.push_back(std::move(block));
  }
  for (std::size_t index = 0; index < blocks.size(); ++index) {
    RETURN_IF_ERROR(sum.AddBytes(index * kInputBlockBytes, blocks[index]));
  }
  return absl::OkStatus();
}

// What another process put there is still what its member committed to.
absl::Status CheckKept(const Session& session, const InputStore& store, const InputMessage& input) {
  std::vector<std::string> hashes;
  for (std::size_t index = 0; index < InputBlocks(session); ++index) {
    ASSIGN_OR_RETURN(const std::string block, store.Get(input.sender, index));
    hashes.push_back(InputBlockHash(session, input.sender, index, block));
  }
  if (MerkleRoot(hashes) == input.root) return absl::OkStatus();
  return absl::DataLossError("secure sum: a masked input was altered where it is kept");
}

// Read and put under their senders, of whom none stands twice.
template <typename Read>
absl::Status KeepBySender(const Session& session, const std::vector<SignedMessage>& messages, Read read,
                          MessagesByMember& out) {
  for (const SignedMessage& message : messages) {
    ASSIGN_OR_RETURN(const auto one, read(session, message));
    if (!out.emplace(one.sender, message).second) {
      return absl::InvalidArgumentError("secure sum: a member stands twice among what was kept");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CoordinatorKeysStep::Add(const SignedMessage& message) {
  ASSIGN_OR_RETURN(const KeysMessage keys, ReadKeys(*session_, message));
  ASSIGN_OR_RETURN(const bool is_new, IsNew(messages_, keys.sender, message));
  if (!is_new) return absl::OkStatus();
  RETURN_IF_ERROR(CheckOrder(keys.mask_key));
  RETURN_IF_ERROR(CheckOrder(keys.sealing_key));
  if (keys.mask_key == keys.sealing_key || public_keys_.contains(keys.mask_key) ||
      public_keys_.contains(keys.sealing_key)) {
    return absl::InvalidArgumentError("secure sum: a public key that is there already");
  }
  public_keys_.insert({keys.mask_key, keys.sealing_key});
  messages_.emplace(keys.sender, message);
  return absl::OkStatus();
}

CoordinatorSharesStep::CoordinatorSharesStep(CoordinatorKeysStep step)
    : session_(step.session_), keys_(std::move(step.messages_)) {}

absl::StatusOr<CoordinatorSharesStep> CoordinatorSharesStep::From(CoordinatorKeysStep step) {
  RETURN_IF_ERROR(CheckEnough("sent keys", step.answered(), step.session_->parameters().least_contributors));
  return CoordinatorSharesStep(std::move(step));
}

std::vector<SignedMessage> CoordinatorSharesStep::KeysFor(std::uint32_t member) const {
  std::vector<SignedMessage> keys;
  std::vector<std::uint32_t> senders = session_->NeighboursOf(member);
  senders.insert(std::lower_bound(senders.begin(), senders.end(), member), member);
  for (const std::uint32_t sender : senders) {
    if (const auto found = keys_.find(sender); found != keys_.end()) keys.push_back(found->second);
  }
  return keys;
}

absl::Status CoordinatorSharesStep::Add(const SignedMessage& message) {
  ASSIGN_OR_RETURN(SharesMessage shares, ReadShares(*session_, message));
  if (!keys_.contains(shares.sender)) return LeftBehind(*session_, shares.sender);
  ASSIGN_OR_RETURN(const bool is_new, IsNew(messages_, shares.sender, message));
  if (!is_new) return absl::OkStatus();
  std::vector<std::uint32_t> expected;
  for (const std::uint32_t neighbour : session_->NeighboursOf(shares.sender)) {
    if (keys_.contains(neighbour)) expected.push_back(neighbour);
  }
  const bool is_for_all = std::equal(
      shares.shares.begin(), shares.shares.end(), expected.begin(), expected.end(),
      [](const SealedShares& entry, std::uint32_t neighbour) { return entry.member == neighbour; });
  if (!is_for_all) {
    return absl::InvalidArgumentError("secure sum: shares for others than the neighbours that sent keys");
  }
  for (SealedShares& entry : shares.shares) {
    deliveries_[entry.member].push_back({.member = shares.sender, .sealed = std::move(entry.sealed)});
  }
  messages_.emplace(shares.sender, message);
  return absl::OkStatus();
}

CoordinatorInputStep::CoordinatorInputStep(CoordinatorSharesStep step, InputStore& store)
    : session_(step.session_),
      store_(&store),
      keys_(std::move(step.keys_)),
      deliveries_(std::move(step.deliveries_)),
      sum_(session_->parameters().word_bits, session_->parameters().cells) {
  for (const auto& [member, message] : step.messages_) sharers_.push_back(member);
}

absl::StatusOr<CoordinatorInputStep> CoordinatorInputStep::From(CoordinatorSharesStep step,
                                                                InputStore& store) {
  RETURN_IF_ERROR(
      CheckEnough("sent shares", step.answered(), step.session_->parameters().least_contributors));
  return CoordinatorInputStep(std::move(step), store);
}

const std::vector<SealedShares>& CoordinatorInputStep::SharesFor(std::uint32_t member) const {
  static const std::vector<SealedShares> kNone;
  const auto found = deliveries_.find(member);
  const bool has_shared = std::binary_search(sharers_.begin(), sharers_.end(), member);
  return has_shared && found != deliveries_.end() ? found->second : kNone;
}

absl::Status CoordinatorInputStep::PutBlock(std::uint32_t member, std::size_t index,
                                            absl::string_view bytes) {
  if (!std::binary_search(sharers_.begin(), sharers_.end(), member)) {
    return absl::FailedPreconditionError("secure sum: a masked input of a member that sent no shares");
  }
  if (index >= InputBlocks(*session_) || bytes.size() != InputBlockBytes(*session_, index)) {
    return absl::InvalidArgumentError(absl::StrCat("secure sum: block ", index, " of ", bytes.size(),
                                                   " bytes; there are ", InputBlocks(*session_), " of ",
                                                   kInputBlockBytes, ", the last may be shorter"));
  }
  const std::string hash = InputBlockHash(*session_, member, index, bytes);
  std::vector<std::string>& hashes = block_hashes_[member];
  hashes.resize(InputBlocks(*session_));
  if (hashes[index] == hash) return absl::OkStatus();
  if (messages_.contains(member)) {
    return absl::AlreadyExistsError("secure sum: the masked input is in already, with another block here");
  }
  RETURN_IF_ERROR(store_->Put(member, index, bytes));
  hashes[index] = hash;
  return absl::OkStatus();
}

absl::Status CoordinatorInputStep::Add(const SignedMessage& message) {
  ASSIGN_OR_RETURN(const InputMessage input, ReadInput(*session_, message));
  if (!std::binary_search(sharers_.begin(), sharers_.end(), input.sender)) {
    return LeftBehind(*session_, input.sender);
  }
  ASSIGN_OR_RETURN(const bool is_new, IsNew(messages_, input.sender, message));
  if (!is_new) return absl::OkStatus();
  const std::vector<std::string>& hashes = block_hashes_[input.sender];
  if (hashes.empty() || std::any_of(hashes.begin(), hashes.end(), [](const auto& h) { return h.empty(); })) {
    return absl::FailedPreconditionError("secure sum: the input's blocks are not all here; send them first");
  }
  if (MerkleRoot(hashes) != input.root) {
    return absl::InvalidArgumentError("secure sum: the input's blocks are not what its message commits to");
  }
  // Its neighbours among those whose shares it was given: else their masks would not cancel.
  std::vector<std::uint32_t> peers = {input.sender};
  for (const SealedShares& delivered : SharesFor(input.sender)) peers.push_back(delivered.member);
  std::sort(peers.begin(), peers.end());
  if (input.peers_hash != PeersHash(*session_, peers)) {
    return absl::InvalidArgumentError("secure sum: the input is masked against others than sent shares");
  }
  RETURN_IF_ERROR(AddInput(*session_, *store_, input.sender, sum_));
  messages_.emplace(input.sender, message);
  return absl::OkStatus();
}

CoordinatorConsistencyStep::CoordinatorConsistencyStep(CoordinatorInputStep step)
    : session_(step.session_),
      keys_(std::move(step.keys_)),
      sharers_(std::move(step.sharers_)),
      inputs_(std::move(step.messages_)),
      sum_(std::move(step.sum_)) {}

absl::StatusOr<CoordinatorConsistencyStep> CoordinatorConsistencyStep::From(CoordinatorInputStep step) {
  RETURN_IF_ERROR(
      CheckEnough("sent inputs", step.answered(), step.session_->parameters().least_contributors));
  CoordinatorConsistencyStep next(std::move(step));
  std::vector<InputMessage> inputs;
  std::vector<std::uint32_t> contributors;
  for (const auto& [member, message] : next.inputs_) {
    ASSIGN_OR_RETURN(InputMessage input, ReadInput(*next.session_, message));
    inputs.push_back(std::move(input));
    contributors.push_back(member);
  }
  next.contributors_hash_ = ContributorsHash(*next.session_, contributors);
  next.root_ = InputsRoot(*next.session_, inputs);
  return next;
}

std::vector<SignedMessage> CoordinatorConsistencyStep::Inputs() const {
  return Values(inputs_);
}

absl::Status CoordinatorConsistencyStep::Add(const SignedMessage& message) {
  ASSIGN_OR_RETURN(const ConsistencyMessage consistency, ReadConsistency(*session_, message));
  if (!inputs_.contains(consistency.sender)) return LeftBehind(*session_, consistency.sender);
  ASSIGN_OR_RETURN(const bool is_new, IsNew(messages_, consistency.sender, message));
  if (!is_new) return absl::OkStatus();
  if (consistency.contributors_hash != contributors_hash_ || consistency.root != root_) {
    return absl::InvalidArgumentError("secure sum: a signature over other contributors or inputs");
  }
  messages_.emplace(consistency.sender, message);
  return absl::OkStatus();
}

CoordinatorUnmaskStep::CoordinatorUnmaskStep(CoordinatorConsistencyStep step)
    : session_(step.session_),
      keys_(std::move(step.keys_)),
      sharers_(std::move(step.sharers_)),
      inputs_(std::move(step.inputs_)),
      sum_(std::move(step.sum_)),
      signatures_(std::move(step.messages_)) {
  ExpectShares();
}

void CoordinatorUnmaskStep::ExpectShares() {
  for (const std::uint32_t member : sharers_) {
    (IsContributor(member) ? seed_shares_ : mask_key_shares_)[member];
  }
}

OpeningSum CoordinatorUnmaskStep::Kept() const {
  return {.keys = Values(keys_),
          .sharers = sharers_,
          .inputs = Values(inputs_),
          .signatures = Values(signatures_)};
}

absl::StatusOr<CoordinatorUnmaskStep> CoordinatorUnmaskStep::Resume(const Session& session,
                                                                    const OpeningSum& kept,
                                                                    const InputStore& store) {
  CoordinatorUnmaskStep step(session);
  RETURN_IF_ERROR(KeepBySender(session, kept.keys, ReadKeys, step.keys_));
  RETURN_IF_ERROR(KeepBySender(session, kept.inputs, ReadInput, step.inputs_));
  RETURN_IF_ERROR(KeepBySender(session, kept.signatures, ReadConsistency, step.signatures_));
  step.sharers_ = kept.sharers;
  std::sort(step.sharers_.begin(), step.sharers_.end());
  const SessionParameters& parameters = session.parameters();
  RETURN_IF_ERROR(CheckEnough("sent inputs", step.inputs_.size(), parameters.least_contributors));
  RETURN_IF_ERROR(CheckEnough("signed the contributors", step.signatures_.size(), parameters.threshold));
  const bool all_sent_keys = std::all_of(step.sharers_.begin(), step.sharers_.end(),
                                         [&](std::uint32_t member) { return step.keys_.contains(member); });
  const bool all_shared = std::all_of(step.inputs_.begin(), step.inputs_.end(), [&](const auto& input) {
    return std::binary_search(step.sharers_.begin(), step.sharers_.end(), input.first);
  });
  if (!all_sent_keys || !all_shared) {
    return absl::InvalidArgumentError("secure sum: what was kept does not fit together");
  }
  for (const auto& [member, message] : step.inputs_) {
    ASSIGN_OR_RETURN(const InputMessage input, ReadInput(session, message));
    RETURN_IF_ERROR(CheckKept(session, store, input));
    RETURN_IF_ERROR(AddInput(session, store, member, step.sum_));
  }
  step.ExpectShares();
  return step;
}

absl::StatusOr<CoordinatorUnmaskStep> CoordinatorUnmaskStep::From(CoordinatorConsistencyStep step) {
  RETURN_IF_ERROR(
      CheckEnough("signed the contributors", step.answered(), step.session_->parameters().threshold));
  return CoordinatorUnmaskStep(std::move(step));
}

std::vector<SignedMessage> CoordinatorUnmaskStep::Signatures() const {
  return Values(signatures_);
}

absl::Status CoordinatorUnmaskStep::Add(const SignedMessage& message) {
  ASSIGN_OR_RETURN(UnmaskMessage unmask, ReadUnmask(*session_, message));
  if (!inputs_.contains(unmask.sender)) return LeftBehind(*session_, unmask.sender);
  ASSIGN_OR_RETURN(const bool is_new, IsNew(messages_, unmask.sender, message));
  if (!is_new) return absl::OkStatus();
  const auto is_asked_for = [&](const Shares& secrets, const HeldShare& held) {
    return secrets.contains(held.member) &&
           (held.member == unmask.sender || session_->AreNeighbours(held.member, unmask.sender));
  };
  for (const HeldShare& held : unmask.seed_shares) {
    if (!is_asked_for(seed_shares_, held)) {
      return absl::InvalidArgumentError("secure sum: a seed's share that the protocol does not ask for");
    }
  }
  for (const HeldShare& held : unmask.mask_key_shares) {
    if (!is_asked_for(mask_key_shares_, held)) {
      return absl::InvalidArgumentError("secure sum: a mask key's share that the protocol does not ask for");
    }
  }
  for (HeldShare& held : unmask.seed_shares) seed_shares_[held.member][unmask.sender] = std::move(held.share);
  for (HeldShare& held : unmask.mask_key_shares) {
    mask_key_shares_[held.member][unmask.sender] = std::move(held.share);
  }
  messages_.emplace(unmask.sender, message);
  return absl::OkStatus();
}

bool CoordinatorUnmaskStep::CanFinish() const {
  const auto has_enough = [this](const auto& secret) {
    return secret.second.size() >= session_->share_threshold();
  };
  return std::all_of(seed_shares_.begin(), seed_shares_.end(), has_enough) &&
         std::all_of(mask_key_shares_.begin(), mask_key_shares_.end(), has_enough);
}

absl::Status CoordinatorUnmaskStep::OpenInto(const TranscriptMessages& messages,
                                             Transcript& transcript) const {
  SecretOpener opener(session_->share_threshold());
  const auto open = [&](std::uint32_t member, const SecretOpener::Shares& shares, SecretOpener::Fits fits,
                        std::vector<OpenedSecret>& into) -> absl::Status {
    const auto secret = opener.Open(shares, fits);
    if (!secret.ok()) {
      return WithContext(secret.status(),
                         absl::StrCat("secure sum: a secret of ", session_->parameters().members[member].id));
    }
    into.push_back({.member = member, .secret = std::string(secret->RevealSecretText())});
    return absl::OkStatus();
  };
  for (const InputMessage& input : messages.inputs) {
    const auto fits = [&](const SecretBytes& secret) { return IsSeedOf(*session_, input, secret); };
    RETURN_IF_ERROR(open(input.sender, seed_shares_.at(input.sender), fits, transcript.seeds));
  }
  for (const auto& [member, shares] : mask_key_shares_) {
    const KeysMessage& keys = messages.keys[member];
    const auto fits = [&](const SecretBytes& secret) { return IsMaskKeyOf(keys, secret); };
    RETURN_IF_ERROR(open(member, shares, fits, transcript.mask_keys));
  }
  return absl::OkStatus();
}

absl::StatusOr<SecureSum> CoordinatorUnmaskStep::Finish() {
  if (!CanFinish())
    return absl::FailedPreconditionError("secure sum: shares of some secret are still missing");
  Transcript transcript{.keys = Values(keys_), .inputs = Values(inputs_), .seeds = {}, .mask_keys = {}};
  ASSIGN_OR_RETURN(TranscriptMessages messages, ReadTranscriptMessages(*session_, transcript));
  RETURN_IF_ERROR(OpenInto(messages, transcript));
  // The members will check it too.
  ASSIGN_OR_RETURN(const CheckedTranscript checked,
                   CheckedTranscript::Check(*session_, std::move(messages), transcript));
  RETURN_IF_ERROR(checked.Unmask(*session_, 0, sum_));
  return SecureSum{.sum = std::move(sum_), .transcript = std::move(transcript)};
}

}  // namespace waymark::crypto
