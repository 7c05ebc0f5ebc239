#include "node/disclose/succession.h"

#include "absl/strings/str_cat.h"
#include "node/disclose/decline.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing::StatusIs;

constexpr char kOld[] = "E10000023";
constexpr char kOther[] = "E10000006";
// The asked period, 2024-25, had begun by then.
const Day kDay = *DayOf({.year = 2025, .month = 4, .day = 1});

contract::Successions Recoded() {
  return {{.day = kDay, .before = {kOld}, .after = {kCouncil}}};
}
contract::Successions Merged() {
  return {{.day = kDay, .before = {kOther, kOld}, .after = {kCouncil}}};
}
contract::Successions Split() {
  return {{.day = kDay, .before = {kOld}, .after = {kCouncil, "E06000002"}}};
}

contract::RoundItem Thresholded(const std::string& period = "2024-25",
                                std::vector<std::string> breakdowns = {}) {
  contract::RoundItem item = ItemFor("16", v1::MODE_THRESHOLDED, std::move(breakdowns));
  item.period = period;
  return item;
}

class SuccessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (MadeUpCouncil* one : {&old_, &council_}) ASSERT_OK(one->Open());
  }
  Lineage LineageOf(const contract::Successions& successions) {
    return {.council = kCouncil,
            .signing_key = council_.key().public_key(),
            .successions = successions,
            .all_took_part = true};
  }
  absl::Status Take(MadeUpCouncil& council, const Lineage& lineage) {
    return TakeOver(council.ledger(), lineage, council.clock);
  }
  // The rule by which the round's one item was decided.
  std::string Rule(MadeUpCouncil& council, const contract::RoundItem& item) {
    const auto answered = council.MakeDoor().Answer(SpecOf(absl::StrCat("r", ++rounds_), {item}), tables_);
    EXPECT_OK(answered);
    return answered.ok() ? answered->explanations[0].rule : "";
  }
  // What the coordinator has of a round that the council answered.
  Countersigned Answer(MadeUpCouncil& council, const std::string& round, const contract::RoundItem& item) {
    const auto answered = council.MakeDoor().Answer(SpecOf(round, {item}), tables_);
    EXPECT_OK(answered);
    return {.round_id = round,
            .ledger_sequence = Read(answered->release).ledger_sequence,
            .received_unix_s = 1'780'000'100,
            .release_hash = answered->release.release_hash(),
            .receipt = "receipt"};
  }
  absl::Status ImportOld() {
    const auto entries = old_.ledger().Entries();
    return council_.ledger().Import(kOld, *entries, "report");
  }

  MadeUpCouncil old_;      // kOld's ledger
  MadeUpCouncil council_;  // kCouncil's, with a folder of its own
  MadeUpTables tables_;
  int rounds_ = 0;
};

// The attack: a council lets itself be renamed, and begins with an empty ledger.
TEST_F(SuccessionTest, NewLedgerUnderANewNameIsNoSecondFirstRelease) {
  for (const auto& successions : {Recoded(), Merged(), Split()}) {
    MadeUpCouncil fresh;
    ASSERT_OK(fresh.Open());
    ASSERT_OK(Take(fresh, LineageOf(successions)));
    EXPECT_EQ(Rule(fresh, Thresholded()), "succession");
    EXPECT_EQ(Rule(fresh, NoisedItem("19")), "succession");
    EXPECT_EQ(Rule(fresh, Thresholded("2025-26-Q1")), "released") << "of its own days alone";
    ASSERT_OK(Take(fresh, LineageOf(successions)));  // what is known is not written again
    ASSERT_OK(fresh.Open());
  }
}

// No officers, and a coordinator that names a council before this one.
TEST_F(SuccessionTest, WhatTheCoordinatorHasSeenCountsToo) {
  Lineage lineage = LineageOf(Recoded());
  lineage.all_took_part = false;
  ASSERT_OK(Take(council_, lineage));
  EXPECT_EQ(Rule(council_, Thresholded()), "released") << "nobody says that there was one before";
  lineage.seen = {{.council = kOther, .releases = {}}};
  ASSERT_OK(Take(council_, lineage));
  EXPECT_EQ(Rule(council_, Thresholded("2023-24")), "succession");
}

TEST_F(SuccessionTest, RenamedCouncilGoesOnWithItsLedger) {
  ASSERT_OK(old_.ledger().KeepOwner(kOld));
  const Countersigned last = Answer(old_, "q1", Thresholded());
  EXPECT_EQ(Rule(old_, NoisedItem("19")), "released");
  EXPECT_THAT(Take(old_, LineageOf({})),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("nobody has said that it became")));
  Lineage lineage = LineageOf(Recoded());
  lineage.seen = {{.council = kOld, .releases = {last}}};
  ASSERT_OK(Take(old_, lineage));
  // What left under the old name counts.
  EXPECT_EQ(Rule(old_, Thresholded()), "replayed");
  EXPECT_EQ(Rule(old_, Thresholded("2024-25", {"sex"})), "differencing");
  EXPECT_EQ(Rule(old_, NoisedItem("19", 4, 1)), "yearly budget");
  EXPECT_EQ(Rule(old_, Thresholded("2023-24")), "released");
  ASSERT_OK(Take(old_, lineage));
  // Nor may it be an older copy of that ledger.
  ++lineage.seen[0].releases[0].ledger_sequence;
  EXPECT_THAT(Take(old_, lineage), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("older copy")));
}

