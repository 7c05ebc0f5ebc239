// The one thing that everything hangs on: nobody gets shares of both secrets of one member. Here a
// coordinator shows two sets of contributors, or one that is too small, or lowers what is needed.
#include "absl/strings/str_cat.h"
#include "tests/unit/crypto/secure_sum/federation.h"

namespace waymark::crypto {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using enum absl::StatusCode;

// What honest nodes sent at the end, by what they unmasked.
struct Outcome {
  std::uint32_t with_victim = 0;     // shares of its seed
  std::uint32_t without_victim = 0;  // shares of its mask key
};

// n members, the last |C| corrupt, member 0 the victim. Honest members whose bit is set in `shown_without`
// are told that the victim sent no input. The corrupt sign whatever helps.
class SplitView {
 public:
  SplitView(std::uint32_t n, RandomSource& random)
      : n_(n), members_(MakeMembers(n, random)), random_(random) {}

  Outcome Play(std::uint32_t shown_without) {
    SessionParameters p = ParametersOf(members_, 1);
    p.nonce = Sha256(absl::StrCat("split ", shown_without));
    TestRound round(members_, p, random_);
    round.Keys();
    EXPECT_OK(round.Shares());
    EXPECT_OK(round.Inputs(std::vector<std::vector<std::int64_t>>(n_, {7})));
    std::vector<SignedMessage> all;
    for (const auto& [member, step] : round.at_input) all.push_back(step.message());
    const std::vector<SignedMessage> others(all.begin() + 1, all.end());
    const auto is_shown_without = [&](std::uint32_t member) { return (shown_without >> member & 1u) != 0; };

    std::map<std::uint32_t, NodeConsistencyStep> signers;
    std::vector<SignedMessage> over_all = Corrupt(round.session, all);
    std::vector<SignedMessage> over_others = Corrupt(round.session, others);
    for (std::uint32_t member = 0; member < honest(); ++member) {
      auto step = NodeConsistencyStep::From(std::move(round.at_input.at(member)),
                                            is_shown_without(member) ? others : all);
      if (!step.ok()) continue;
      (is_shown_without(member) ? over_others : over_all).push_back(step->message());
      signers.emplace(member, *std::move(step));
    }
    Outcome outcome;
    for (auto& [member, step] : signers) {
      const auto& signatures = is_shown_without(member) ? over_others : over_all;
      const auto unmask = NodeUnmaskStep::From(std::move(step), signatures);
      if (unmask.ok()) ++(is_shown_without(member) ? outcome.without_victim : outcome.with_victim);
    }
    return outcome;
  }

  std::uint32_t honest() const { return n_ - MostCorrupt(n_); }

 private:
  std::vector<SignedMessage> Corrupt(const Session& session, const std::vector<SignedMessage>& inputs) const {
    std::vector<InputMessage> read;
    std::vector<std::uint32_t> contributors;
    for (const SignedMessage& input : inputs) {
      read.push_back(*ReadInput(session, input));
      contributors.push_back(read.back().sender);
    }
    std::vector<SignedMessage> signatures;
    for (std::uint32_t member = honest(); member < n_; ++member) {
      const ConsistencyMessage message{member, ContributorsHash(session, contributors),
                                       InputsRoot(session, read)};
      signatures.push_back(*Sign(session, message, members_[member]->key));
    }
    return signatures;
  }

