// A federation in memory: members with keys, a coordinator's steps, and everything in between as a test wants
// it. Nothing here computes a sum but plain addition.
#ifndef WAYMARK_TESTS_UNIT_CRYPTO_SECURE_SUM_FEDERATION_H_
#define WAYMARK_TESTS_UNIT_CRYPTO_SECURE_SUM_FEDERATION_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/secure_sum/coordinator_steps.h"
#include "crypto/secure_sum/masks.h"
#include "crypto/secure_sum/node_steps.h"
#include "tests/testing/status_matchers.h"

namespace waymark::crypto {

// Keeps what a ledger would, for one node.
class FakeJournal final : public Journal {
 public:
  absl::Status Begin(absl::string_view session) override {
    if (!begun.insert(std::string(session)).second) return absl::AlreadyExistsError("begun before");
    entries.push_back(Sha256("begun " + (entries.empty() ? "" : entries.back()) + std::string(session)));
    return absl::OkStatus();
  }
  absl::Status ConfirmCharged(absl::string_view) override {
    if (!is_charged) return absl::FailedPreconditionError("no charge in the ledger");
    entries.push_back(Sha256("charged after " + entries.back()));
    return absl::OkStatus();
  }
  absl::StatusOr<LedgerHead> Head() override {
    LedgerHead head;
    head.losses = losses;
    head.sequence = entries.size();
    if (!entries.empty()) head.hash = entries.back();
    return head;
  }
  absl::StatusOr<std::vector<LedgerHead>> HeadsOf(absl::Span<const SessionMember* const> members) override {
    std::vector<LedgerHead> heads;
    for (const SessionMember* member : members) {
      const auto found = known.find(member->id);
      heads.push_back(found == known.end() ? LedgerHead{} : found->second);
    }
    return heads;
  }
  absl::StatusOr<bool> Has(const LedgerHead& own) override {
    const bool stands = own.sequence <= entries.size() && entries[own.sequence - 1] == own.hash;
    return stands || own.losses < losses;
  }
  absl::Status KeepMissing(const LedgerHead& own) override {
    missing = own;
    return absl::OkStatus();
  }
  absl::Status SignContributors(absl::string_view session, absl::string_view hash,
                                const std::vector<MemberHead>& heads) override {
    const auto [entry, is_new] = signed_hash.emplace(std::string(session), std::string(hash));
    if (!is_new && entry->second != hash) return absl::AlreadyExistsError("signed another");
    for (const MemberHead& each : heads) {
      if (IsFurther(each.head, known[each.member->id])) known[each.member->id] = each.head;
    }
    return absl::OkStatus();
  }
  absl::Status Unmask(absl::string_view session, const std::vector<std::string>& contributors) override {
    return unmasked.emplace(std::string(session), contributors).second ? absl::OkStatus()
                                                                       : absl::AlreadyExistsError("unmasked");
  }

  bool is_charged = true;
  std::uint64_t losses = 0;
  std::vector<std::string> entries;
  std::map<std::string, LedgerHead> known;  // of the others
  LedgerHead missing;
  std::set<std::string> begun;
  std::map<std::string, std::string> signed_hash;
  std::map<std::string, std::vector<std::string>> unmasked;
};

struct TestMember {
  TestMember(std::string member_id, SigningKey signing_key)
      : id(std::move(member_id)), key(std::move(signing_key)) {}
  std::string id;
  SigningKey key;
  FakeJournal journal;
};

inline std::vector<std::unique_ptr<TestMember>> MakeMembers(std::size_t n, RandomSource& random) {
  std::vector<std::unique_ptr<TestMember>> members;
  for (std::size_t i = 0; i < n; ++i) {
    std::string number = std::to_string(i);
    members.push_back(std::make_unique<TestMember>("E" + std::string(8 - number.size(), '0') + number,
                                                   *SigningKey::Generate(random)));
  }
  return members;
}

inline SessionParameters ParametersOf(const std::vector<std::unique_ptr<TestMember>>& members,
                                      std::uint64_t cells, std::uint32_t word_bits = 64) {
  SessionParameters p;
  p.roster_hash = Sha256("roster");
  p.spec_hash = Sha256("spec");
  p.nonce = Sha256("nonce");
  for (const auto& member : members) p.members.push_back({member->id, member->key.public_key()});
  p.threshold = LeastThreshold(members.size());
  p.least_contributors = p.threshold;
  p.word_bits = word_bits;
  p.cells = cells;
  return p;
}

// One session over members' values. Each step leaves out whoever stands in its set of silent members.
class TestRound {
 public:
  TestRound(std::vector<std::unique_ptr<TestMember>>& members, SessionParameters parameters,
            RandomSource& random)
      : session(*Session::Create(std::move(parameters))), members_(members), random_(random), keys(session) {}

