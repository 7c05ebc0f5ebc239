#include "crypto/secure_sum/node_steps.h"

#include <functional>

#include "absl/strings/str_cat.h"
#include "crypto/merkle_tree.h"
#include "tests/unit/crypto/fake_random.h"
#include "tests/unit/crypto/secure_sum/federation.h"

namespace waymark::crypto {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using enum absl::StatusCode;

using Messages = std::vector<SignedMessage>;
// What a coordinator (and members who help it) does to a good list of messages, and what the node says to it.
struct Refusal {
  const char* what;
  std::function<void(Messages&, const TestRound&)> change;
  absl::StatusCode code;
  const char* message;
};

class NodeKeysTest : public FederationTest {};

TEST_F(NodeKeysTest, AreFreshInEverySessionAndSigned) {
  std::set<std::string> seen;
  for (int session = 0; session < 3; ++session) {
    TestRound& round = NewRound();
    ASSERT_OK_AND_ASSIGN(const NodeKeysStep step, NodeKeysStep::Start(round.Seat(2)));
    ASSERT_OK_AND_ASSIGN(const KeysMessage keys, ReadKeys(round.session, step.message()));
    EXPECT_EQ(keys.sender, 2u);
    EXPECT_TRUE(seen.insert(keys.mask_key).second);
    EXPECT_TRUE(seen.insert(keys.sealing_key).second);
    EXPECT_TRUE(journal(2).begun.contains(round.session.id()));
  }
}

TEST_F(NodeKeysTest, AreRefused_WhenTheSessionNamesAnotherKeyHere) {
  TestRound& round = NewRound();
  NodeSeat seat = round.Seat(2);
  for (const std::uint32_t other : {3u, kMembers, 0xFFFFFFFFu}) {
    seat.self = other;
    EXPECT_THAT(NodeKeysStep::Start(seat), StatusIs(kInvalidArgument, HasSubstr("signing key"))) << other;
  }
  EXPECT_TRUE(journal(2).begun.empty());
}

TEST_F(NodeKeysTest, AreRefused_WhenTheSessionWasBegunBefore) {
  TestRound& round = NewRound();
  ASSERT_OK(NodeKeysStep::Start(round.Seat(2)));
  EXPECT_THAT(NodeKeysStep::Start(round.Seat(2)), StatusIs(kAlreadyExists, HasSubstr("begun before")));
}

TEST_F(NodeKeysTest, AreNotMade_WhenTheGeneratorFails) {
  testing::FailingRandom random(1);
  NodeSeat seat = NewRound().Seat(2);
  seat.random = &random;
  EXPECT_THAT(NodeKeysStep::Start(seat), StatusIs(kInternal, HasSubstr("on purpose")));
}

class NodeSharesTest : public FederationTest {
 protected:
  static Messages KeysOf(TestRound& round) {
    Messages keys;
    for (const auto& [member, step] : round.at_keys) keys.push_back(step.message());
    return keys;
  }
  SignedMessage Keys(const TestRound& round, const KeysMessage& keys) const {
    return *Sign(round.session, keys, key(keys.sender));
  }
};

TEST_F(NodeSharesTest, GoToEveryOther_WhenAllSentKeys) {
  TestRound& round = AtKeys();
  Messages keys = KeysOf(round);
  std::reverse(keys.begin(), keys.end());  // in any order
  ASSERT_OK_AND_ASSIGN(const NodeSharesStep step, NodeSharesStep::From(std::move(round.at_keys.at(2)), keys));
  ASSERT_OK_AND_ASSIGN(const SharesMessage shares, ReadShares(round.session, step.message()));
  std::vector<std::uint32_t> to;
  for (const SealedShares& entry : shares.shares) to.push_back(entry.member);
  EXPECT_THAT(to, ::testing::ElementsAre(0, 1, 3, 4, 5));
}

TEST_F(NodeSharesTest, AreSealedForOneReceiverEach) {
  TestRound& round = AtShares();
  std::set<std::string> sealed;
  for (auto& [member, step] : round.at_shares) {
    ASSERT_OK_AND_ASSIGN(const SharesMessage shares, ReadShares(round.session, step.message()));
    for (const SealedShares& entry : shares.shares) {
      EXPECT_TRUE(sealed.insert(entry.sealed).second);
    }
  }
  EXPECT_EQ(sealed.size(), kMembers * (kMembers - 1));
}

TEST_F(NodeSharesTest, AreMade_WhenJustEnoughSentKeys) {
  TestRound& round = AtKeys();
  Messages keys = KeysOf(round);
  keys.pop_back();
  EXPECT_OK(NodeSharesStep::From(std::move(round.at_keys.at(2)), keys));
}

TEST_F(NodeSharesTest, AreRefused_WhenTheKeysAreNotAsTheyShouldBe) {
  const Refusal refusals[] = {
      {"too few", [](auto& m, auto&) { m.resize(4); }, kFailedPrecondition, "members that sent keys: 4"},
      {"none", [](auto& m, auto&) { m.clear(); }, kDataLoss, "the keys of this node"},
      {"own left out", [](auto& m, auto&) { m.erase(m.begin() + 2); }, kDataLoss, "the keys of this node"},
      {"own replaced",
       [&](auto& m, auto& r) {
         m[2] = Keys(r, {2, Sha256("mask"), Sha256("sealing")});
       },
       kDataLoss, "the keys of this node"},
      {"own sealing key replaced",
       [&](auto& m, auto& r) {
         m[2] = Keys(r, {2, ReadKeys(r.session, m[2])->mask_key, Sha256("sealing")});
       },
       kDataLoss, "the keys of this node"},
      {"a member twice", [](auto& m, auto&) { m[5] = m[4]; }, kInvalidArgument, "stands twice"},
      {"more than members", [](auto& m, auto&) { m.push_back(m[0]); }, kInvalidArgument, "more keys"},
      {"another's mask key",
       [&](auto& m, auto& r) {
         m[5] = Keys(r, {5, ReadKeys(r.session, m[2])->mask_key, Sha256("sealing")});
       },
       kInvalidArgument, "stands twice"},
      {"another's sealing key",
       [&](auto& m, auto& r) {
         m[5] = Keys(r, {5, Sha256("mask"), ReadKeys(r.session, m[1])->sealing_key});
       },
       kInvalidArgument, "stands twice"},
      {"one key for both uses",
       [&](auto& m, auto& r) {
         m[5] = Keys(r, {5, Sha256("k"), Sha256("k")});
       },
       kInvalidArgument, "stands twice"},
      {"a sealing key of small order",
       [&](auto& m, auto& r) {
         m[5] = Keys(r, {5, Sha256("mask"), std::string(32, '\0')});
       },
       kInvalidArgument, "small order"},
      {"not signed", [](auto& m, auto&) { m[4].signature = m[3].signature; }, kUnauthenticated,
       "not signed by E00000004"},
      {"of another session",
       [&](auto& m, auto&) {
         const Session other = *Session::Create(NextParameters());
         m[4] = *Sign(other, KeysMessage{4, Sha256("mask"), Sha256("sealing")}, key(4));
       },
       kInvalidArgument, "another session"},
  };
  for (const Refusal& each : refusals) {
    SCOPED_TRACE(each.what);
    TestRound& round = AtKeys();
    Messages keys = KeysOf(round);
    each.change(keys, round);
    EXPECT_THAT(NodeSharesStep::From(std::move(round.at_keys.at(2)), keys),
                StatusIs(each.code, HasSubstr(each.message)));
  }
}

TEST_F(NodeSharesTest, AreRefused_WhenAKeyIsOfNoNeighbour) {
  SessionParameters p = NextParameters();
  p.degree = 2;
  p.share_threshold = 2;
  p.beacon = Sha256("beacon");
  TestRound& round = NewRound(p);
  round.Keys();
  EXPECT_THAT(NodeSharesStep::From(std::move(round.at_keys.at(2)), KeysOf(round)),
              StatusIs(kInvalidArgument, HasSubstr("no neighbour")));
}

TEST_F(NodeSharesTest, AreNotMade_WhenTheGeneratorFails) {
  // Two keys in step 1; then the seed, and the coefficients of either sharing.
  for (const int good_calls : {2, 3, 4}) {
    TestRound& fresh = AtKeys();
    testing::FailingRandom random(good_calls);
    NodeSeat seat = fresh.Seat(2);
    seat.random = &random;
    journal(2).begun.clear();
    ASSERT_OK_AND_ASSIGN(NodeKeysStep step, NodeKeysStep::Start(seat));
    Messages keys = KeysOf(fresh);
    keys[2] = step.message();
    EXPECT_FALSE(NodeSharesStep::From(std::move(step), keys).ok()) << good_calls;
  }
}

class NodeInputTest : public FederationTest {
 protected:
  // Node 2 stands before step 3, and all have sent shares.
  TestRound& BeforeInput() {
    TestRound& round = AtShares();
    EXPECT_OK(round.Inputs(values_, {2}));
    return round;
  }
  using Deliveries = std::vector<SealedShares>;
};

TEST_F(NodeInputTest, IsMaskedAndCommittedTo) {
  TestRound& round = BeforeInput();
  ASSERT_OK_AND_ASSIGN(
      const NodeInputStep step,
      NodeInputStep::From(std::move(round.at_shares.at(2)), round.inputs->SharesFor(2), Gives(values_[2])));
  EXPECT_EQ(step.masked().size(), kCells * 8);
  EXPECT_NE(step.masked(), Vector(values_[2]).bytes());
  ASSERT_OK_AND_ASSIGN(const InputMessage input, ReadInput(round.session, step.message()));
  EXPECT_EQ(input.root, MerkleRoot(InputBlockHashes(round.session, 2, step.masked())));
  EXPECT_EQ(input.peers_hash, PeersHash(round.session, {0, 1, 2, 3, 4, 5}));
}

TEST_F(NodeInputTest, IsRefused_WhenItIsOfAnotherShape) {
  const auto shape = [&](std::uint32_t word_bits, std::size_t words) {
    TestRound& round = BeforeInput();
    return NodeInputStep::From(std::move(round.at_shares.at(2)), round.inputs->SharesFor(2),
                               [&]() -> absl::StatusOr<RingVector> { return RingVector(word_bits, words); })
        .status();
  };
  EXPECT_OK(shape(64, kCells));
  EXPECT_THAT(shape(64, kCells - 1), StatusIs(kInvalidArgument, HasSubstr("3 words")));
  EXPECT_THAT(shape(64, kCells + 1), StatusIs(kInvalidArgument, HasSubstr("5 words")));
  EXPECT_THAT(shape(64, 0), StatusIs(kInvalidArgument, HasSubstr("0 words")));
  EXPECT_THAT(shape(32, kCells), StatusIs(kInvalidArgument, HasSubstr("16 bytes")));
  EXPECT_THAT(shape(32, 2 * kCells), StatusIs(kInvalidArgument, HasSubstr("8 words")));  // as many bytes
}

TEST_F(NodeInputTest, IsRefused_WhenTheSharesAreNotAsTheyShouldBe) {
  struct Case {
    const char* what;
    std::function<void(Deliveries&)> change;
    absl::StatusCode code;
    const char* message;
  };
  const Case cases[] = {
      {"too few", [](auto& d) { d.resize(3); }, kFailedPrecondition, "members that sent shares: 4"},
      {"none", [](auto& d) { d.clear(); }, kFailedPrecondition, "members that sent shares: 1"},
      {"twice", [](auto& d) { d.push_back(d[0]); }, kInvalidArgument, "or twice"},
      {"from oneself", [](auto& d) { d[0].member = 2; }, kInvalidArgument, "from oneself"},
      {"from nobody", [](auto& d) { d[0].member = kMembers; }, kInvalidArgument, "without keys"},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.what);
    TestRound& round = BeforeInput();
    Deliveries shares = round.inputs->SharesFor(2);
    each.change(shares);
    EXPECT_THAT(NodeInputStep::From(std::move(round.at_shares.at(2)), shares, Gives(values_[2])),
                StatusIs(each.code, HasSubstr(each.message)));
  }
  TestRound& round = BeforeInput();
  Deliveries enough = round.inputs->SharesFor(2);
  enough.pop_back();
  EXPECT_OK(NodeInputStep::From(std::move(round.at_shares.at(2)), enough, Gives(values_[2])));
}

