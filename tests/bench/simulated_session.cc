#include "tests/bench/simulated_session.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "crypto/hash.h"
#include "crypto/merkle_tree.h"
#include "crypto/random.h"
#include "crypto/sealing.h"
#include "crypto/secret_sharing.h"
#include "crypto/secure_sum/masks.h"
#include "crypto/secure_sum/node_steps.h"
#include "tests/bench/timing.h"
#include "tests/testing/no_journal.h"

namespace waymark::crypto {
namespace {

// The last member's blocks: the coordinator adds an input up as soon as it is whole.
class LastInputStore final : public InputStore {
 public:
  absl::Status Put(std::uint32_t member, std::size_t block, absl::string_view bytes) override {
    if (member != member_) blocks_.clear();
    member_ = member;
    blocks_[block] = std::string(bytes);
    return absl::OkStatus();
  }
  absl::StatusOr<std::string> Get(std::uint32_t member, std::size_t block) const override {
    const auto found = blocks_.find(block);
    if (member != member_ || found == blocks_.end()) return absl::NotFoundError("an input that is gone");
    return found->second;
  }
  absl::Status Sync(std::uint32_t) override { return absl::OkStatus(); }
  absl::Status Drop(std::uint32_t) override { return absl::OkStatus(); }  // nothing is kept but the last
  absl::Status Clear() override {
    blocks_.clear();
    return absl::OkStatus();
  }

 private:
  std::uint32_t member_ = 0;
  std::map<std::size_t, std::string> blocks_;
};

// A member that is not real.
struct LightMember {
  AgreementKey mask_key;
  AgreementKey sealing_key;
  std::vector<std::uint32_t> peers{};  // neighbours and itself, rising
  SecretBytes seed{};
  std::vector<SecretBytes> seed_shares{};  // by peer
  std::vector<SecretBytes> mask_key_shares{};
  std::map<std::uint32_t, SecretBytes> opened{};  // what real members sealed for it, both shares
};

std::size_t Bytes(const SignedMessage& message) {
  return message.body.size() + message.signature.size();
}
std::size_t Bytes(const std::vector<SignedMessage>& messages) {
  std::size_t bytes = 0;
  for (const SignedMessage& message : messages) bytes += Bytes(message);
  return bytes;
}
std::size_t Bytes(const std::vector<SealedShares>& shares) {
  return shares.size() * (sizeof(std::uint32_t) + kSealedSharesBytes);
}

class Simulation {
 public:
  explicit Simulation(const SimulatedSize& size) : size_(size), plain_sum_(size.cells) {
    SessionParameters parameters;
    parameters.roster_hash = parameters.spec_hash = parameters.nonce = Sha256("simulated");
    for (std::size_t i = 0; i < size.members; ++i) {
      keys_.push_back(Must(SigningKey::Generate(random_)));
      parameters.members.push_back({absl::StrFormat("M%08d", i), keys_.back().public_key()});
    }
    parameters.threshold = parameters.least_contributors = LeastThreshold(size.members);
    parameters.word_bits = size.word_bits;
    parameters.cells = size.cells;
    parameters.degree = size.degree;
    parameters.share_threshold = size.share_threshold;
    if (size.degree > 0) parameters.beacon = Sha256("beacon");
    const Stopwatch watch(costs_.make_session);
    session_ = std::make_unique<Session>(Must(Session::Create(std::move(parameters))));
  }

  SimulatedOutcome Run() {
    CoordinatorSharesStep shares = Keys();
    CoordinatorInputStep inputs = Shares(std::move(shares));
    CoordinatorConsistencyStep consistency = Inputs(std::move(inputs));
    CoordinatorUnmaskStep unmask = Consistency(std::move(consistency));
    SecureSum sum = Unmask(std::move(unmask));
    if (sum.sum.ToValues() != plain_sum_)
      Require(absl::DataLossError("the sum is not that of plain addition"));
    return {.costs = costs_, .session = std::move(session_), .sum = std::move(sum)};
  }

 private:
  bool IsReal(std::size_t member) const { return member < size_.real; }
  bool Leaves(std::size_t member) const { return member >= size_.members - size_.leaving; }
  std::size_t contributors() const { return size_.members - size_.leaving; }
  StepCost& At(std::size_t step) { return costs_.steps[step]; }