  NodeSeat Seat(std::uint32_t i) {
    return {.session = &session,
            .self = i,
            .key = &members_[i]->key,
            .random = randoms.contains(i) ? randoms.at(i) : &random_,
            .journal = &members_[i]->journal};
  }

  void Keys(const std::set<std::uint32_t>& silent = {}) {
    for (const std::uint32_t i : Turns(silent)) {
      auto step = NodeKeysStep::Start(Seat(i));
      ASSERT_OK(step);
      ASSERT_OK(Send(keys, step->message()));
      at_keys.emplace(i, *std::move(step));
    }
  }

  absl::Status Shares(const std::set<std::uint32_t>& silent = {}) {
    auto next = CoordinatorSharesStep::From(std::move(keys));
    if (!next.ok()) return next.status();
    shares.emplace(*std::move(next));
    for (const std::uint32_t i : Turns(silent, at_keys)) {
      auto node = NodeSharesStep::From(std::move(at_keys.at(i)), Mixed(shares->KeysFor(i)));
      if (!node.ok()) return node.status();
      if (const absl::Status added = Send(*shares, node->message()); !added.ok()) return added;
      at_shares.emplace(i, *std::move(node));
    }
    return absl::OkStatus();
  }

  absl::Status Inputs(const std::vector<std::vector<std::int64_t>>& values,
                      const std::set<std::uint32_t>& silent = {}) {
    auto next = CoordinatorInputStep::From(std::move(*shares), store);
    if (!next.ok()) return next.status();
    inputs.emplace(*std::move(next));
    for (const std::uint32_t i : Turns(silent, at_shares)) {
      auto node = NodeInputStep::From(std::move(at_shares.at(i)), Mixed(inputs->SharesFor(i)), [&] {
        return RingVector::FromValues(session.parameters().word_bits, values[i]);
      });
      if (!node.ok()) return node.status();
      if (const absl::Status added = Deliver(i, *node); !added.ok()) return added;
      at_input.emplace(i, *std::move(node));
    }
    return absl::OkStatus();
  }

  absl::Status Deliver(std::uint32_t i, const NodeInputStep& node) {
    std::vector<std::size_t> blocks(InputBlocks(session));
    std::iota(blocks.begin(), blocks.end(), std::size_t{0});
    for (const std::size_t block : Mixed(std::move(blocks))) {
      const absl::Status put =
          inputs->PutBlock(i, block, node.masked().substr(block * kInputBlockBytes, kInputBlockBytes));
      if (!put.ok()) return put;
    }
    return Send(*inputs, node.message());
  }

  absl::Status Consistency(const std::set<std::uint32_t>& silent = {}) {
    auto next = CoordinatorConsistencyStep::From(std::move(*inputs));
    if (!next.ok()) return next.status();
    consistency.emplace(*std::move(next));
    for (const std::uint32_t i : Turns(silent, at_input)) {
      auto node = NodeConsistencyStep::From(std::move(at_input.at(i)), consistency->Inputs());
      if (!node.ok()) return node.status();
      if (const absl::Status added = Send(*consistency, node->message()); !added.ok()) return added;
      at_consistency.emplace(i, *std::move(node));
    }
    return absl::OkStatus();
  }

  absl::Status Unmask(const std::set<std::uint32_t>& silent = {}) {
    auto next = CoordinatorUnmaskStep::From(std::move(*consistency));
    if (!next.ok()) return next.status();
    unmask.emplace(*std::move(next));
    for (const std::uint32_t i : Turns(silent, at_consistency)) {
      auto node = NodeUnmaskStep::From(std::move(at_consistency.at(i)), Mixed(unmask->Signatures()));
      if (!node.ok()) return node.status();
      if (const absl::Status added = Send(*unmask, node->message()); !added.ok()) return added;
      sent_unmask.emplace(i, node->message());
    }
    return absl::OkStatus();
  }

  Session session;
  std::map<std::uint32_t, RandomSource*> randoms;  // of members that do not draw from the common one
  // Where set: members answer in any order, what they get is in any order, but for the inputs, which have to
  // rise; and what they send comes again, together with what they sent in earlier steps.
  std::mt19937_64* disorder = nullptr;

