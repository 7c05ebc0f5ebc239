#include "crypto/secure_sum/coordinator_steps.h"

#include "tests/unit/crypto/secure_sum/federation.h"

namespace waymark::crypto {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::StatusIs;
using enum absl::StatusCode;

class CoordinatorTest : public FederationTest {
 protected:
  // A good message of `member`, in any step's form.
  template <typename Message>
  SignedMessage Signed(const TestRound& round, const Message& message) {
    return *Sign(round.session, message, key(message.sender));
  }
};

TEST_F(CoordinatorTest, KeysAreKeptOnce) {
  TestRound& round = NewRound();
  const SignedMessage keys = Signed(round, KeysMessage{1, Sha256("m"), Sha256("s")});
  EXPECT_OK(round.keys.Add(keys));
  EXPECT_OK(round.keys.Add(keys));
  EXPECT_EQ(round.keys.answered(), 1u);
  EXPECT_EQ(round.keys.expected(), kMembers);
  EXPECT_THAT(round.keys.Add(Signed(round, KeysMessage{1, Sha256("other"), Sha256("s2")})),
              StatusIs(kAlreadyExists, HasSubstr("another message")));
  EXPECT_EQ(round.keys.answered(), 1u);
}

// A member that sends such a key is left out; if its key were handed on, everyone else would end the session.
TEST_F(CoordinatorTest, KeysAreRefused_WhenOtherNodesWouldRefuseThem) {
  TestRound& round = NewRound();
  ASSERT_OK(round.keys.Add(Signed(round, KeysMessage{0, Sha256("m"), Sha256("s")})));
  const std::string zero(32, '\0');
  const std::string one = '\1' + std::string(31, '\0');
  for (const auto& [keys, message] :
       std::vector<std::pair<KeysMessage, const char*>>{{{1, zero, Sha256("s1")}, "small order"},
                                                        {{1, Sha256("m1"), zero}, "small order"},
                                                        {{1, one, Sha256("s1")}, "small order"},
                                                        {{1, Sha256("m"), Sha256("s1")}, "there already"},
                                                        {{1, Sha256("s"), Sha256("s1")}, "there already"},
                                                        {{1, Sha256("m1"), Sha256("m")}, "there already"},
                                                        {{1, Sha256("m1"), Sha256("s")}, "there already"},
                                                        {{1, Sha256("m1"), Sha256("m1")}, "there already"}}) {
    EXPECT_THAT(round.keys.Add(Signed(round, keys)), StatusIs(kInvalidArgument, HasSubstr(message)));
  }
  EXPECT_EQ(round.keys.answered(), 1u);
  EXPECT_OK(round.keys.Add(Signed(round, KeysMessage{1, Sha256("m1"), Sha256("s1")})));
}

TEST_F(CoordinatorTest, KeysAreClosed_WhenAtLeastUMinSentThem) {
  TestRound& few = NewRound();
  few.Keys({0, 1});
  EXPECT_THAT(few.Shares(), StatusIs(kFailedPrecondition, HasSubstr("4 members sent keys, at least 5")));
  TestRound& enough = NewRound();
  enough.Keys({0});
  ASSERT_OK(enough.Shares());
  EXPECT_EQ(enough.shares->expected(), 5u);
}

TEST_F(CoordinatorTest, KeysGoToNeighboursAlone) {
  SessionParameters p = NextParameters();
  p.degree = 2;
  p.share_threshold = 2;
  p.beacon = Sha256("beacon");
  TestRound& round = NewRound(p);
  round.Keys();
  ASSERT_OK_AND_ASSIGN(const CoordinatorSharesStep step, CoordinatorSharesStep::From(std::move(round.keys)));
  for (std::uint32_t member = 0; member < kMembers; ++member) {
    std::vector<std::uint32_t> expected = round.session.NeighboursOf(member);
    expected.insert(std::upper_bound(expected.begin(), expected.end(), member), member);
    std::vector<std::uint32_t> found;
    for (const SignedMessage& message : step.KeysFor(member)) {
      found.push_back(ReadKeys(round.session, message)->sender);
    }
    EXPECT_EQ(found, expected);
  }
}

TEST_F(CoordinatorTest, SharesAreRefused_WhenTheyAreNotForTheNeighboursThatSentKeys) {
  TestRound& round = NewRound();
  round.Keys({5});
  ASSERT_OK(round.Shares({2}));
  const auto shares_for = [&](std::uint32_t sender, const std::vector<std::uint32_t>& to) {
    SharesMessage message{.sender = sender, .shares = {}};
    for (const std::uint32_t member : to) {
      message.shares.push_back({.member = member, .sealed = std::string(kSealedSharesBytes, 's')});
    }
    return Signed(round, message);
  };
  for (const auto& to : std::vector<std::vector<std::uint32_t>>{
           {}, {0, 1, 3}, {0, 1, 3, 5}, {0, 1, 2, 3}, {0, 1, 3, 4, 5}, {0, 1, 2, 3, 4}}) {
    EXPECT_THAT(round.shares->Add(shares_for(2, to)),
                StatusIs(kInvalidArgument, HasSubstr("others than the neighbours")));
  }
  EXPECT_THAT(round.shares->Add(shares_for(5, {0, 1, 2, 3, 4})),
              StatusIs(kFailedPrecondition, HasSubstr("gone on without E00000005")));
  EXPECT_EQ(round.shares->answered(), 4u);
  EXPECT_OK(round.shares->Add(shares_for(2, {0, 1, 3, 4})));
  EXPECT_OK(round.shares->Add(shares_for(2, {0, 1, 3, 4})));
  EXPECT_EQ(round.shares->answered(), 5u);
  ASSERT_OK_AND_ASSIGN(const CoordinatorInputStep next,
                       CoordinatorInputStep::From(std::move(*round.shares), round.store));
  EXPECT_THAT(next.SharesFor(0), SizeIs(4));  // once each, though one was sent twice
  EXPECT_THAT(next.SharesFor(5), IsEmpty());
}

TEST_F(CoordinatorTest, SharesAreClosed_WhenAtLeastUMinSentThem) {
  TestRound& round = AtShares({0, 1});
  EXPECT_THAT(round.Inputs(values_), StatusIs(kFailedPrecondition, HasSubstr("4 members sent shares")));
}

class CoordinatorInputTest : public CoordinatorTest {
 protected:
  // All but member 2 are in; its step is made, and nothing of it delivered. Member 5 sent no shares.
  NodeInputStep Second() {
    round_ = &AtShares({5});
    EXPECT_OK(round_->Inputs(values_, {2}));
    return *NodeInputStep::From(std::move(round_->at_shares.at(2)), round_->inputs->SharesFor(2),
                                Gives(values_[2]));
  }
  CoordinatorInputStep& inputs() { return *round_->inputs; }
  TestRound* round_ = nullptr;
};

TEST_F(CoordinatorInputTest, AnInputIsLeftOut_WhenItWasShortenedWhereItIsKept) {
  const NodeInputStep step = Second();
  ASSERT_OK(round_->inputs->PutBlock(2, 0, step.masked()));
  ASSERT_OK(round_->store.Put(2, 0, step.masked().substr(8)));
  EXPECT_THAT(round_->inputs->Add(step.message()),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("shortened")));
  ASSERT_OK(round_->store.Put(2, 0, step.masked()));
  EXPECT_OK(round_->inputs->Add(step.message()));
}