TEST_F(NodeInputTest, IsRefused_WhenAShareIsFromAMemberWithoutKeys) {
  TestRound& round = NewRound();
  round.Keys({5});
  ASSERT_OK(round.Shares());
  ASSERT_OK(round.Inputs(values_, {2}));
  Deliveries shares = round.inputs->SharesFor(2);
  shares.push_back({.member = 5, .sealed = shares[0].sealed});
  EXPECT_THAT(NodeInputStep::From(std::move(round.at_shares.at(2)), shares, Gives(values_[2])),
              StatusIs(kInvalidArgument, HasSubstr("without keys")));
}

TEST_F(NodeInputTest, IsNotMade_WhenTheLedgerHasNoCharge) {
  TestRound& round = BeforeInput();
  journal(2).is_charged = false;
  EXPECT_THAT(
      NodeInputStep::From(std::move(round.at_shares.at(2)), round.inputs->SharesFor(2), Gives(values_[2])),
      StatusIs(kFailedPrecondition, HasSubstr("no charge")));
}

TEST_F(NodeInputTest, SaysHowFarTheLedgerHasCome_WithTheCharge) {
  TestRound& round = BeforeInput();
  const std::size_t before = journal(2).entries.size();
  ASSERT_OK_AND_ASSIGN(
      const NodeInputStep step,
      NodeInputStep::From(std::move(round.at_shares.at(2)), round.inputs->SharesFor(2), Gives(values_[2])));
  ASSERT_OK_AND_ASSIGN(const InputMessage input, ReadInput(round.session, step.message()));
  EXPECT_EQ(input.head.sequence, before + 1);
  EXPECT_EQ(input.head.hash, journal(2).entries.back());
  EXPECT_TRUE(IsSignedBy(round.session.parameters().members[2], input.head));
  EXPECT_FALSE(IsSignedBy(round.session.parameters().members[3], input.head));
}

