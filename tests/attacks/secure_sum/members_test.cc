// Attacks by members, or in their names: keys that are not theirs, names that are not on the roster, messages
// from elsewhere, vectors and shares of any shape.
#include "crypto/sealing.h"
#include "tests/unit/crypto/fake_random.h"
#include "tests/unit/crypto/secure_sum/federation.h"

namespace waymark::crypto {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using enum absl::StatusCode;

using Messages = std::vector<SignedMessage>;

class MembersAttack : public FederationTest {
 protected:
  static Messages KeysOf(const TestRound& round) {
    Messages keys;
    for (const auto& [member, step] : round.at_keys) keys.push_back(step.message());
    return keys;
  }
  absl::StatusCode Shown(TestRound& round, const Messages& keys) {
    return NodeSharesStep::From(std::move(round.at_keys.at(2)), keys).status().code();
  }
  const SigningKey intruder_ = *SigningKey::Generate(random_);
};

TEST_F(MembersAttack, ReplacedKeysAreRefused_WhoeverSignsThem) {
  const KeysMessage mine{3, AgreementKey::Generate(random_)->public_key(),
                         AgreementKey::Generate(random_)->public_key()};
  for (const SigningKey* const by : {&intruder_, &key(4)}) {
    TestRound& round = AtKeys();
    Messages keys = KeysOf(round);
    keys[3] = *Sign(round.session, mine, *by);
    EXPECT_EQ(Shown(round, keys), kUnauthenticated);
    EXPECT_THAT(round.keys.Add(keys[3]), StatusIs(kUnauthenticated, HasSubstr("E00000003")));
  }
  TestRound& round = AtKeys();
  Messages keys = KeysOf(round);
  keys[3].body = Sign(round.session, mine, intruder_)->body;  // under the member's own signature over others
  EXPECT_EQ(Shown(round, keys), kUnauthenticated);
}

TEST_F(MembersAttack, UnsignedKeysAreRefused) {
  TestRound& round = AtKeys();
  Messages keys = KeysOf(round);
  keys[3].signature.clear();
  EXPECT_EQ(Shown(round, keys), kUnauthenticated);
}

TEST_F(MembersAttack, ASybilIsRefused_WhateverNameItTakes) {
  for (const std::uint32_t name : {0u, 5u, kMembers, kMembers + 1, 0xFFFFFFFFu}) {
    TestRound& round = NewRound();
    round.Keys({5});
    const SignedMessage sybil = *Sign(round.session,
                                      KeysMessage{name, AgreementKey::Generate(random_)->public_key(),
                                                  AgreementKey::Generate(random_)->public_key()},
                                      intruder_);
    EXPECT_FALSE(round.keys.Add(sybil).ok()) << name;
    Messages keys = KeysOf(round);
    keys.push_back(sybil);
    EXPECT_NE(Shown(round, keys), kOk) << name;
  }
}

TEST_F(MembersAttack, OneMemberCannotStandUnderTwoNames) {
  // On the roster:
  SessionParameters p = NextParameters();
  p.members[4].signing_key = p.members[3].signing_key;
  EXPECT_THAT(Session::Create(p), StatusIs(kInvalidArgument, HasSubstr("none twice")));
  p = NextParameters();
  p.members[4].id = p.members[3].id;
  EXPECT_THAT(Session::Create(p), StatusIs(kInvalidArgument, HasSubstr("none twice")));
  // In a session, by its own signature:
  TestRound& round = AtKeys();
  Messages keys = KeysOf(round);
  KeysMessage second = *ReadKeys(round.session, keys[3]);
  second.sender = 4;
  keys[4] = *Sign(round.session, second, key(3));
  EXPECT_EQ(Shown(round, keys), kUnauthenticated);
  // And with another corrupt member's help, by its keys under both names:
  TestRound& again = AtKeys();
  keys = KeysOf(again);
  second = *ReadKeys(again.session, keys[3]);
  second.sender = 4;
  keys[4] = *Sign(again.session, second, key(4));
  EXPECT_EQ(Shown(again, keys), kInvalidArgument);
}

// Every message of one session, shown in every step of another: none is taken.
TEST_F(MembersAttack, MessagesOfAnotherSessionAreRefusedInEveryStep) {
  TestRound old(members_, NextParameters(), random_);
  old.Keys();
  Messages recorded;
  for (const auto& [member, step] : old.at_keys) recorded.push_back(step.message());
  ASSERT_OK(old.Shares());
  for (const auto& [member, step] : old.at_shares) recorded.push_back(step.message());
  ASSERT_OK(old.Inputs(values_));
  for (const auto& [member, step] : old.at_input) recorded.push_back(step.message());
  ASSERT_OK(old.Consistency());
  for (const auto& [member, step] : old.at_consistency) recorded.push_back(step.message());
  ASSERT_OK(old.Unmask());
  for (const auto& [member, message] : old.sent_unmask) recorded.push_back(message);
  ASSERT_EQ(recorded.size(), 5 * kMembers);

  TestRound& round = NewRound();
  const auto expect_none = [&](auto& step) {
    const std::size_t before = step.answered();
    for (const SignedMessage& message : recorded) {
      EXPECT_THAT(step.Add(message), StatusIs(kInvalidArgument, HasSubstr("of another session")));
    }
    EXPECT_EQ(step.answered(), before);
  };
  expect_none(round.keys);
  round.Keys();
  ASSERT_OK(round.Shares({2}));
  expect_none(*round.shares);
  EXPECT_NE(Shown(round, Messages(recorded.begin(), recorded.begin() + kMembers)), kOk);
  ASSERT_OK(round.Inputs(values_, {1}));
  expect_none(*round.inputs);
  TestRound& late = AtConsistency({2});
  expect_none(*late.consistency);
  EXPECT_FALSE(
      NodeConsistencyStep::From(std::move(late.at_input.at(2)),
                                Messages(recorded.begin() + 2 * kMembers, recorded.begin() + 3 * kMembers))
          .ok());
  TestRound& last = AtUnmask({2});
  expect_none(*last.unmask);
  EXPECT_FALSE(
      NodeUnmaskStep::From(std::move(last.at_consistency.at(2)),
                           Messages(recorded.begin() + 3 * kMembers, recorded.begin() + 4 * kMembers))
          .ok());
}

// Keys and consistency even have fields of the same lengths.
TEST_F(MembersAttack, MessagesOfThisSessionAreRefusedInEveryOtherStep) {
  const Session session = *Session::Create(NextParameters());
  const std::string field(32, 'x');
  UnmaskMessage unmask;
  unmask.sender = 2;
  const Messages sent = {
      *Sign(session, KeysMessage{2, field, field}, key(2)), *Sign(session, SharesMessage{2, {}}, key(2)),
      *Sign(session, InputMessage{2, field, field, field}, key(2)),
      *Sign(session, ConsistencyMessage{2, field, field}, key(2)), *Sign(session, unmask, key(2))};
  for (std::size_t step = 0; step < sent.size(); ++step) {
    const absl::Status read[] = {
        ReadKeys(session, sent[step]).status(), ReadShares(session, sent[step]).status(),
        ReadInput(session, sent[step]).status(), ReadConsistency(session, sent[step]).status(),
        ReadUnmask(session, sent[step]).status()};
    for (std::size_t as = 0; as < sent.size(); ++as) {
      EXPECT_EQ(read[as].code(), step == as ? kOk : kInvalidArgument) << step << " read as " << as;
    }
  }
}

// A coordinator tells one node other parameters than the rest: it stands alone.
TEST_F(MembersAttack, NothingFitsTogether_WhenANodeWasToldOtherParameters) {
  const std::pair<const char*, std::function<void(SessionParameters&)>> changes[] = {
      {"another spec", [](auto& p) { p.spec_hash = Sha256("with less noise"); }},
      {"another roster", [](auto& p) { p.roster_hash = Sha256("with a Sybil"); }},
      {"a higher threshold", [](auto& p) { p.threshold = p.least_contributors = 6; }},
      {"more contributors", [](auto& p) { p.least_contributors = 6; }},
      {"fewer cells", [](auto& p) { --p.cells; }},
      {"narrower words", [](auto& p) { p.word_bits = 32; }},
  };
  for (const auto& [what, change] : changes) {
    SCOPED_TRACE(what);
    TestRound& round = NewRound();
    round.Keys({2});
    SessionParameters other = round.session.parameters();
    change(other);
    const Session told = *Session::Create(other);
    NodeSeat seat = round.Seat(2);
    seat.session = &told;
    ASSERT_OK_AND_ASSIGN(NodeKeysStep step, NodeKeysStep::Start(seat));
    EXPECT_THAT(round.keys.Add(step.message()), StatusIs(kInvalidArgument, HasSubstr("another session")));
    Messages keys = KeysOf(round);
    keys.insert(keys.begin() + 2, step.message());
    EXPECT_THAT(NodeSharesStep::From(std::move(step), keys),
                StatusIs(kInvalidArgument, HasSubstr("another session")));
  }
}

TEST_F(MembersAttack, ANodeThatWasRestartedDoesNotGoOn) {
  TestRound& round = AtShares();
  // The process of member 2 is gone, and what it held in memory with it.
  round.at_shares.erase(2);
  EXPECT_THAT(NodeKeysStep::Start(round.Seat(2)), StatusIs(kAlreadyExists, HasSubstr("begun before")));
  ASSERT_OK(round.Inputs(values_));
  ASSERT_OK(round.Consistency());
  ASSERT_OK(round.Unmask());
  ASSERT_OK_AND_ASSIGN(const SecureSum sum, round.unmask->Finish());
  EXPECT_EQ(sum.sum.ToValues(), SumOf({0, 1, 3, 4, 5}));  // it counts as one that left
}

TEST_F(MembersAttack, GarbledSharesChangeNoSum) {
  // On their way from member 1 to everyone: cut, prolonged, made up, exchanged.
  for (const int how : {0, 1, 2, 3}) {
    TestRound& round = AtShares();
    ASSERT_OK_AND_ASSIGN(CoordinatorInputStep inputs,
                         CoordinatorInputStep::From(std::move(*round.shares), round.store));
    round.inputs.emplace(std::move(inputs));
    for (auto& [member, step] : round.at_shares) {
      std::vector<SealedShares> shares = round.inputs->SharesFor(member);
      for (SealedShares& entry : shares) {
        if (entry.member != 1) continue;
        if (how == 0) entry.sealed.resize(79);
        if (how == 1) entry.sealed += std::string(1 << 20, 'x');
        if (how == 2) entry.sealed.assign(80, 'x');
        if (how == 3) entry.sealed = shares.back().sealed;
      }
      ASSERT_OK_AND_ASSIGN(NodeInputStep node,
                           NodeInputStep::From(std::move(step), shares, Gives(values_[member])));
      ASSERT_OK(round.Deliver(member, node));
      round.at_input.emplace(member, std::move(node));
    }
    ASSERT_OK(round.Consistency());
    ASSERT_OK(round.Unmask());
    // Member 1's seed has one share, its own: no sum, rather than a wrong one.
    EXPECT_FALSE(round.unmask->CanFinish());
    EXPECT_THAT(round.unmask->Finish(), StatusIs(kFailedPrecondition, HasSubstr("missing")));
  }
}

// Sealed as they should be, by a member whose key they are under, and passed on by a coordinator that helps
// it.
TEST_F(MembersAttack, SealedSharesOfAnotherLengthAreNobodysShares) {
  for (const std::size_t size : {0u, 1u, 63u, 64u, 175u, 177u, 1u << 20}) {
    TestRound& round = NewRound();
    testing::SeededRandom told(1);
    round.randoms[1] = &told;
    round.Keys();
    const KeysMessage from = *ReadKeys(round.session, round.at_keys.at(1).message());
    const KeysMessage to = *ReadKeys(round.session, round.at_keys.at(2).message());
    ASSERT_OK(round.Shares());
    testing::SeededRandom again(1);
    ASSERT_OK(AgreementKey::Generate(again));
    const AgreementKey sealing_key = *AgreementKey::Generate(again);
    ASSERT_EQ(sealing_key.public_key(), from.sealing_key);
    const SealingEnds ends = {.from = 1, .to = 2, .from_key = from.sealing_key, .to_key = to.sealing_key};
    const std::string sealed = *Seal(*SealingKey(round.session, sealing_key, ends),
                                     SealingData(round.session, ends), SecretBytes(std::string(size, 's')));
    ASSERT_OK_AND_ASSIGN(const CoordinatorInputStep inputs,
                         CoordinatorInputStep::From(std::move(*round.shares), round.store));
    std::vector<SealedShares> shares = inputs.SharesFor(2);
    for (SealedShares& entry : shares) {
      if (entry.member == 1) entry.sealed = sealed;
    }
    ASSERT_OK_AND_ASSIGN(const NodeInputStep node, NodeInputStep::From(std::move(round.at_shares.at(2)),
                                                                       std::move(shares), Gives(values_[2])));
    EXPECT_EQ(node.masked().size(), InputBytes(round.session));
  }
}

TEST_F(MembersAttack, SharesThatAreNoNumbersOfTheFieldEndTheRoundCleanly) {
  TestRound& round = AtUnmask({1, 2});
  UnmaskMessage wrong;
  wrong.sender = 2;
  for (std::uint32_t of = 0; of < kMembers; ++of) {
    wrong.seed_shares.push_back({of, SecretBytes(std::string(32, '\xFF'))});  // above 2^255 − 19
  }
  ASSERT_OK(round.unmask->Add(*Sign(round.session, wrong, key(2))));
  EXPECT_THAT(round.unmask->Finish(), StatusIs(kDataLoss, HasSubstr("secure sum")));
}

TEST_F(MembersAttack, VectorsOfAnyOtherShapeAreRefused) {
  TestRound& round = AtInputs({1});
  const std::string good(kCells * 8, 'x');
  for (const std::string& vector :
       {std::string(), good.substr(1), good + 'x', good + good, std::string(1 << 20, 'x')}) {
    EXPECT_THAT(round.inputs->PutBlock(1, 0, vector), StatusIs(kInvalidArgument, HasSubstr("block 0 of")));
  }
  for (const std::size_t index : {std::size_t{1}, std::size_t{1} << 40, ~std::size_t{0}}) {
    for (const std::string& block : {good, std::string(kInputBlockBytes, 'x')}) {
      EXPECT_THAT(round.inputs->PutBlock(1, index, block),
                  StatusIs(kInvalidArgument, HasSubstr("there are 1")));
    }
  }
}

}  // namespace
}  // namespace waymark::crypto