TEST_F(CoordinatorInputTest, IsTaken_WhenItsBlocksAreWhatItCommitsTo) {
  const NodeInputStep step = Second();
  EXPECT_THAT(inputs().Add(step.message()), StatusIs(kFailedPrecondition, HasSubstr("not all here")));
  ASSERT_OK(inputs().PutBlock(2, 0, Vector(values_[0]).bytes()));
  EXPECT_THAT(inputs().Add(step.message()), StatusIs(kInvalidArgument, HasSubstr("commits to")));
  ASSERT_OK(inputs().PutBlock(2, 0, step.masked()));  // another block before the message replaces the first
  EXPECT_EQ(inputs().answered(), 4u);
  ASSERT_OK(inputs().Add(step.message()));
  EXPECT_OK(inputs().Add(step.message()));
  EXPECT_OK(inputs().PutBlock(2, 0, step.masked()));
  EXPECT_EQ(inputs().answered(), 5u);
  EXPECT_EQ(inputs().expected(), 5u);
}

TEST_F(CoordinatorInputTest, IsNotReplaced_WhenItIsIn) {
  const NodeInputStep step = Second();
  ASSERT_OK(round_->Deliver(2, step));
  EXPECT_THAT(inputs().PutBlock(2, 0, Vector(values_[0]).bytes()),
              StatusIs(kAlreadyExists, HasSubstr("in already")));
  InputMessage another = *ReadInput(round_->session, step.message());
  another.root = Sha256("another");
  EXPECT_THAT(inputs().Add(Signed(*round_, another)), StatusIs(kAlreadyExists, HasSubstr("another message")));
}

