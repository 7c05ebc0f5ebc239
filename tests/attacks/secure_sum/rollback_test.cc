// A member's ledger is put back from an older copy, which knows nothing of a session that was: by a backup,
// or because somebody waited for one. Its peers tell it.
#include "tests/unit/crypto/secure_sum/federation.h"

namespace waymark::crypto {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using enum absl::StatusCode;

constexpr std::uint32_t kVictim = 2;

class RollbackAttack : public FederationTest {
 protected:
  // One session to its end. Then the victim has its older copy back.
  void SumAndRollBack() {
    const FakeJournal older = journal(kVictim);
    TestRound& round = AtUnmask();
    ASSERT_OK(round.unmask->Finish());
    journal(kVictim) = older;
  }
  // The victim's step 3 in a session to which all have come.
  absl::Status VictimsInput(TestRound& round, const std::set<std::uint32_t>& unheard = {}) {
    std::vector<SealedShares> shares = round.inputs->SharesFor(kVictim);
    std::erase_if(shares, [&](const SealedShares& entry) { return unheard.contains(entry.member); });
    return NodeInputStep::From(std::move(round.at_shares.at(kVictim)), std::move(shares),
                               Gives(values_[kVictim]))
        .status();
  }
  void Forget(std::uint32_t member) { journal(member).known.clear(); }
};

TEST_F(RollbackAttack, IsToldByEveryPeer_AndNothingIsCharged) {
  SumAndRollBack();
  TestRound& round = AtInputs({kVictim});
  const std::size_t before = journal(kVictim).entries.size();
  EXPECT_THAT(VictimsInput(round),
              StatusIs(kFailedPrecondition, HasSubstr("E00000000 has this node's own signed word")));
  EXPECT_EQ(journal(kVictim).entries.size(), before);
  EXPECT_EQ(journal(kVictim).missing.sequence, 2u);
  // The others go on without it.
  ASSERT_OK(round.Consistency());
  ASSERT_OK(round.Unmask());
  ASSERT_OK_AND_ASSIGN(const SecureSum sum, round.unmask->Finish());
  EXPECT_EQ(sum.sum.ToValues(), SumOf({0, 1, 3, 4, 5}));
}

// u_min = 5 of 6 are heard, so one that was lost on the way, and one that forgot, do not hide it.
TEST_F(RollbackAttack, IsToldByTheOneThatRemembers) {
  SumAndRollBack();
  for (const std::uint32_t forgetful : {0u, 1u, 3u, 4u}) Forget(forgetful);
  TestRound& round = AtInputs({kVictim});
  EXPECT_THAT(VictimsInput(round, {0}), StatusIs(kFailedPrecondition, HasSubstr("E00000005 has")));
}

// More entries than there were then, and the same number of them, are not those that were.
TEST_F(RollbackAttack, IsFound_HoweverLongTheOtherBranchHasGrown) {
  SumAndRollBack();
  for (int more = 0; more < 4; ++more) {
    TestRound& round = AtInputs({kVictim});
    EXPECT_THAT(VictimsInput(round), StatusIs(kFailedPrecondition, HasSubstr("older copy"))) << more;
  }
  EXPECT_GT(journal(kVictim).entries.size(), journal(kVictim).missing.sequence);
}

TEST_F(RollbackAttack, ALedgerThatIsWhole_AndOneWhoseLossIsOnRecord_GoOn) {
  ASSERT_OK(AtUnmask().unmask->Finish());
  EXPECT_OK(VictimsInput(AtInputs({kVictim})));
  SumAndRollBack();
  ++journal(kVictim).losses;
  EXPECT_OK(VictimsInput(AtInputs({kVictim})));
  EXPECT_EQ(journal(kVictim).missing, LedgerHead{});
}

// What a corrupt peer makes up stops nobody: it has no word of the victim's for it.
TEST_F(RollbackAttack, AWordThatTheVictimDidNotSign_IsNotHeeded) {
  ASSERT_OK(AtUnmask().unmask->Finish());
  const LedgerHead real = journal(4).known.at("E00000002");
  ASSERT_TRUE(IsSignedBy({.id = "E00000002", .signing_key = key(kVictim).public_key()}, real));
  LedgerHead huge = real;
  huge.sequence = ~std::uint64_t{0};
  LedgerHead another = real;
  another.hash = Sha256("another");
  LedgerHead others = another;
  ASSERT_OK(SignHead("E00000002", key(4), others));
  LedgerHead name = another;
  ASSERT_OK(SignHead("E00000003", key(kVictim), name));
  LedgerHead lost = another;
  lost.losses = 7;
  for (const LedgerHead& made_up : {huge, another, others, name, lost}) {
    journal(4).known["E00000002"] = made_up;
    EXPECT_OK(VictimsInput(AtInputs({kVictim})));
  }
  EXPECT_EQ(journal(kVictim).missing, LedgerHead{});
}

}  // namespace
}  // namespace waymark::crypto