  // Times `call`, which is a real member's step, and keeps the least time of all of them.
  template <typename Call>
  auto Timed(std::size_t step, Call call) {
    double seconds = 0;
    auto result = [&] {
      const Stopwatch watch(seconds);
      return Must(call());
    }();
    double& least = At(step).node_seconds;
    least = least == 0 ? seconds : std::min(least, seconds);
    At(step).node_sends = Bytes(result.message());
    return result;
  }
  template <typename Step>
  void Send(std::size_t step, const SignedMessage& message, Step& to) {
    At(step).server_receives += Bytes(message);
    const Stopwatch watch(At(step).server_seconds);
    Require(to.Add(message));
  }
  // What the server gives `member` before this step.
  template <typename Answer>
  Answer Given(std::size_t step, std::size_t member, Answer answer) {
    At(step).server_sends += Bytes(answer);
    if (IsReal(member)) At(step).node_receives = Bytes(answer);
    return answer;
  }
  template <typename Next, typename... Arguments>
  Next GoOn(std::size_t step, Arguments&&... arguments) {
    const Stopwatch watch(At(step).server_seconds);
    return Must(Next::From(std::forward<Arguments>(arguments)...));
  }

  CoordinatorSharesStep Keys() {
    CoordinatorKeysStep server(*session_);
    for (std::uint32_t i = 0; i < size_.members; ++i) {
      if (IsReal(i)) {
        const NodeSeat seat{
            .session = session_.get(), .self = i, .key = &keys_[i], .random = &random_, .journal = &journal_};
        at_keys_.push_back(Timed(0, [&] { return NodeKeysStep::Start(seat); }));
        public_keys_.push_back(Must(ReadKeys(*session_, at_keys_.back().message())));
        Send(0, at_keys_.back().message(), server);
        continue;
      }
      LightMember light{.mask_key = Must(AgreementKey::Generate(random_)),
                        .sealing_key = Must(AgreementKey::Generate(random_))};
      public_keys_.push_back({.sender = i,
                              .mask_key = light.mask_key.public_key(),
                              .sealing_key = light.sealing_key.public_key()});
      light_.emplace(i, std::move(light));
      Send(0, Must(Sign(*session_, public_keys_.back(), keys_[i])), server);
    }
    return GoOn<CoordinatorSharesStep>(1, std::move(server));
  }

  CoordinatorInputStep Shares(CoordinatorSharesStep server) {
    for (std::uint32_t i = 0; i < size_.members; ++i) {
      const std::vector<SignedMessage> keys = [&] {
        const Stopwatch watch(At(1).server_seconds);
        return server.KeysFor(i);
      }();
      Given(1, i, keys);
      if (IsReal(i)) {
        at_shares_.push_back(Timed(1, [&] { return NodeSharesStep::From(std::move(at_keys_[i]), keys); }));
        Send(1, at_shares_.back().message(), server);
      } else {
        Send(1, Must(Sign(*session_, LightShares(i), keys_[i])), server);
      }
    }
    return GoOn<CoordinatorInputStep>(2, std::move(server), store_);
  }

  SealingEnds Ends(std::uint32_t from, std::uint32_t to) const {
    return {.from = from,
            .to = to,
            .from_key = public_keys_[from].sealing_key,
            .to_key = public_keys_[to].sealing_key};
  }

  SharesMessage LightShares(std::uint32_t i) {
    LightMember& light = light_.at(i);
    light.peers = session_->NeighboursOf(i);
    SharesMessage message{.sender = i, .shares = {}};
    for (const std::uint32_t peer : light.peers) {
      message.shares.push_back({.member = peer, .sealed = std::string(kSealedSharesBytes, '\0')});
    }
    light.peers.insert(std::lower_bound(light.peers.begin(), light.peers.end(), i), i);
    std::vector<std::uint32_t> points;
    for (const std::uint32_t peer : light.peers) points.push_back(peer + 1);
    light.seed = Must(SecretBytes::Random(kSharedSecretBytes, random_));
    light.seed.MutableSecret().back() &= 0x7F;
    light.seed_shares = Must(SplitSecret(light.seed, session_->share_threshold(), points, random_));
    light.mask_key_shares =
        Must(SplitSecret(light.mask_key.private_key(), session_->share_threshold(), points, random_));
    for (SealedShares& entry : message.shares) {
      if (IsReal(entry.member)) entry.sealed = LightSealed(i, entry.member);
    }
    return message;
  }