TEST_F(CoordinatorInputTest, BlocksAreRefused_WhenOfAnotherPlaceOrLength) {
  const NodeInputStep step = Second();
  for (const std::size_t size : {0ul, 8ul, kCells * 8 - 1, kCells * 8 + 1, kInputBlockBytes}) {
    EXPECT_THAT(inputs().PutBlock(2, 0, std::string(size, 'x')),
                StatusIs(kInvalidArgument, HasSubstr("block 0 of")));
  }
  EXPECT_THAT(inputs().PutBlock(2, 1, step.masked()), StatusIs(kInvalidArgument, HasSubstr("there are 1")));
  EXPECT_THAT(inputs().PutBlock(2, ~std::size_t{0}, step.masked()),
              StatusIs(kInvalidArgument, HasSubstr("there are 1")));
  for (const std::uint32_t nobody : {5u, kMembers, 0xFFFFFFFFu}) {
    EXPECT_THAT(inputs().PutBlock(nobody, 0, step.masked()),
                StatusIs(kFailedPrecondition, HasSubstr("sent no shares")));
  }
}

TEST_F(CoordinatorInputTest, IsRefused_WhenItsSenderSentNoShares) {
  Second();
  EXPECT_THAT(inputs().Add(Signed(*round_, InputMessage{5, Sha256("r"), Sha256("c"), Sha256("p")})),
              StatusIs(kFailedPrecondition, HasSubstr("gone on without E00000005")));
}

TEST_F(CoordinatorInputTest, IsRefused_WhenItIsMaskedAgainstOthers) {
  const NodeInputStep step = Second();
  ASSERT_OK(inputs().PutBlock(2, 0, step.masked()));
  InputMessage other = *ReadInput(round_->session, step.message());
  other.peers_hash = PeersHash(round_->session, {0, 1, 2, 3, 4, 5});
  EXPECT_THAT(inputs().Add(Signed(*round_, other)),
              StatusIs(kInvalidArgument, HasSubstr("masked against others")));
  EXPECT_EQ(inputs().answered(), 4u);
}

TEST_F(CoordinatorInputTest, IsClosed_WhenAtLeastUMinSentIt) {
  TestRound& round = AtInputs({0, 1});
  EXPECT_THAT(round.Consistency(), StatusIs(kFailedPrecondition, HasSubstr("4 members sent inputs")));
}

TEST_F(CoordinatorTest, SignaturesAreRefused_WhenOverAnythingElse) {
  TestRound& round = AtConsistency({2}, {5});
  EXPECT_EQ(round.consistency->expected(), 5u);
  ConsistencyMessage good = *ReadConsistency(round.session, round.at_consistency.at(0).message());
  good.sender = 2;
  ConsistencyMessage other = good;
  other.contributors_hash = Sha256("other");
  EXPECT_THAT(round.consistency->Add(Signed(round, other)),
              StatusIs(kInvalidArgument, HasSubstr("other contributors or inputs")));
  other = good;
  other.root = Sha256("other");
  EXPECT_THAT(round.consistency->Add(Signed(round, other)),
              StatusIs(kInvalidArgument, HasSubstr("other contributors or inputs")));
  other = good;
  other.sender = 5;
  EXPECT_THAT(round.consistency->Add(Signed(round, other)),
              StatusIs(kFailedPrecondition, HasSubstr("gone on without E00000005")));
  EXPECT_EQ(round.consistency->answered(), 4u);
  EXPECT_OK(round.consistency->Add(Signed(round, good)));
  EXPECT_OK(round.consistency->Add(Signed(round, good)));
  EXPECT_EQ(round.consistency->answered(), 5u);
}