class NodeConsistencyTest : public FederationTest {
 protected:
  // Node 2 stands before step 4, and all have sent inputs.
  TestRound& BeforeSigning() { return AtConsistency({2}); }
  absl::Status Sign2(TestRound& round, const Messages& inputs) {
    return NodeConsistencyStep::From(std::move(round.at_input.at(2)), inputs).status();
  }
};

TEST_F(NodeConsistencyTest, SignsTheContributorsAndAllInputs) {
  TestRound& round = BeforeSigning();
  ASSERT_OK_AND_ASSIGN(
      const NodeConsistencyStep step,
      NodeConsistencyStep::From(std::move(round.at_input.at(2)), round.consistency->Inputs()));
  ASSERT_OK_AND_ASSIGN(const ConsistencyMessage message, ReadConsistency(round.session, step.message()));
  std::vector<InputMessage> inputs;
  for (const SignedMessage& each : round.consistency->Inputs()) {
    inputs.push_back(*ReadInput(round.session, each));
  }
  EXPECT_EQ(message.contributors_hash, ContributorsHash(round.session, {0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(message.root, InputsRoot(round.session, inputs));
  EXPECT_EQ(journal(2).signed_hash.at(round.session.id()),
            Sha256(absl::StrCat(message.contributors_hash, message.root)));
}

TEST_F(NodeConsistencyTest, KeepsHowFarTheOthersLedgersHaveCome) {
  TestRound& round = BeforeSigning();
  EXPECT_TRUE(journal(2).known["E00000000"].hash == LedgerHead{}.hash);
  EXPECT_OK(Sign2(round, round.consistency->Inputs()));
  for (const std::uint32_t other : {0u, 1u, 3u, 4u, 5u}) {
    const LedgerHead& known = journal(2).known.at(round.session.parameters().members[other].id);
    EXPECT_EQ(known.hash, journal(other).entries.back());
    EXPECT_TRUE(IsSignedBy(round.session.parameters().members[other], known));
  }
  EXPECT_FALSE(journal(2).known.contains("E00000002"));
}

TEST_F(NodeConsistencyTest, IsRefused_WhenTheInputsAreNotAsTheyShouldBe) {
  const auto input_of = [&](std::uint32_t member, const TestRound& round) {
    return *Sign(round.session, InputMessage{member, Sha256("r"), Sha256("c"), Sha256("p")}, key(member));
  };
  const Refusal refusals[] = {
      {"too few", [](auto& m, auto&) { m.resize(4); }, kFailedPrecondition, "contributors: 4"},
      {"none", [](auto& m, auto&) { m.clear(); }, kDataLoss, "the input of this node"},
      {"own left out", [](auto& m, auto&) { m.erase(m.begin() + 2); }, kDataLoss, "the input of this node"},
      {"own replaced", [&](auto& m, auto& r) { m[2] = input_of(2, r); }, kDataLoss, "the input of this node"},
      {"one twice", [](auto& m, auto&) { m[5] = m[4]; }, kInvalidArgument, "must rise"},
      {"falling", [](auto& m, auto&) { std::swap(m[4], m[5]); }, kInvalidArgument, "must rise"},
      {"more than members", [](auto& m, auto&) { m.push_back(m[5]); }, kInvalidArgument, "more inputs"},
      {"not signed", [](auto& m, auto&) { m[3].signature = m[4].signature; }, kUnauthenticated, "E00000003"},
      {"of another session",
       [&](auto& m, auto&) {
         const Session other = *Session::Create(NextParameters());
         m[4] = *Sign(other, InputMessage{4, Sha256("r"), Sha256("c"), Sha256("p")}, key(4));
       },
       kInvalidArgument, "another session"},
  };
  for (const Refusal& each : refusals) {
    SCOPED_TRACE(each.what);
    TestRound& round = BeforeSigning();
    Messages inputs = round.consistency->Inputs();
    each.change(inputs, round);
    EXPECT_THAT(Sign2(round, inputs), StatusIs(each.code, HasSubstr(each.message)));
    EXPECT_FALSE(journal(2).signed_hash.contains(round.session.id()));
  }
  TestRound& round = BeforeSigning();
  Messages enough = round.consistency->Inputs();
  enough.pop_back();
  EXPECT_OK(Sign2(round, enough));
}

TEST_F(NodeConsistencyTest, IsRefused_WhenEachOfItsOwnFieldsIsAltered) {
  for (const int field : {0, 1, 2, 3}) {
    TestRound& round = BeforeSigning();
    Messages inputs = round.consistency->Inputs();
    InputMessage own = *ReadInput(round.session, inputs[2]);
    (field == 0   ? own.root
     : field == 1 ? own.seed_commitment
     : field == 2 ? own.peers_hash
                  : own.head.hash) = Sha256("another");
    inputs[2] = *Sign(round.session, own, key(2));
    EXPECT_THAT(Sign2(round, inputs), StatusIs(kDataLoss, HasSubstr("the input of this node"))) << field;
  }
}

TEST_F(NodeConsistencyTest, IsRefused_WhenAContributorSentNoShares) {
  TestRound& round = NewRound();
  round.Keys();
  ASSERT_OK(round.Shares({5}));
  ASSERT_OK(round.Inputs(values_));
  ASSERT_OK(round.Consistency({2}));
  Messages inputs = round.consistency->Inputs();
  inputs.push_back(*Sign(round.session, InputMessage{5, Sha256("r"), Sha256("c"), Sha256("p")}, key(5)));
  EXPECT_THAT(Sign2(round, inputs), StatusIs(kInvalidArgument, HasSubstr("E00000005 is said to have")));
}

TEST_F(NodeConsistencyTest, SignsNothing_WhenTheJournalHasAnotherSet) {
  TestRound& round = BeforeSigning();
  journal(2).signed_hash[round.session.id()] = "another";
  EXPECT_THAT(Sign2(round, round.consistency->Inputs()),
              StatusIs(kAlreadyExists, HasSubstr("signed another")));
}

class NodeUnmaskTest : public FederationTest {
 protected:
  // Node 2 stands before step 5 and member 5 sent no input.
  TestRound& BeforeUnmask() {
    TestRound& round = AtConsistency({}, {5});
    EXPECT_OK(round.Unmask({2}));
    return round;
  }
  absl::StatusOr<NodeUnmaskStep> Unmask2(TestRound& round, const Messages& signatures) {
    return NodeUnmaskStep::From(std::move(round.at_consistency.at(2)), signatures);
  }
};

std::vector<std::uint32_t> MembersOf(const std::vector<HeldShare>& shares) {
  std::vector<std::uint32_t> members;
  for (const HeldShare& held : shares) members.push_back(held.member);
  return members;
}

TEST_F(NodeUnmaskTest, GivesSeedsOfContributorsAndMaskKeysOfTheOthersAndNeverBoth) {
  TestRound& round = BeforeUnmask();
  ASSERT_OK_AND_ASSIGN(const NodeUnmaskStep step, Unmask2(round, round.unmask->Signatures()));
  ASSERT_OK_AND_ASSIGN(const UnmaskMessage unmask, ReadUnmask(round.session, step.message()));
  EXPECT_THAT(MembersOf(unmask.seed_shares), ::testing::ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(MembersOf(unmask.mask_key_shares), ::testing::ElementsAre(5));
  EXPECT_THAT(journal(2).unmasked.at(round.session.id()),
              ::testing::ElementsAre("E00000000", "E00000001", "E00000002", "E00000003", "E00000004"));
}

TEST_F(NodeUnmaskTest, GivesNothingOfAMemberThatNeverSentShares) {
  TestRound& round = NewRound();
  round.Keys();
  ASSERT_OK(round.Shares({5}));
  ASSERT_OK(round.Inputs(values_));
  ASSERT_OK(round.Consistency());
  ASSERT_OK(round.Unmask({2}));
  ASSERT_OK_AND_ASSIGN(const NodeUnmaskStep step, Unmask2(round, round.unmask->Signatures()));
  ASSERT_OK_AND_ASSIGN(const UnmaskMessage unmask, ReadUnmask(round.session, step.message()));
  EXPECT_THAT(MembersOf(unmask.seed_shares), ::testing::ElementsAre(0, 1, 2, 3, 4));
  EXPECT_TRUE(unmask.mask_key_shares.empty());
}

TEST_F(NodeUnmaskTest, GivesNoShareOfAMemberWhoseSharesDidNotOpen) {
  TestRound& round = AtShares();
  ASSERT_OK(round.Inputs(values_, {2}));
  std::vector<SealedShares> shares = round.inputs->SharesFor(2);
  shares[1].sealed[20] = static_cast<char>(shares[1].sealed[20] ^ 1);  // member 1's
  ASSERT_OK_AND_ASSIGN(NodeInputStep input,
                       NodeInputStep::From(std::move(round.at_shares.at(2)), shares, Gives(values_[2])));
  ASSERT_OK(round.Deliver(2, input));
  round.at_input.emplace(2, std::move(input));
  ASSERT_OK(round.Consistency());
  ASSERT_OK(round.Unmask({2}));
  ASSERT_OK_AND_ASSIGN(const NodeUnmaskStep step, Unmask2(round, round.unmask->Signatures()));
  EXPECT_THAT(MembersOf(ReadUnmask(round.session, step.message())->seed_shares),
              ::testing::ElementsAre(0, 2, 3, 4, 5));
  ASSERT_OK(round.unmask->Add(step.message()));
  EXPECT_EQ(round.unmask->Finish()->sum.ToValues(), SumOf({0, 1, 2, 3, 4, 5}));
}

TEST_F(NodeUnmaskTest, CountsGoodSignaturesOfDistinctContributorsAlone) {
  // Five contributors, t = 5: each change leaves four good ones, or refuses all.
  const auto signature = [&](const TestRound& round, std::uint32_t member, bool other_set, bool other_root) {
    ConsistencyMessage good = *ReadConsistency(round.session, round.unmask->Signatures()[0]);
    good.sender = member;
    if (other_set) good.contributors_hash = Sha256("other");
    if (other_root) good.root = Sha256("other");
    return *Sign(round.session, good, key(member));
  };
  constexpr char kFour[] = "contributors that signed the same set: 4";
  const Refusal refusals[] = {
      {"one too few", [](auto& m, auto&) { m.pop_back(); }, kFailedPrecondition, kFour},
      {"one twice", [](auto& m, auto&) { m[4] = m[3]; }, kFailedPrecondition, kFour},
      {"by no contributor", [&](auto& m, auto& r) { m[4] = signature(r, 5, false, false); },
       kFailedPrecondition, kFour},
      {"over another set", [&](auto& m, auto& r) { m[4] = signature(r, 4, true, false); },
       kFailedPrecondition, kFour},
      {"over other inputs", [&](auto& m, auto& r) { m[4] = signature(r, 4, false, true); },
       kFailedPrecondition, kFour},
      {"not signed", [](auto& m, auto&) { m[4].signature = m[3].signature; }, kFailedPrecondition, kFour},
      {"another step's",
       [&](auto& m, auto& r) {
         m[4] = *Sign(r.session, KeysMessage{4, Sha256("m"), Sha256("s")}, key(4));
       },
       kFailedPrecondition, kFour},
      {"more than members", [](auto& m, auto&) { m.resize(kMembers + 1, m[0]); }, kInvalidArgument,
       "more signatures"},
  };
  for (const Refusal& each : refusals) {
    SCOPED_TRACE(each.what);
    TestRound& round = BeforeUnmask();
    Messages signatures = {};
    for (const SignedMessage& good : round.unmask->Signatures()) signatures.push_back(good);
    ASSERT_EQ(signatures.size(), 5u);
    each.change(signatures, round);
    EXPECT_THAT(Unmask2(round, signatures), StatusIs(each.code, HasSubstr(each.message)));
    EXPECT_FALSE(journal(2).unmasked.contains(round.session.id()));
  }
}

TEST_F(NodeUnmaskTest, PassesOverWhatIsNotGood_WhenEnoughIs) {
  TestRound& round = BeforeUnmask();
  Messages signatures = round.unmask->Signatures();
  signatures.insert(signatures.begin(), {.body = "nonsense", .signature = ""});
  EXPECT_OK(Unmask2(round, signatures));
}

TEST_F(NodeUnmaskTest, GivesNothing_WhenItGaveBefore) {
  TestRound& round = BeforeUnmask();
  journal(2).unmasked[round.session.id()] = {};
  EXPECT_THAT(Unmask2(round, round.unmask->Signatures()), StatusIs(kAlreadyExists, HasSubstr("unmasked")));
}

}  // namespace
}  // namespace waymark::crypto