TEST_F(SuccessionTest, LedgerOfBeforeThatNobodyWroteTheOwnerInto_IsKnownByItsReleases) {
  Answer(council_, "q1", Thresholded());  // of kCouncil
  Lineage abroad = LineageOf({});
  abroad.council = "E06000009";
  EXPECT_THAT(Take(council_, abroad),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("is that of E06000001")));
  EXPECT_OK(Take(council_, LineageOf({})));
}

TEST_F(SuccessionTest, LedgerOfACouncilThatMergedOrSplitIsNotGoneOnWith) {
  ASSERT_OK(old_.ledger().KeepOwner(kOld));
  for (const auto& successions : {Merged(), Split()}) {
    const absl::Status status = Take(old_, LineageOf(successions));
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("ledger import")));
    EXPECT_TRUE(DeclineOf(status).has_value());
  }
}

TEST_F(SuccessionTest, ImportedLedgerCountsAsOnesOwn) {
  const Countersigned last = Answer(old_, "q1", Thresholded());
  EXPECT_EQ(Rule(old_, NoisedItem("19", 3, 1)), "released");
  Lineage lineage = LineageOf(Split());
  ASSERT_OK(Take(council_, lineage));
  EXPECT_EQ(Rule(council_, Thresholded("2023-24")), "succession") << "nothing is known yet";
  ASSERT_OK(ImportOld());
  lineage.seen = {{.council = kOld, .releases = {last}}};
  ASSERT_OK(Take(council_, lineage));
  EXPECT_EQ(Rule(council_, Thresholded("2023-24")), "released") << "which the one before did not release";
  EXPECT_EQ(Rule(council_, Thresholded()), "succession") << "the very query, of other records";
  EXPECT_EQ(Rule(council_, Thresholded("2024-25", {"sex"})), "succession");
  EXPECT_EQ(Rule(council_, NoisedItem("19", 2, 1)), "yearly budget") << "3 of 4 were spent before";
  EXPECT_EQ(Rule(council_, NoisedItem("19", 1, 1)), "released");
  ASSERT_OK(council_.Open());  // its chain is whole
}

TEST_F(SuccessionTest, ImportThatLacksAReleaseIsRefused_AndANewerOneGoesOn) {
  Answer(old_, "q1", Thresholded());
  ASSERT_OK(ImportOld());
  const Countersigned last = Answer(old_, "q2", Thresholded("2023-24"));
  Lineage lineage = LineageOf(Split());
  lineage.seen = {{.council = kOld, .releases = {last}}};
  const absl::Status older = Take(council_, lineage);
  EXPECT_THAT(older, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("older copy")));
  EXPECT_TRUE(DeclineOf(older).has_value());
  ASSERT_OK(ImportOld());
  EXPECT_OK(Take(council_, lineage));
  const auto before = council_.ledger().Entries()->size();
  ASSERT_OK(ImportOld());
  EXPECT_THAT(*council_.ledger().Entries(), SizeIs(before)) << "the same again";
  EXPECT_EQ(Rule(council_, Thresholded("2023-24", {"sex"})), "succession");
  // Another ledger of the same council, as one that was begun anew there.
  MadeUpCouncil again;
  ASSERT_OK(again.Open());
  Answer(again, "q3", Thresholded("2022-23"));
  EXPECT_THAT(council_.ledger().Import(kOld, *again.ledger().Entries(), "report"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another ledger")));
}

// What the one before had lost, or did not know itself, is not known by importing its ledger.
TEST_F(SuccessionTest, WhatTheOneBeforeDidNotKnowStaysUnknown) {
  ASSERT_OK(old_.ledger().Succeed(kOther, kDay - 1));
  ASSERT_OK(ImportOld());
  ASSERT_OK(Take(council_, LineageOf(Split())));
  EXPECT_EQ(Rule(council_, Thresholded()), "succession");
  EXPECT_EQ(Rule(council_, Thresholded("2025-26-Q1")), "released");
}

TEST_F(SuccessionTest, ReconciliationBeforeIsInherited) {
  ASSERT_OK(old_.ledger().Reconcile("gone", std::string(32, 'r'), 2026, "receipt"));
  ASSERT_OK(ImportOld());
  ASSERT_OK(Take(council_, LineageOf(Split())));
  EXPECT_EQ(Rule(council_, Thresholded()), "succession");
}

Ledger::SumClaim SumOf(const std::string& metric) {
  Claim claim{.metric = metric,
              .version = 1,
              .linkage_group = metric,
              .mode = v1::MODE_SECURE_SUM,
              .period = "2024-25",
              .data_version = 1,
              .epsilon = {1, 2},
              .charge = *BudgetUnits({1, 2}),
              .first_year = 2024,
              .last_year = 2024};
  return {.query_hash = std::string(32, 'q'), .claim = claim, .roster_hash = std::string(32, 'r')};
}

// A cell that one before summed securely, or may have.
TEST_F(SuccessionTest, WhatWasSummedBeforeIsNotSummedAgain) {
  const BudgetLimits cap{.epsilon = {.numerator = 4, .denominator = 1}};
  ASSERT_OK(old_.ledger().ChargeSums("s1", {SumOf("5")}, cap));
  ASSERT_OK(ImportOld());
  ASSERT_OK_AND_ASSIGN(const auto refusal, council_.ledger().CheckSums({SumOf("5")}, cap));
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->rule, "succession");
  ASSERT_OK_AND_ASSIGN(const auto other, council_.ledger().CheckSums({SumOf("8")}, cap));
  EXPECT_FALSE(other.has_value());
}

}  // namespace
}  // namespace waymark::node