 private:
  template <typename T>
  std::vector<T> Mixed(std::vector<T> all) {
    if (disorder != nullptr) std::shuffle(all.begin(), all.end(), *disorder);
    return all;
  }
  std::vector<std::uint32_t> Turns(const std::set<std::uint32_t>& silent) {
    std::vector<std::uint32_t> turns;
    for (std::uint32_t i = 0; i < members_.size(); ++i) {
      if (!silent.contains(i)) turns.push_back(i);
    }
    return Mixed(std::move(turns));
  }
  template <typename Step>
  std::vector<std::uint32_t> Turns(std::set<std::uint32_t> silent, const std::map<std::uint32_t, Step>& at) {
    for (std::uint32_t i = 0; i < members_.size(); ++i) {
      if (!at.contains(i)) silent.insert(i);
    }
    return Turns(silent);
  }
  template <typename Step>
  absl::Status Send(Step& step, const SignedMessage& message) {
    const absl::Status added = step.Add(message);
    if (disorder == nullptr || !added.ok()) return added;
    EXPECT_OK(step.Add(message)) << "again";
    if (!sent_.empty()) {
      const SignedMessage& old = sent_[(*disorder)() % sent_.size()];
      if (old.body.substr(0, kLabelBytes) != message.body.substr(0, kLabelBytes)) {
        EXPECT_FALSE(step.Add(old).ok()) << "of an earlier step";
      }
    }
    sent_.push_back(message);
    return added;
  }
  static constexpr std::size_t kLabelBytes = 32;  // enough to tell the steps apart
  std::vector<SignedMessage> sent_;

  std::vector<std::unique_ptr<TestMember>>& members_;
  RandomSource& random_;

 public:
  MemoryInputStore store;
  CoordinatorKeysStep keys;
  std::optional<CoordinatorSharesStep> shares;
  std::optional<CoordinatorInputStep> inputs;
  std::optional<CoordinatorConsistencyStep> consistency;
  std::optional<CoordinatorUnmaskStep> unmask;
  std::map<std::uint32_t, NodeKeysStep> at_keys;
  std::map<std::uint32_t, NodeSharesStep> at_shares;
  std::map<std::uint32_t, NodeInputStep> at_input;
  std::map<std::uint32_t, NodeConsistencyStep> at_consistency;
  std::map<std::uint32_t, SignedMessage> sent_unmask;
};

// Six members, so that t = u_min = 5 and one may be corrupt, and as many sessions among them as a test wants:
// a step that was refused is gone, and its session with it.
class FederationTest : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kMembers = 6;
  static constexpr std::uint64_t kCells = 4;

  SessionParameters NextParameters() {
    SessionParameters p = ParametersOf(members_, kCells);
    p.nonce = Sha256("nonce " + std::to_string(++sessions_));
    return p;
  }
  TestRound& NewRound() { return NewRound(NextParameters()); }
  TestRound& NewRound(SessionParameters parameters) {
    round_ = std::make_unique<TestRound>(members_, std::move(parameters), random_);
    return *round_;
  }
  // Sessions that have come to the step named; whoever is silent is left standing one step before it.
  using Silent = std::set<std::uint32_t>;
  TestRound& AtKeys() {
    TestRound& round = NewRound();
    round.Keys();
    return round;
  }
  TestRound& AtShares(const Silent& silent = {}) {
    TestRound& round = AtKeys();
    EXPECT_OK(round.Shares(silent));
    return round;
  }
  TestRound& AtInputs(const Silent& silent = {}) {
    TestRound& round = AtShares();
    EXPECT_OK(round.Inputs(values_, silent));
    return round;
  }
  TestRound& AtConsistency(const Silent& silent = {}, const Silent& before = {}) {
    TestRound& round = AtInputs(before);
    EXPECT_OK(round.Consistency(silent));
    return round;
  }
  TestRound& AtUnmask(const Silent& silent = {}, const Silent& at_input = {}) {
    TestRound& round = AtConsistency({}, at_input);
    EXPECT_OK(round.Unmask(silent));
    return round;
  }

  const SigningKey& key(std::uint32_t member) const { return members_[member]->key; }
  FakeJournal& journal(std::uint32_t member) { return members_[member]->journal; }
  std::vector<std::int64_t> SumOf(const std::set<std::uint32_t>& members) const {
    std::vector<std::int64_t> sum(kCells);
    for (const std::uint32_t member : members) {
      for (std::size_t cell = 0; cell < kCells; ++cell) sum[cell] += values_[member][cell];
    }
    return sum;
  }
  static RingVector Vector(const std::vector<std::int64_t>& values) {
    return *RingVector::FromValues(64, values);
  }
  // What a node gives in step 3.
  static auto Gives(const std::vector<std::int64_t>& values) {
    return [&values]() -> absl::StatusOr<RingVector> { return Vector(values); };
  }

  SystemRandom random_;
  std::vector<std::unique_ptr<TestMember>> members_ = MakeMembers(kMembers, random_);
  std::vector<std::vector<std::int64_t>> values_ = {{1, -2, 3, 40},  {5, 6, -7, 800},     {0, 0, 0, 0},
                                                    {9, 10, 11, -1}, {-13, 14, 15, 1600}, {17, 18, -19, 2}};

 private:
  std::unique_ptr<TestRound> round_;
  int sessions_ = 0;
};

}  // namespace waymark::crypto

#endif  // WAYMARK_TESTS_UNIT_CRYPTO_SECURE_SUM_FEDERATION_H_