TEST_F(CoordinatorTest, SignaturesAreClosed_WhenAtLeastTSigned) {
  TestRound& round = AtConsistency({0, 1});
  EXPECT_THAT(round.Unmask(),
              StatusIs(kFailedPrecondition, HasSubstr("4 members signed the contributors, at least 5")));
}

class CoordinatorUnmaskTest : public CoordinatorTest {
 protected:
  static UnmaskMessage Shares(std::uint32_t sender, const std::vector<std::uint32_t>& seeds,
                              const std::vector<std::uint32_t>& keys) {
    UnmaskMessage message;
    message.sender = sender;
    for (const std::uint32_t of : seeds) message.seed_shares.push_back({of, SecretBytes(std::string(32, 1))});
    for (const std::uint32_t of : keys) {
      message.mask_key_shares.push_back({of, SecretBytes(std::string(32, 1))});
    }
    return message;
  }
};

TEST_F(CoordinatorUnmaskTest, SharesAreRefused_WhenTheProtocolDoesNotAskForThem) {
  TestRound& round = AtUnmask({2}, {5});
  EXPECT_EQ(round.unmask->expected(), 5u);
  for (const auto& [seeds, keys] :
       std::vector<std::pair<std::vector<std::uint32_t>, std::vector<std::uint32_t>>>{
           {{5}, {}}, {{}, {0}}, {{0, 1, 2, 3, 4, 5}, {}}, {{0}, {0}}, {{}, {2}}}) {
    EXPECT_THAT(round.unmask->Add(Signed(round, Shares(2, seeds, keys))),
                StatusIs(kInvalidArgument, HasSubstr("does not ask for")));
  }
  EXPECT_THAT(round.unmask->Add(Signed(round, Shares(5, {0}, {}))),
              StatusIs(kFailedPrecondition, HasSubstr("gone on without E00000005")));
  EXPECT_EQ(round.unmask->answered(), 4u);
}

TEST_F(CoordinatorUnmaskTest, SharesAreRefused_WhenOfNoNeighbour) {
  SessionParameters p = NextParameters();
  p.degree = 4;
  p.share_threshold = 3;
  p.beacon = Sha256("beacon");
  TestRound& round = NewRound(p);
  round.Keys();
  ASSERT_OK(round.Shares());
  ASSERT_OK(round.Inputs(values_));
  ASSERT_OK(round.Consistency());
  ASSERT_OK(round.Unmask({2}));
  for (std::uint32_t other = 0; other < kMembers; ++other) {
    const absl::Status status = round.unmask->Add(Signed(round, Shares(2, {other}, {2})));
    EXPECT_THAT(status, StatusIs(kInvalidArgument, HasSubstr("does not ask for")));
    if (other == 2 || round.session.AreNeighbours(2, other)) continue;
    EXPECT_THAT(round.unmask->Add(Signed(round, Shares(2, {other}, {}))),
                StatusIs(kInvalidArgument, HasSubstr("a seed's share")));
  }
}

TEST_F(CoordinatorUnmaskTest, Finishes_WhenTSharesOfEverySecretAreThere) {
  TestRound& few = AtUnmask({0, 1});
  EXPECT_FALSE(few.unmask->CanFinish());
  EXPECT_THAT(few.unmask->Finish(), StatusIs(kFailedPrecondition, HasSubstr("missing")));
  TestRound& enough = AtUnmask({0});
  EXPECT_TRUE(enough.unmask->CanFinish());
  ASSERT_OK_AND_ASSIGN(const SecureSum sum, enough.unmask->Finish());
  EXPECT_EQ(sum.sum.ToValues(), SumOf({0, 1, 2, 3, 4, 5}));
}