  std::string LightSealed(std::uint32_t from, std::uint32_t to) const {
    const LightMember& light = light_.at(from);
    const auto at = static_cast<std::size_t>(std::lower_bound(light.peers.begin(), light.peers.end(), to) -
                                             light.peers.begin());
    const SecretBytes both(std::string(light.seed_shares[at].RevealSecretText()) +
                           std::string(light.mask_key_shares[at].RevealSecretText()) + BytesOf(LedgerHead{}));
    const SecretBytes key = Must(SealingKey(*session_, light.sealing_key, Ends(from, to)));
    return Must(Seal(key, SealingData(*session_, Ends(from, to)), both));
  }

  std::vector<std::int64_t> Values() {
    std::vector<std::int64_t> values(size_.cells);
    for (std::size_t cell = 0; cell < values.size(); ++cell) {
      values[cell] = static_cast<std::int64_t>((cell * 31 + ++drawn_) % 2'001) - 1'000;
      plain_sum_[cell] += values[cell];
    }
    return values;
  }

  CoordinatorConsistencyStep Inputs(CoordinatorInputStep server) {
    for (std::uint32_t i = 0; i < size_.members; ++i) {
      const std::vector<SealedShares> shares = Given(2, i, [&] {
        const Stopwatch watch(At(2).server_seconds);
        return server.SharesFor(i);
      }());
      if (Leaves(i)) continue;
      RingVector input = Must(RingVector::FromValues(size_.word_bits, Values()));
      if (IsReal(i)) {
        std::vector<SealedShares> given = shares;
        at_input_.push_back(Timed(2, [&] {
          return NodeInputStep::From(std::move(at_shares_[i]), std::move(given),
                                     [&]() -> absl::StatusOr<RingVector> { return std::move(input); });
        }));
        At(2).node_sends += at_input_.back().masked().size();
        SendInput(i, at_input_.back().message(), at_input_.back().masked(), server);
      } else {
        const SignedMessage message = LightInput(i, shares, input);
        SendInput(i, message, input.bytes(), server);
      }
    }
    return GoOn<CoordinatorConsistencyStep>(3, std::move(server));
  }

  SignedMessage LightInput(std::uint32_t i, const std::vector<SealedShares>& shares, RingVector& input) {
    LightMember& light = light_.at(i);
    for (const SealedShares& entry : shares) {
      if (!IsReal(entry.member)) continue;
      const SealingEnds ends = Ends(entry.member, i);
      const SecretBytes key = Must(SealingKey(*session_, light.sealing_key, ends));
      light.opened.emplace(entry.member, Must(OpenSealed(key, SealingData(*session_, ends), entry.sealed)));
    }
    std::vector<SignedGenerator> masks;
    masks.push_back(Must(SelfMask(*session_, i, light.seed)));
    for (const std::uint32_t peer : light.peers) {
      if (peer == i || (!IsReal(peer) && !Leaves(peer))) continue;
      masks.push_back(Must(PairMask(*session_, i, light.mask_key, peer, public_keys_[peer].mask_key)));
    }
    Require(input.Mask(absl::MakeSpan(masks)));
    return Must(Sign(*session_,
                     InputMessage{.sender = i,
                                  .root = MerkleRoot(InputBlockHashes(*session_, i, input.bytes())),
                                  .seed_commitment = SeedCommitment(*session_, i, light.seed),
                                  .peers_hash = PeersHash(*session_, light.peers),
                                  .head = {}},
                     keys_[i]));
  }

  void SendInput(std::uint32_t i, const SignedMessage& message, absl::string_view masked,
                 CoordinatorInputStep& server) {
    At(2).server_receives += masked.size();
    double seconds = 0;
    for (std::size_t block = 0; block < InputBlocks(*session_); ++block) {
      const Stopwatch watch(seconds);
      Require(server.PutBlock(i, block, masked.substr(block * kInputBlockBytes, kInputBlockBytes)));
    }
    costs_.commitments += seconds;
    At(2).server_seconds += seconds;
    Send(2, message, server);
    read_inputs_.push_back(Must(ReadInput(*session_, message)));
  }

  CoordinatorUnmaskStep Consistency(CoordinatorConsistencyStep server) {
    const std::vector<SignedMessage> inputs = [&] {
      const Stopwatch watch(At(3).server_seconds);
      return server.Inputs();
    }();
    std::vector<std::uint32_t> members;
    for (const InputMessage& input : read_inputs_) members.push_back(input.sender);
    ConsistencyMessage light{.sender = 0,
                             .contributors_hash = ContributorsHash(*session_, members),
                             .root = InputsRoot(*session_, read_inputs_)};
    At(3).server_sends = Bytes(inputs) * contributors();
    At(3).node_receives = Bytes(inputs);
    for (light.sender = 0; light.sender < contributors(); ++light.sender) {
      const std::uint32_t i = light.sender;
      if (IsReal(i)) {
        at_consistency_.push_back(
            Timed(3, [&] { return NodeConsistencyStep::From(std::move(at_input_[i]), inputs); }));
        Send(3, at_consistency_.back().message(), server);
      } else {
        Send(3, Must(Sign(*session_, light, keys_[i])), server);
      }
    }
    return GoOn<CoordinatorUnmaskStep>(4, std::move(server));
  }

  SecureSum Unmask(CoordinatorUnmaskStep server) {
    const std::vector<SignedMessage> signatures = [&] {
      const Stopwatch watch(At(4).server_seconds);
      return server.Signatures();
    }();
    At(4).server_sends = Bytes(signatures) * contributors();
    At(4).node_receives = Bytes(signatures);
    for (std::uint32_t i = 0; i < contributors(); ++i) {
      if (IsReal(i)) {
        const NodeUnmaskStep step =
            Timed(4, [&] { return NodeUnmaskStep::From(std::move(at_consistency_[i]), signatures); });
        Send(4, step.message(), server);
      } else {
        Send(4, Must(Sign(*session_, LightUnmask(i), keys_[i])), server);
      }
    }
    const double processor = ProcessSeconds();
    const double wall = WallSeconds();
    SecureSum sum = Must(server.Finish());
    costs_.finish = ProcessSeconds() - processor;
    costs_.finish_wall = WallSeconds() - wall;
    At(4).server_seconds += costs_.finish;
    return sum;
  }

  // `holder`'s share of a light member's secret, given away.
  SecretBytes Held(std::uint32_t holder, std::uint32_t of) {
    LightMember& light = light_.at(of);
    const auto at = static_cast<std::size_t>(
        std::lower_bound(light.peers.begin(), light.peers.end(), holder) - light.peers.begin());
    return std::move(Leaves(of) ? light.mask_key_shares[at] : light.seed_shares[at]);
  }

  UnmaskMessage LightUnmask(std::uint32_t i) {
    UnmaskMessage message;
    message.sender = i;
    const LightMember& light = light_.at(i);
    for (const std::uint32_t peer : light.peers) {
      auto& into = Leaves(peer) ? message.mask_key_shares : message.seed_shares;
      SecretBytes share =
          IsReal(peer) ? SecretBytes(light.opened.at(peer).RevealSecretText().substr(0, kSharedSecretBytes))
                       : Held(i, peer);
      into.push_back({.member = peer, .share = std::move(share)});
    }
    return message;
  }

  const SimulatedSize size_;
  SystemRandom random_;
  NoJournal journal_;
  LastInputStore store_;
  SimulatedCosts costs_;
  std::vector<SigningKey> keys_;
  std::unique_ptr<Session> session_;
  std::vector<KeysMessage> public_keys_;
  std::map<std::uint32_t, LightMember> light_;
  std::vector<NodeKeysStep> at_keys_;
  std::vector<NodeSharesStep> at_shares_;
  std::vector<NodeInputStep> at_input_;
  std::vector<NodeConsistencyStep> at_consistency_;
  std::vector<InputMessage> read_inputs_;
  std::vector<std::int64_t> plain_sum_;
  std::int64_t drawn_ = 0;
};

}  // namespace

SimulatedOutcome Simulate(const SimulatedSize& size) {
  return Simulation(size).Run();
}

}  // namespace waymark::crypto
