#include "crypto/secure_sum/transcript.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/threads.h"
#include "crypto/key_agreement.h"
#include "crypto/merkle_tree.h"
#include "crypto/secret_sharing.h"
#include "crypto/secure_sum/masks.h"

namespace waymark::crypto {
namespace {

absl::Status Wrong(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("secure sum: ", what, ": the published sum is not to be believed"));
}

absl::StatusOr<std::vector<InputMessage>> ReadInputs(const Session& session,
                                                     const std::vector<SignedMessage>& messages) {
  std::vector<InputMessage> inputs;
  for (const SignedMessage& message : messages) {
    ASSIGN_OR_RETURN(InputMessage input, ReadInput(session, message));
    if (!inputs.empty() && input.sender <= inputs.back().sender) {
      return absl::InvalidArgumentError("secure sum: the transcript's inputs must rise by member");
    }
    inputs.push_back(std::move(input));
  }
  if (inputs.size() < session.parameters().least_contributors) {
    return absl::FailedPreconditionError(
        absl::StrCat("secure sum: ", inputs.size(), " contributors, at least ",
                     session.parameters().least_contributors, " are needed"));
  }
  return inputs;
}

absl::StatusOr<std::vector<KeysMessage>> ReadAllKeys(const Session& session,
                                                     const std::vector<SignedMessage>& messages) {
  std::vector<KeysMessage> keys(session.size());
  for (const SignedMessage& message : messages) {
    ASSIGN_OR_RETURN(KeysMessage read, ReadKeys(session, message));
    KeysMessage& into = keys[read.sender];
    if (!into.mask_key.empty()) {
      return absl::InvalidArgumentError("secure sum: the transcript has a member's keys twice");
    }
    into = std::move(read);
  }
  return keys;
}

absl::Status CheckSeeds(const Session& session, const std::vector<InputMessage>& inputs,
                        const std::vector<OpenedSecret>& seeds) {
  if (seeds.size() != inputs.size()) return Wrong("a seed is missing, or there is one too many");
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    const std::uint32_t member = inputs[i].sender;
    if (seeds[i].member != member || !IsSeedOf(session, inputs[i], SecretBytes(seeds[i].secret))) {
      return Wrong("a seed does not open its commitment");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckMaskKeys(const Session& session, const std::vector<KeysMessage>& keys,
                           const std::vector<InputMessage>& inputs, const std::vector<OpenedSecret>& opened) {
  for (std::size_t i = 0; i < opened.size(); ++i) {
    const std::uint32_t member = opened[i].member;
    const bool rises = member < session.size() && (i == 0 || opened[i - 1].member < member);
    const bool contributed = std::any_of(inputs.begin(), inputs.end(),
                                         [&](const InputMessage& input) { return input.sender == member; });
    if (!rises || contributed) return Wrong("a mask key was opened that should not be");
    if (!IsMaskKeyOf(keys[member], SecretBytes(opened[i].secret))) {
      return Wrong("an opened mask key is not the advertised one");
    }
  }
  return absl::OkStatus();
}

// Each input is masked against exactly those whose masks are taken off or cancel.
absl::Status CheckPeers(const Session& session, const std::vector<InputMessage>& inputs,
                        const std::vector<OpenedSecret>& opened) {
  std::vector<bool> is_there(session.size());
  for (const InputMessage& input : inputs) is_there[input.sender] = true;
  for (const OpenedSecret& left : opened) is_there[left.member] = true;
  for (const InputMessage& input : inputs) {
    std::vector<std::uint32_t> peers = {input.sender};
    for (const std::uint32_t neighbour : session.NeighboursOf(input.sender)) {
      if (is_there[neighbour]) peers.push_back(neighbour);
    }
    std::sort(peers.begin(), peers.end());
    if (input.peers_hash != PeersHash(session, peers)) {
      return Wrong("an input is masked against others than the transcript names");
    }
  }
  return absl::OkStatus();
}

absl::Status TakeOff(std::vector<SignedGenerator>& masks, std::uint64_t from, RingVector& words) {
  for (SignedGenerator& mask : masks) RETURN_IF_ERROR(mask.generator.Seek(from));
  return words.Mask(absl::MakeSpan(masks));
}

// Generators at a time: all of them may be thousands.
constexpr std::size_t kSeedsAtOnce = 32;

}  // namespace

bool IsSeedOf(const Session& session, const InputMessage& input, const SecretBytes& secret) {
  // The length too: to the commitment a seed with a zero byte more is the same, to the mask it is not.
  return secret.size() == kSharedSecretBytes &&
         SeedCommitment(session, input.sender, secret) == input.seed_commitment;
}

bool IsMaskKeyOf(const KeysMessage& keys, const SecretBytes& secret) {
  const auto key = AgreementKey::FromPrivate(secret);
  return key.ok() && key->public_key() == keys.mask_key;
}

absl::StatusOr<TranscriptMessages> ReadTranscriptMessages(const Session& session,
                                                          const Transcript& transcript) {
  TranscriptMessages messages;
  ASSIGN_OR_RETURN(messages.keys, ReadAllKeys(session, transcript.keys));
  ASSIGN_OR_RETURN(messages.inputs, ReadInputs(session, transcript.inputs));
  return messages;
}

absl::StatusOr<CheckedTranscript> CheckedTranscript::Check(const Session& session,
                                                           const Transcript& transcript) {
  ASSIGN_OR_RETURN(TranscriptMessages messages, ReadTranscriptMessages(session, transcript));
  return Check(session, std::move(messages), transcript);
}

absl::StatusOr<CheckedTranscript> CheckedTranscript::Check(const Session& session,
                                                           TranscriptMessages messages,
                                                           const Transcript& transcript) {
  for (const InputMessage& input : messages.inputs) {
    if (messages.keys[input.sender].mask_key.empty()) return Wrong("a contributor without keys");
  }
  RETURN_IF_ERROR(CheckSeeds(session, messages.inputs, transcript.seeds));
  RETURN_IF_ERROR(CheckMaskKeys(session, messages.keys, messages.inputs, transcript.mask_keys));
  RETURN_IF_ERROR(CheckPeers(session, messages.inputs, transcript.mask_keys));
  CheckedTranscript checked;
  checked.keys_ = std::move(messages.keys);
  checked.inputs_ = std::move(messages.inputs);
  checked.seeds_ = transcript.seeds;
  checked.mask_keys_ = transcript.mask_keys;
  return checked;
}

std::vector<std::uint32_t> CheckedTranscript::contributors() const {
  std::vector<std::uint32_t> members;
  for (const InputMessage& input : inputs_) members.push_back(input.sender);
  return members;
}

absl::Status CheckedTranscript::Unmask(const Session& session, std::uint64_t from, RingVector& words) const {
  // A part is what takes some hundred masks off: whoever is free takes the next one, and takes it off a
  // vector of its own. Numbers modulo 2^w add up to the same in any order.
  const std::size_t seed_parts = (seeds_.size() + kSeedsAtOnce - 1) / kSeedsAtOnce;
  const std::size_t parts = seed_parts + mask_keys_.size();
  const std::size_t threads = std::clamp<std::size_t>(parts, 1, WorthwhileThreads());
  std::vector<RingVector> without;
  for (std::size_t i = 0; i < threads; ++i) without.emplace_back(words.word_bits(), words.words());
  std::vector<absl::Status> status(threads);
  std::atomic<std::size_t> next = 0;
  InParallel(threads, [&](std::size_t thread) {
    for (std::size_t part = next++; part < parts && status[thread].ok(); part = next++) {
      auto masks = part < seed_parts ? SeedMasks(session, part * kSeedsAtOnce)
                                     : MissingMasks(session, mask_keys_[part - seed_parts]);
      status[thread] = masks.ok() ? TakeOff(*masks, from, without[thread]) : masks.status();
    }
  });
  for (std::size_t i = 0; i < threads; ++i) {
    RETURN_IF_ERROR(status[i]);
    RETURN_IF_ERROR(words.Add(without[i]));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<SignedGenerator>> CheckedTranscript::SeedMasks(const Session& session,
                                                                          std::size_t first) const {
  std::vector<SignedGenerator> masks;
  for (std::size_t i = first; i < std::min(seeds_.size(), first + kSeedsAtOnce); ++i) {
    ASSIGN_OR_RETURN(SignedGenerator mask,
                     SelfMask(session, seeds_[i].member, SecretBytes(seeds_[i].secret)));
    masks.push_back(Undo(std::move(mask)));
  }
  return masks;
}

absl::StatusOr<std::vector<SignedGenerator>> CheckedTranscript::MissingMasks(const Session& session,
                                                                             const OpenedSecret& left) const {
  std::vector<SignedGenerator> masks;
  ASSIGN_OR_RETURN(const AgreementKey key, AgreementKey::FromPrivate(SecretBytes(left.secret)));
  for (const InputMessage& input : inputs_) {
    if (!session.AreNeighbours(left.member, input.sender)) continue;
    // What the one that left would have added is what its neighbour's mask lacks.
    ASSIGN_OR_RETURN(SignedGenerator mask,
                     PairMask(session, left.member, key, input.sender, keys_[input.sender].mask_key));
    masks.push_back(std::move(mask));
  }
  return masks;
}

absl::Status CheckSumBlock(const Session& session, const CheckedTranscript& transcript, std::size_t index,
                           absl::Span<const ProvenBlock> blocks, absl::string_view sum) {
  const std::vector<InputMessage>& inputs = transcript.inputs();
  if (index >= InputBlocks(session) || blocks.size() != inputs.size() ||
      sum.size() != InputBlockBytes(session, index)) {
    return Wrong(absl::StrCat("block ", index, " is not there as it should be"));
  }
  const std::uint32_t word_bits = session.parameters().word_bits;
  RingVector total(word_bits, sum.size() / (word_bits / 8));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::string leaf = InputBlockHash(session, inputs[i].sender, index, blocks[i].bytes);
    if (blocks[i].bytes.size() != sum.size() ||
        !IsInMerkleTree(inputs[i].root, leaf, index, InputBlocks(session), blocks[i].proof)) {
      return Wrong(absl::StrCat("block ", index, " of a contributor is not what it signed"));
    }
    RETURN_IF_ERROR(total.AddBytes(0, blocks[i].bytes));
  }
  RETURN_IF_ERROR(transcript.Unmask(session, index * kInputBlockBytes, total));
  return total.bytes() == sum ? absl::OkStatus()
                              : Wrong(absl::StrCat("block ", index, " of the sum is wrong"));
}

}  // namespace waymark::crypto
