#include "node/disclose/rollback.h"

#include "node/disclose/decline.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::StatusIs;

class RollbackTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(council_.Open()); }

  // Answers a round, and what the coordinator then says of it.
  Countersigned Answer(const std::string& round, const contract::RoundItem& item) {
    const auto answered = council_.MakeDoor().Answer(SpecOf(round, {item}), tables_);
    EXPECT_OK(answered);
    const contract::Release release = Read(answered->release);
    return {.round_id = round,
            .ledger_sequence = release.ledger_sequence,
            .received_unix_s = 1'780'000'100,
            .release_hash = answered->release.release_hash(),
            .receipt = "receipt"};
  }
  MadeUpCouncil council_;
  MadeUpTables tables_;
};

TEST_F(RollbackTest, LedgerThatHasTheReleaseAtItsPlaceIsTheNewest) {
  const Countersigned last = Answer("q1", NoisedItem("19"));
  EXPECT_OK(CheckNotRolledBack(council_.ledger(), last));
  Countersigned elsewhere = last;
  ++elsewhere.ledger_sequence;
  EXPECT_THAT(CheckNotRolledBack(council_.ledger(), elsewhere),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("older copy")));
  Countersigned other = last;
  other.release_hash[0] = static_cast<char>(other.release_hash[0] ^ 1);
  EXPECT_THAT(CheckNotRolledBack(council_.ledger(), other),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("round q1")));
  Countersigned unknown = last;
  unknown.round_id = "q9";
  EXPECT_THAT(CheckNotRolledBack(council_.ledger(), unknown),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("ledger reconcile")));
}

TEST_F(RollbackTest, OlderCopyIsFound_ThoughItsChainIsWhole) {
  MadeUpCouncil older;
  ASSERT_OK(older.Open());
  const Countersigned last = Answer("q1", NoisedItem("19"));
  EXPECT_OK(older.ledger().Verify());
  EXPECT_THAT(CheckNotRolledBack(older.ledger(), last),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("Nothing is released")));
}

TEST_F(RollbackTest, ReconciledLedgerCountsWhatMayHaveBeenLost) {
  Countersigned lost = Answer("q1", NoisedItem("19"));
  lost.round_id = "gone";
  ASSERT_OK_AND_ASSIGN(const bool written, Reconcile(council_.ledger(), lost, council_.clock));
  EXPECT_TRUE(written);
  EXPECT_OK(CheckNotRolledBack(council_.ledger(), lost));
  ASSERT_OK_AND_ASSIGN(const bool again, Reconcile(council_.ledger(), lost, council_.clock));
  EXPECT_FALSE(again);
  EXPECT_OK(council_.ledger().Verify());
  // What is stored is answered again; what may have been lost is not, in either mode.
  ASSERT_OK_AND_ASSIGN(const Answered replayed,
                       council_.MakeDoor().Answer(SpecOf("q2", {NoisedItem("19")}), tables_));
  EXPECT_EQ(replayed.explanations[0].rule, "replayed");
  ASSERT_OK_AND_ASSIGN(
      const Answered refused,
      council_.MakeDoor().Answer(
          SpecOf("q3", {NoisedItem("19-contacts"), ItemFor("16", v1::MODE_THRESHOLDED)}), tables_));
  EXPECT_THAT(Read(refused.release).tables, IsEmpty());
  EXPECT_EQ(refused.explanations[0].rule, "reconciliation");
  EXPECT_EQ(refused.explanations[1].rule, "reconciliation");
  // Later years and periods are free.
  contract::RoundItem later = ItemFor("16", v1::MODE_THRESHOLDED);
  later.period = "2040-41";
  ASSERT_OK_AND_ASSIGN(const Answered free, council_.MakeDoor().Answer(SpecOf("q4", {later}), tables_));
  EXPECT_THAT(Read(free.release).tables, SizeIs(1));
}

// Told in a secure session: from then on nothing leaves, in whatever mode, until the newest copy is back or
// the loss is on record.
TEST_F(RollbackTest, OlderCopyThatAPeerKnowsOf_ReleasesNothing) {
  const crypto::SessionMember self{.id = kCouncil, .signing_key = council_.key().public_key()};
  EXPECT_OK(CheckNotRolledBack(council_.ledger(), self));
  crypto::LedgerHead told;
  told.sequence = 7;
  told.hash = std::string(32, 'h');
  ASSERT_OK(council_.ledger().KeepHead({.member = &self, .head = told}));
  ASSERT_OK(council_.Open());  // started again
  const auto older = StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("older copy"));
  EXPECT_THAT(CheckNotRolledBack(council_.ledger(), self), older);
  EXPECT_EQ(DeclineOf(CheckNotRolledBack(council_.ledger(), self)), v1::ABSENCE_LEDGER_WENT_BACK);
  Door door = council_.MakeDoor();
  EXPECT_THAT(door.Answer(SpecOf("q1", {NoisedItem("19")}), tables_), older);
  EXPECT_THAT(door.Stored("q1"), older);
  EXPECT_THAT(door.Preview(SpecOf("q1", {NoisedItem("19")}), tables_), older);
  EXPECT_THAT(council_.ledger().Entries().value(), IsEmpty());

  EXPECT_TRUE(Reconcile(council_.ledger(), self, council_.clock).value());
  EXPECT_OK(CheckNotRolledBack(council_.ledger(), self));
  EXPECT_FALSE(Reconcile(council_.ledger(), self, council_.clock).value());
  EXPECT_OK(door.Preview(SpecOf("q1", {NoisedItem("19")}), tables_));
}

}  // namespace
}  // namespace waymark::node