TEST_F(CoordinatorUnmaskTest, PublishesWhatMembersNeedToCheck) {
  TestRound& round = AtUnmask({}, {5});
  ASSERT_OK_AND_ASSIGN(const SecureSum sum, round.unmask->Finish());
  EXPECT_EQ(sum.sum.ToValues(), SumOf({0, 1, 2, 3, 4}));
  EXPECT_THAT(sum.transcript.keys, SizeIs(6));
  EXPECT_THAT(sum.transcript.inputs, SizeIs(5));
  EXPECT_THAT(sum.transcript.seeds, SizeIs(5));
  ASSERT_THAT(sum.transcript.mask_keys, SizeIs(1));
  EXPECT_EQ(sum.transcript.mask_keys[0].member, 5u);
  EXPECT_OK(CheckedTranscript::Check(round.session, sum.transcript));
}

// Six shares, five of them needed, and whoever it is lies in all that it sends.
TEST_F(CoordinatorUnmaskTest, OneLiarDoesNotStopTheSum_WhenAShareIsToSpare) {
  for (std::uint32_t liar = 0; liar < kMembers; ++liar) {
    TestRound& round = AtUnmask({liar});
    ASSERT_OK(round.unmask->Add(Signed(round, Shares(liar, {0, 1, 2, 3, 4, 5}, {}))));
    ASSERT_OK_AND_ASSIGN(const SecureSum sum, round.unmask->Finish());
    EXPECT_EQ(sum.sum.ToValues(), SumOf({0, 1, 2, 3, 4, 5})) << liar;
    EXPECT_OK(CheckedTranscript::Check(round.session, sum.transcript));
  }
}

TEST_F(CoordinatorUnmaskTest, FinishesAfterAll_WhenTheShareOfAnHonestMemberComesLate) {
  TestRound& round = AtUnmask({1, 2});
  ASSERT_OK(round.unmask->Add(Signed(round, Shares(1, {0, 1, 2, 3, 4, 5}, {}))));
  EXPECT_THAT(round.unmask->Finish(), StatusIs(kDataLoss, HasSubstr("a secret of")));
  ASSERT_OK_AND_ASSIGN(const NodeUnmaskStep late, NodeUnmaskStep::From(std::move(round.at_consistency.at(2)),
                                                                       round.unmask->Signatures()));
  ASSERT_OK(round.unmask->Add(late.message()));
  ASSERT_OK_AND_ASSIGN(const SecureSum sum, round.unmask->Finish());
  EXPECT_EQ(sum.sum.ToValues(), SumOf({0, 1, 2, 3, 4, 5}));
}

TEST_F(CoordinatorUnmaskTest, TellsThatAShareWasWrong_WhenNoOthersAreLeft) {
  // Five of the five shares that are needed, and one of them made up: of the seeds, and of a mask key.
  for (const bool of_mask_key : {false, true}) {
    TestRound& round = AtUnmask({2}, {5});
    UnmaskMessage wrong = Shares(2, {0, 1, 2, 3, 4}, {5});
    UnmaskMessage right = *ReadUnmask(
        round.session,
        NodeUnmaskStep::From(std::move(round.at_consistency.at(2)), round.unmask->Signatures())->message());
    (of_mask_key ? right.mask_key_shares : right.seed_shares) =
        std::move(of_mask_key ? wrong.mask_key_shares : wrong.seed_shares);
    ASSERT_OK(round.unmask->Add(Signed(round, right)));
    ASSERT_TRUE(round.unmask->CanFinish());
    EXPECT_THAT(
        round.unmask->Finish(),
        StatusIs(kDataLoss, HasSubstr(of_mask_key ? "a secret of E00000005" : "a secret of E00000000")));
  }
}

}  // namespace
}  // namespace waymark::crypto