  std::uint32_t n_;
  std::vector<std::unique_ptr<TestMember>> members_;
  RandomSource& random_;
};

TEST(TwoSetsOfContributorsAttack, NeverOpensBothSecretsOfAMember_HoweverTheHonestAreSplit) {
  SystemRandom random;
  for (const std::uint32_t n : {4u, 5u, 6u, 7u}) {
    SplitView attack(n, random);
    const std::uint32_t t = LeastThreshold(n);
    bool was_opened = false;
    for (std::uint32_t split = 0; split < 1u << attack.honest(); ++split) {
      const Outcome outcome = attack.Play(split);
      const std::uint32_t corrupt = MostCorrupt(n);
      // The corrupt hold shares of both.
      EXPECT_FALSE(outcome.with_victim > 0 && outcome.without_victim > 0) << n << " members, split " << split;
      EXPECT_FALSE(outcome.with_victim + corrupt >= t && outcome.without_victim + corrupt >= t)
          << n << " members, split " << split;
      was_opened |= outcome.with_victim + corrupt >= t;
    }
    EXPECT_TRUE(was_opened) << "shown to all alike, it works: " << n;
  }
}

class QuorumAttack : public FederationTest {};

// The session is played a second time to nodes that forgot that they had begun it.
TEST_F(QuorumAttack, ASecondSetIsNotSigned_WhenOneWasBefore) {
  const SessionParameters p = NextParameters();
  for (const bool first : {true, false}) {
    TestRound& round = NewRound(p);
    for (const auto& member : members_) member->journal.begun.clear();
    round.Keys();
    ASSERT_OK(round.Shares());
    ASSERT_OK(round.Inputs(values_));
    if (!first) {
      EXPECT_THAT(round.Consistency(), StatusIs(kAlreadyExists, HasSubstr("signed another")));
      return;
    }
    ASSERT_OK(round.Consistency());
  }
}

TEST_F(QuorumAttack, NobodyIsUnmasked_WhenTheSetIsBelowUMin) {
  for (const std::size_t shown : {1u, 3u, 4u}) {
    TestRound& round = AtConsistency({2});
    std::vector<SignedMessage> inputs = round.consistency->Inputs();
    std::rotate(inputs.begin(), inputs.begin() + 2, inputs.end());  // its own among them
    inputs.resize(shown);
    std::sort(inputs.begin(), inputs.end(), [&](const auto& a, const auto& b) {
      return ReadInput(round.session, a)->sender < ReadInput(round.session, b)->sender;
    });
    EXPECT_THAT(NodeConsistencyStep::From(std::move(round.at_input.at(2)), inputs),
                StatusIs(kFailedPrecondition, HasSubstr("at least 5 are needed")));
  }
}

TEST_F(QuorumAttack, NothingIsMasked_WhenTooFewSentKeysOrShares) {
  TestRound& at_keys = AtKeys();
  std::vector<SignedMessage> keys;
  for (std::uint32_t member = 0; member < 4; ++member) keys.push_back(at_keys.at_keys.at(member).message());
  EXPECT_THAT(NodeSharesStep::From(std::move(at_keys.at_keys.at(2)), keys),
              StatusIs(kFailedPrecondition, HasSubstr("at least 5 are needed")));
  TestRound& at_shares = AtShares();
  ASSERT_OK(at_shares.Inputs(values_, {2}));
  std::vector<SealedShares> shares = at_shares.inputs->SharesFor(2);
  shares.resize(3);
  EXPECT_THAT(NodeInputStep::From(std::move(at_shares.at_shares.at(2)), shares, Gives(values_[2])),
              StatusIs(kFailedPrecondition, HasSubstr("at least 5 are needed")));
}

TEST(WeakSessionAttack, ThereIsNoSession_WhenTOrUMinIsBelowWhatIsSafe) {
  SystemRandom random;
  const auto members = MakeMembers(60, random);
  for (std::size_t n = 3; n <= 60; ++n) {
    SessionParameters p;
    p.roster_hash = p.spec_hash = p.nonce = Sha256("any");
    for (std::size_t i = 0; i < n; ++i) p.members.push_back({members[i]->id, members[i]->key.public_key()});
    p.cells = 1;
    for (std::uint32_t t = 0; t <= n; ++t) {
      p.threshold = p.least_contributors = t;
      // Two quorums must share a member beyond the third that may be corrupt.
      EXPECT_EQ(Session::Create(p).ok(), 3 * t > 2 * n) << n << " members, t = " << t;
      p.least_contributors = t - 1;
      EXPECT_FALSE(Session::Create(p).ok()) << n << " members, t = " << t;
    }
  }
}

TEST_F(QuorumAttack, OnlySharesOfOneKindLeaveANode_WhoeverIsSaidToHaveLeft) {
  for (std::uint32_t left = 0; left < kMembers; ++left) {
    TestRound& round = AtConsistency({}, {left});
    ASSERT_OK(round.Unmask());
    for (std::uint32_t holder = 0; holder < kMembers; ++holder) {
      if (holder == left) continue;
      ASSERT_OK_AND_ASSIGN(const UnmaskMessage sent, ReadUnmask(round.session, round.sent_unmask.at(holder)));
      std::set<std::uint32_t> named;
      for (const HeldShare& held : sent.seed_shares) {
        EXPECT_NE(held.member, left);
        EXPECT_TRUE(named.insert(held.member).second);
      }
      for (const HeldShare& held : sent.mask_key_shares) {
        EXPECT_EQ(held.member, left);
        EXPECT_TRUE(named.insert(held.member).second);
      }
    }
  }
}

TEST_F(QuorumAttack, SignaturesOfOthersThanContributorsDoNotCount) {
  // One contributor's signature is kept back; the member that left signs instead.
  TestRound& round = AtConsistency({}, {5});
  ASSERT_OK(round.Unmask({2}));
  std::vector<SignedMessage> signatures = round.unmask->Signatures();
  ConsistencyMessage instead = *ReadConsistency(round.session, signatures[4]);
  instead.sender = 5;
  signatures[4] = *Sign(round.session, instead, key(5));
  EXPECT_THAT(NodeUnmaskStep::From(std::move(round.at_consistency.at(2)), signatures),
              StatusIs(kFailedPrecondition, HasSubstr("signed the same set: 4")));
}

TEST_F(QuorumAttack, SignaturesOverOtherInputsDoNotCount) {
  TestRound& round = AtConsistency();
  ASSERT_OK(round.Unmask({2}));
  std::vector<SignedMessage> signatures = round.unmask->Signatures();
  for (SignedMessage& message : signatures) {
    ConsistencyMessage other = *ReadConsistency(round.session, message);
    if (other.sender == 2) continue;
    other.root = Sha256("other inputs, the same members");
    message = *Sign(round.session, other, key(other.sender));
  }
  EXPECT_THAT(NodeUnmaskStep::From(std::move(round.at_consistency.at(2)), signatures),
              StatusIs(kFailedPrecondition, HasSubstr("signed the same set: 1")));
}

}  // namespace
}  // namespace waymark::crypto
