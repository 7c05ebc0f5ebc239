#include "node/disclose/door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "catalogue/item_tables.h"
#include "crypto/hash.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing::StatusIs;

class DoorTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(council_.Open()); }

  absl::StatusOr<Answered> Answer(const contract::RoundSpec& spec) {
    Door door = council_.MakeDoor();
    return door.Answer(spec, tables_);
  }
  // The one reason that leaves for a round of one item that is refused, and the rule told to the council.
  std::pair<v1::Absence, std::string> Refusal(const contract::RoundItem& item,
                                              const std::string& round = "refused") {
    const auto answered = Answer(SpecOf(round, {item}));
    EXPECT_OK(answered);
    if (!answered.ok()) return {};
    const contract::Release release = Read(answered->release);
    EXPECT_THAT(release.tables, IsEmpty());
    EXPECT_THAT(release.absent, SizeIs(1));
    EXPECT_THAT(answered->explanations, SizeIs(1));
    if (release.absent.size() != 1 || answered->explanations.size() != 1) return {};
    return {release.absent[0].absence, answered->explanations[0].rule};
  }
  std::size_t Entries(EntryKind kind) {
    const auto entries = council_.ledger().Entries();
    EXPECT_OK(entries);
    std::size_t count = 0;
    for (const LedgerEntry& entry : *entries) count += entry.kind == kind ? 1 : 0;
    return count;
  }

  MadeUpCouncil council_;
  MadeUpTables tables_;
};

TEST_F(DoorTest, ReleaseIsSignedAndNamesItsPlaceInTheLedger) {
  const contract::RoundSpec spec = SpecOf("q1", {ItemFor("16", v1::MODE_THRESHOLDED, {"sex"})});
  ASSERT_OK_AND_ASSIGN(const Answered answered, Answer(spec));
  const contract::Release release = Read(answered.release);
  EXPECT_EQ(release.round_id, "q1");
  EXPECT_EQ(release.council, kCouncil);
  EXPECT_EQ(release.spec_hash, crypto::Sha256(contract::CanonicalBytes(spec)));
  EXPECT_TRUE(release.scope.includes_delivered);
  EXPECT_OK(crypto::VerifySignature(council_.key().public_key(), contract::CanonicalBytes(release),
                                    release.signature));
  EXPECT_EQ(answered.release.release_hash(), crypto::Sha256(contract::CanonicalBytes(release)));
  ASSERT_OK_AND_ASSIGN(const auto entries, council_.ledger().Entries());
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[1].kind, EntryKind::kRelease);
  EXPECT_EQ(release.ledger_sequence, 2u);
  EXPECT_EQ(release.ledger_head, entries[0].hash);
  ASSERT_THAT(release.tables, SizeIs(2));
  EXPECT_EQ(release.tables[0].protection.suppressed_to, 7u);
  EXPECT_EQ(release.tables[0].protection.rounded_to, 5u);
  for (const std::int64_t value : release.tables[1].table.values) EXPECT_EQ(value % 5, 0);
}

TEST_F(DoorTest, SameRoundGetsTheSameBytes_WhateverTheDataSayNow) {
  const contract::RoundSpec spec = SpecOf("q1", {NoisedItem("19", 1, 2, {"sex"})});
  ASSERT_OK_AND_ASSIGN(const Answered first, Answer(spec));
  MadeUpTables others([](contract::Table& table) { table.values.assign(table.values.size(), 500); });
  ASSERT_OK(council_.Open());
  Door door = council_.MakeDoor();
  ASSERT_OK_AND_ASSIGN(const Answered second, door.Answer(spec, others));
  EXPECT_EQ(first.release.bytes(), second.release.bytes());
  EXPECT_TRUE(second.replayed);
  EXPECT_EQ(others.asked, 0);
  EXPECT_EQ(Entries(EntryKind::kCharge), 1u);
}

TEST_F(DoorTest, StoredReleaseIsGivenAfterTheDeadline) {
  const contract::RoundSpec spec = SpecOf("q1", {NoisedItem("19")});
  ASSERT_OK_AND_ASSIGN(const Answered first, Answer(spec));
  council_.clock.Advance(absl::Hours(1000));
  ASSERT_OK_AND_ASSIGN(const Answered second, Answer(spec));
  EXPECT_EQ(first.release.bytes(), second.release.bytes());
}

TEST_F(DoorTest, OtherSpecUnderAnAnsweredRoundIsRefused) {
  ASSERT_OK(Answer(SpecOf("q1", {NoisedItem("19")})));
  EXPECT_THAT(Answer(SpecOf("q1", {NoisedItem("19", 1, 3)})),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("another spec was answered")));
}

TEST_F(DoorTest, SameQueryInAnotherRoundIsReplayedWithoutACharge) {
  ASSERT_OK_AND_ASSIGN(const Answered first, Answer(SpecOf("q1", {NoisedItem("19", 1, 2, {"sex"})})));
  ASSERT_OK_AND_ASSIGN(const Answered second, Answer(SpecOf("q2", {NoisedItem("19", 1, 2, {"sex"})})));
  EXPECT_EQ(Read(first.release).tables, Read(second.release).tables);
  EXPECT_EQ(second.explanations[0].rule, "replayed");
  EXPECT_EQ(Entries(EntryKind::kCharge), 1u);
  EXPECT_EQ(Entries(EntryKind::kItem), 1u);
  EXPECT_EQ(Entries(EntryKind::kRelease), 2u);
}

TEST_F(DoorTest, NewDataVersionIsANewChargeAndNewNoise) {
  contract::RoundSpec spec = SpecOf("q1", {NoisedItem("19", 1, 2, {"sex"})});
  ASSERT_OK_AND_ASSIGN(const Answered first, Answer(spec));
  spec.round_id = "q2";
  spec.data_version = 2;
  ASSERT_OK_AND_ASSIGN(const Answered second, Answer(spec));
  // 10 cells at scale 6 (2 cells and sensitivity 3 a table): equal by chance in fewer than 1 run in 10^9.
  EXPECT_NE(Read(first.release).tables, Read(second.release).tables);
  EXPECT_EQ(Entries(EntryKind::kCharge), 2u);
}

TEST_F(DoorTest, NothingLeaves_WithoutAPolicyOrApproval) {
  const Policy none;
  ASSERT_OK_AND_ASSIGN(const Policy closed,
                       Policy::Parse("[release]\napproval = \"none\"\n", "policy.toml", TestLibrary()));
  crypto::SystemRandom random;
  for (const Policy* policy : {&none, &closed}) {
    Door door({*policy, TestLibrary(), council_.ledger(), council_.key(), random, council_.clock}, kCouncil,
              {});
    EXPECT_THAT(door.Answer(SpecOf("q1", {NoisedItem("19")}), tables_),
                StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("nothing leaves")));
    EXPECT_THAT(door.Preview(SpecOf("q1", {NoisedItem("19")}), tables_),
                StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("nothing leaves")));
  }
  EXPECT_EQ(tables_.asked, 0);
  ASSERT_OK_AND_ASSIGN(const auto entries, council_.ledger().Entries());
  EXPECT_THAT(entries, IsEmpty());
}

TEST_F(DoorTest, RoundIsRefusedAsAWhole_WhenItIsTooSmallTooLateOrMalformed) {
  contract::RoundSpec late = SpecOf("q1", {NoisedItem("19")});
  late.deadline_unix_s = absl::ToUnixSeconds(council_.clock.Now() - kClockDifference) - 1;
  late.opens_unix_s = late.deadline_unix_s - 1;
  EXPECT_THAT(Answer(late), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("deadline passed")));
  late.deadline_unix_s += 2;  // the clock may be wrong by so much
  EXPECT_OK(Answer(late));
  contract::RoundSpec malformed = SpecOf("q 2", {NoisedItem("19")});
  EXPECT_THAT(Answer(malformed), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("round_id")));
}

TEST(DoorPseudonymTest, EachRoundHasAnother_AndItIsSigned) {
  std::string policy = PolicyText();
  policy.insert(policy.find("approval"), "identity = \"pseudonymous\"\n");
  MadeUpCouncil council(policy);
  ASSERT_OK(council.Open());
  MadeUpTables tables;
  std::set<std::string> pseudonyms;
  for (const char* round : {"q1", "q2"}) {
    ASSERT_OK_AND_ASSIGN(const Answered answered,
                         council.MakeDoor().Answer(SpecOf(round, {NoisedItem("19")}), tables));
    contract::Release release = Read(answered.release);
    EXPECT_EQ(release.pseudonym.size(), contract::kPseudonymDigits);
    pseudonyms.insert(release.pseudonym);
    const auto verified = [&] {
      return crypto::VerifySignature(council.key().public_key(), contract::CanonicalBytes(release),
                                     release.signature);
    };
    EXPECT_OK(verified());
    release.pseudonym.clear();
    EXPECT_FALSE(verified().ok());
  }
  EXPECT_EQ(pseudonyms.size(), 2u);
}

TEST(DoorFloorTest, RoundOfFewerContributorsThanTheFloorIsRefused) {
  MadeUpCouncil council("[release]\napproval = \"automatic\"\n[floors]\nleast_contributors = 10\n");
  ASSERT_OK(council.Open());
  Door door = council.MakeDoor();
  MadeUpTables tables;
  contract::RoundSpec spec = SpecOf("q1", {ItemFor("16", v1::MODE_THRESHOLDED)});
  EXPECT_THAT(door.Answer(spec, tables),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("the policy's floor is 10")));
  spec.least_contributors = 10;
  ASSERT_OK_AND_ASSIGN(const Answered answered, door.Answer(spec, tables));
  EXPECT_EQ(Read(answered.release).absent[0].absence, v1::ABSENCE_NOT_RELEASED);
}

TEST_F(DoorTest, ItemIsAbsent_WhenPolicyOrDefinitionDoNotAllowIt) {
  EXPECT_EQ(Refusal(ItemFor("5", v1::MODE_THRESHOLDED), "a").first, v1::ABSENCE_NOT_RELEASED);
  EXPECT_EQ(Refusal(ItemFor("16", v1::MODE_THRESHOLDED, {"need"}), "b").first, v1::ABSENCE_NOT_RELEASED);
  EXPECT_EQ(Refusal(NoisedItem("16"), "c").first, v1::ABSENCE_NOT_RELEASED);
  EXPECT_EQ(Refusal(NoisedItem("43"), "d").first, v1::ABSENCE_NOT_RELEASED);
  contract::RoundItem changed = ItemFor("16", v1::MODE_THRESHOLDED);
  changed.definition_hash[3] ^= 1;
  EXPECT_EQ(Refusal(changed, "e").first, v1::ABSENCE_UNKNOWN_DEFINITION);
  contract::RoundItem newer = ItemFor("16", v1::MODE_THRESHOLDED);
  newer.version = 2;
  EXPECT_EQ(Refusal(newer, "f").first, v1::ABSENCE_UNKNOWN_DEFINITION);
  contract::RoundItem unknown = ItemFor("16", v1::MODE_THRESHOLDED);
  unknown.metric = "99";
  EXPECT_EQ(Refusal(unknown, "g").first, v1::ABSENCE_UNKNOWN_DEFINITION);
  contract::RoundItem window = ItemFor("1", v1::MODE_THRESHOLDED);
  window.window_days = {100};
  EXPECT_EQ(Refusal(window, "h").first, v1::ABSENCE_NOT_RELEASED);
  contract::RoundItem twice = ItemFor("1", v1::MODE_THRESHOLDED, {"sex", "sex"});
  EXPECT_EQ(Refusal(twice, "i").first, v1::ABSENCE_NOT_RELEASED);
  EXPECT_EQ(tables_.asked, 0);
}

TEST_F(DoorTest, NoisedBreakdownWithoutPublicCodesIsRefusedUncharged) {
  EXPECT_EQ(Refusal(NoisedItem("19", 1, 2, {"area"})),
            std::make_pair(v1::ABSENCE_NOT_RELEASED, std::string("noise")));
  EXPECT_EQ(Entries(EntryKind::kCharge), 0u);
}

TEST_F(DoorTest, IncompleteItemsAreAbsentForTheirOwnReasonAndUncharged) {
  const std::vector<std::pair<Completeness, v1::Absence>> reasons = {
      {Completeness::kPartial, v1::ABSENCE_NOT_YET_COMPLETE},
      {Completeness::kNotYet, v1::ABSENCE_NOT_YET_COMPLETE},
      {Completeness::kNotCovered, v1::ABSENCE_NOT_COVERED},
      {Completeness::kNotAvailable, v1::ABSENCE_NOT_AVAILABLE}};
  int round = 0;
  for (const auto& [completeness, absence] : reasons) {
    tables_.adjust = [completeness = completeness](Measured& measured) {
      measured.completeness = completeness;
      measured.reason = "because";
    };
    EXPECT_EQ(Refusal(NoisedItem("19"), absl::StrCat("n", ++round)).first, absence);
    EXPECT_EQ(Refusal(ItemFor("16", v1::MODE_THRESHOLDED), absl::StrCat("t", round)).first, absence);
  }
  EXPECT_EQ(Entries(EntryKind::kCharge), 0u);
  EXPECT_EQ(Entries(EntryKind::kItem), 0u);
  tables_.adjust = {};
  ASSERT_OK_AND_ASSIGN(const Answered later, Answer(SpecOf("q9", {ItemFor("16", v1::MODE_THRESHOLDED)})));
  EXPECT_THAT(Read(later.release).tables, SizeIs(1));
}

TEST_F(DoorTest, TablesThatTheSourcesHoldLeave_WhenAnotherOfTheItemIsNotAvailable) {
  tables_.adjust = [](Measured& measured) {
    if (measured.table.dimensions.empty()) return;
    measured.completeness = Completeness::kNotAvailable;
    measured.reason = "no source carries the field";
    measured.table.rows.clear();
    measured.table.Resize();
  };
  ASSERT_OK_AND_ASSIGN(const Answered answered,
                       Answer(SpecOf("q1", {ItemFor("16", v1::MODE_THRESHOLDED, {"sex"})})));
  const contract::Release release = Read(answered.release);
  ASSERT_THAT(release.tables, SizeIs(1));
  EXPECT_THAT(release.tables[0].table.dimensions, IsEmpty());
  EXPECT_THAT(release.absent, IsEmpty());  // given or absent, never both
  EXPECT_THAT(answered.explanations[0].text, HasSubstr("no source carries the field"));
}

TEST_F(DoorTest, ACountThatTwoFamiliesMayDominateIsSuppressed) {
  MadeUpTables tables([](contract::Table& table) {
    const std::size_t last = table.columns.size() - 1;
    const bool families = table.unit == v1::UNIT_FAMILIES;
    table.At(0, last) = families ? 40 : 100;
    table.At(0, 0) = families ? 2 : 20;
  });
  contract::RoundItem item = ItemFor("16", v1::MODE_THRESHOLDED);
  item.units = {v1::UNIT_EPISODES};
  ASSERT_OK_AND_ASSIGN(const auto answered, council_.MakeDoor().Answer(SpecOf("q1", {item}), tables));
  const contract::Release release = Read(answered.release);
  ASSERT_EQ(release.tables.size(), 1u);
  const contract::Table& table = release.tables[0].table;
  EXPECT_EQ(table.status.front(), v1::CELL_STATUS_SUPPRESSED);
  EXPECT_EQ(table.status.back(), v1::CELL_STATUS_SHOWN);
  EXPECT_EQ(table.values.back(), 100);
}

// Of a curve that leaves with every bin suppressed the council is told why there is no figure of it.
TEST(DoorCurveTest, TheCouncilIsToldThatNoCurveCanBeDrawn) {
  MadeUpCouncil council(PolicyText() + "[[allow]]\nmetric = \"9\"\nversion = 1\nmode = \"thresholded\"\n");
  ASSERT_OK(council.Open());
  for (const std::int64_t count : {3, 30}) {
    MadeUpTables tables(
        [count](contract::Table& table) { std::fill(table.values.begin(), table.values.end(), count); });
    const contract::RoundSpec spec = SpecOf(absl::StrCat("q", count), {ItemFor("9", v1::MODE_THRESHOLDED)});
    ASSERT_OK_AND_ASSIGN(const auto previews, council.MakeDoor().Preview(spec, tables));
    EXPECT_EQ(previews[0].note.empty(), count > 7) << previews[0].note;
    if (count > 7) continue;
    ASSERT_OK_AND_ASSIGN(const auto answered, council.MakeDoor().Answer(spec, tables));
    EXPECT_THAT(answered.explanations[0].text, HasSubstr(previews[0].note));
    EXPECT_THAT(answered.explanations[0].text, HasSubstr("no curve can be drawn"));
  }
}

TEST_F(DoorTest, SecondThresholdedQueryOfAMetricIsRefused_NamingTheFirst) {
  ASSERT_OK(Answer(SpecOf("first", {ItemFor("16", v1::MODE_THRESHOLDED, {"sex"})})));
  contract::RoundItem quarter = ItemFor("16", v1::MODE_THRESHOLDED);
  quarter.period = "2024-25-Q4";
  ASSERT_OK_AND_ASSIGN(const Answered answered,
                       Answer(SpecOf("second", {ItemFor("16", v1::MODE_THRESHOLDED), quarter})));
  EXPECT_THAT(Read(answered.release).tables, IsEmpty());
  for (const Explanation& explanation : answered.explanations) {
    EXPECT_EQ(explanation.rule, "differencing");
    EXPECT_THAT(explanation.text, HasSubstr("round first"));
  }
  contract::RoundItem other_year = ItemFor("16", v1::MODE_THRESHOLDED);
  other_year.period = "2023-24";
  ASSERT_OK_AND_ASSIGN(const Answered third, Answer(SpecOf("third", {other_year})));
  EXPECT_THAT(Read(third.release).tables, SizeIs(1));
  // A revision is another query too.
  contract::RoundSpec revised = SpecOf("fourth", {ItemFor("16", v1::MODE_THRESHOLDED, {"sex"})});
  revised.data_version = 2;
  ASSERT_OK_AND_ASSIGN(const Answered fourth, Answer(revised));
  EXPECT_THAT(Read(fourth.release).tables, IsEmpty());
}

TEST(DoorModeTest, LinkedMetricsLeaveInOneModeOnly) {
  const std::string allow = "version = 1\nmode = ";
  MadeUpCouncil council(
      "[release]\napproval = \"automatic\"\n[floors]\nyearly_epsilon = \"4\"\n"
      "[[allow]]\nmetric = \"16\"\n" +
      allow + "\"thresholded\"\n");
  ASSERT_OK(council.Open());
  MadeUpTables tables;
  ASSERT_OK(council.MakeDoor().Answer(SpecOf("first", {ItemFor("16", v1::MODE_THRESHOLDED)}), tables));
  // The council changes its mind, and its policy.
  ASSERT_OK_AND_ASSIGN(const Policy noised,
                       Policy::Parse("[release]\napproval = \"automatic\"\n[floors]\nyearly_epsilon = \"4\"\n"
                                     "[[allow]]\nmetric = \"1\"\n" +
                                         allow + "\"noised\"\n",
                                     "policy.toml", TestLibrary()));
  crypto::SystemRandom random;
  Door door({noised, TestLibrary(), council.ledger(), council.key(), random, council.clock}, kCouncil, {});
  contract::RoundItem quarter = NoisedItem("1");
  quarter.period = "2024-25-Q1";
  ASSERT_OK_AND_ASSIGN(const Answered refused, door.Answer(SpecOf("second", {quarter}), tables));
  EXPECT_EQ(refused.explanations[0].rule, "one mode");
  EXPECT_THAT(refused.explanations[0].text, HasSubstr("round first"));
  contract::RoundItem later = NoisedItem("1");
  later.period = "2025-26";
  ASSERT_OK_AND_ASSIGN(const Answered answered, door.Answer(SpecOf("third", {later}), tables));
  EXPECT_THAT(Read(answered.release).tables, SizeIs(1));
}

TEST_F(DoorTest, BudgetIsSpentExactlyAndThenRefused) {
  // 3/2 + 3/2 + 1 = 4: exactly the cap; nothing more fits, however small.
  int round = 0;
  for (const auto& [above, below] : std::vector<std::pair<int, int>>{{3, 2}, {3, 2}, {1, 1}}) {
    contract::RoundSpec spec =
        SpecOf(absl::StrCat("q", ++round),
               {NoisedItem("19", static_cast<std::uint64_t>(above), static_cast<std::uint64_t>(below))});
    spec.data_version = static_cast<std::uint32_t>(round);
    ASSERT_OK_AND_ASSIGN(const Answered answered, Answer(spec));
    ASSERT_EQ(answered.explanations[0].rule, "released");
  }
  EXPECT_EQ(Refusal(NoisedItem("19-contacts", 1, 1'000'000)),
            std::make_pair(v1::ABSENCE_NOT_RELEASED, std::string("yearly budget")));
  contract::RoundItem other_year = NoisedItem("19");
  other_year.period = "2022-23";
  ASSERT_OK_AND_ASSIGN(const Answered answered, Answer(SpecOf("other", {other_year})));
  EXPECT_EQ(answered.explanations[0].rule, "released");
}

TEST_F(DoorTest, NoisedRowsAreThePublicOnes_WhateverRowsThereAre) {
  tables_.adjust = [](Measured& measured) {
    if (measured.table.dimensions.empty()) return;
    measured.table.rows = {"female", "zz unlisted"};
    measured.table.Resize();
    measured.table.values.assign(measured.table.values.size(), 900);
  };
  ASSERT_OK_AND_ASSIGN(const Answered answered, Answer(SpecOf("q1", {NoisedItem("19", 1, 2, {"sex"})})));
  const contract::Release release = Read(answered.release);
  ASSERT_THAT(release.tables, SizeIs(2));
  ASSERT_OK_AND_ASSIGN(const auto rows, catalogue::PublicRows({"sex"}));
  EXPECT_EQ(release.tables[1].table.rows, rows);
  EXPECT_THAT(release.tables[1].table.status, Each(v1::CELL_STATUS_SHOWN));
  EXPECT_THAT(answered.explanations[0].text, HasSubstr("1 rows with unlisted codes were left out"));
}

TEST_F(DoorTest, ProtectionNamesTheUnitAndTheSensitivity) {
  ASSERT_OK_AND_ASSIGN(const Answered with, Answer(SpecOf("q1", {NoisedItem("19", 1, 2, {"sex"})})));
  const contract::Protection protection = Read(with.release).tables[0].protection;
  EXPECT_EQ(protection.privacy_unit, v1::UNIT_FAMILIES);
  // Two tables, contribution bound 3, one outcome.
  EXPECT_EQ(protection.sensitivity, 6u);
  EXPECT_EQ(protection.epsilon_numerator, 1u);
  EXPECT_EQ(protection.epsilon_denominator, 2u);
  tables_.has_families = false;
  ASSERT_OK_AND_ASSIGN(const Answered without, Answer(SpecOf("q2", {NoisedItem("19-contacts")})));
  EXPECT_EQ(Read(without.release).tables[0].protection.privacy_unit, v1::UNIT_CHILDREN);
}

TEST_F(DoorTest, GaussianNoiseIsChargedInRho_AndNamedInTheProtection) {
  ASSERT_OK_AND_ASSIGN(const Answered answered, Answer(SpecOf("q1", {RhoItem("19", 1, 50, {"sex"})})));
  const contract::Protection protection = Read(answered.release).tables[0].protection;
  EXPECT_EQ(protection.epsilon_numerator, 0u);
  EXPECT_EQ(protection.rho_numerator, 1u);
  EXPECT_EQ(protection.rho_denominator, 50u);
  // Two tables, three members who may all be in one cell: 2 · 3².
  EXPECT_EQ(protection.sensitivity, 18u);
  EXPECT_THAT(answered.explanations[0].text, HasSubstr("rho 1/50 charged"));
  ASSERT_OK_AND_ASSIGN(const auto budget, council_.ledger().Budget(council_.policy().budget()));
  EXPECT_EQ(budget[0].pure, 0u);
  EXPECT_EQ(budget[0].rho, kBudgetUnits / 50);
  ASSERT_TRUE(budget[0].spent.has_value());
  EXPECT_GT(*budget[0].spent, kBudgetUnits / 2);
  // ε(.16, 10^−6) = 2.78, ε(.32) = 4.06: the second is refused, and an ε for what is left is not.
  ASSERT_OK(Answer(SpecOf("q2", {RhoItem("19-contacts", 14, 100)})));
  ASSERT_OK_AND_ASSIGN(const Answered refused, Answer(SpecOf("q3", {RhoItem("19", 16, 100)})));
  EXPECT_THAT(Read(refused.release).tables, SizeIs(0));
  EXPECT_EQ(refused.explanations[0].rule, "yearly budget");
  ASSERT_OK_AND_ASSIGN(const Answered other, Answer(SpecOf("q4", {NoisedItem("19", 1, 1)})));
  EXPECT_THAT(Read(other.release).tables, SizeIs(1));
}

TEST_F(DoorTest, ContributionsAreLimitedByAKeyedRank_InNoisedModeOnly) {
  ASSERT_OK(Answer(SpecOf("q1", {NoisedItem("19")})));
  ASSERT_TRUE(tables_.last_limit.has_value());
  EXPECT_EQ(tables_.last_limit->members, EntryNamed("19").contribution_bound());
  const std::uint64_t rank = tables_.last_limit->rank(
      "family\x1f"
      "member");
  EXPECT_EQ(rank, tables_.last_limit->rank("family\x1f"
                                           "member"));
  EXPECT_NE(rank, tables_.last_limit->rank("family\x1f"
                                           "other"));
  MadeUpCouncil other;
  ASSERT_OK(other.Open());
  MadeUpTables others;
  ASSERT_OK(other.MakeDoor().Answer(SpecOf("q1", {NoisedItem("19")}), others));
  EXPECT_NE(rank, others.last_limit->rank("family\x1f"
                                          "member"));
  ASSERT_OK(Answer(SpecOf("q2", {ItemFor("16", v1::MODE_THRESHOLDED)})));
  EXPECT_FALSE(tables_.last_limit.has_value());
}

TEST_F(DoorTest, NothingLeaves_WhenTheMeasuresGiveWhatWasNotAsked) {
  tables_.adjust = [](Measured& measured) { measured.table.window_days = 17; };
  EXPECT_THAT(Answer(SpecOf("q1", {ItemFor("16", v1::MODE_THRESHOLDED)})),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("not asked for")));
  EXPECT_EQ(Entries(EntryKind::kRelease), 0u);
}

TEST_F(DoorTest, PreviewLeavesNoTrace) {
  const contract::RoundSpec spec =
      SpecOf("q1", {ItemFor("16", v1::MODE_THRESHOLDED, {"sex"}), NoisedItem("19", 1, 2, {"sex"})});
  Door door = council_.MakeDoor();
  ASSERT_OK_AND_ASSIGN(const auto previews, door.Preview(spec, tables_));
  ASSERT_OK_AND_ASSIGN(const auto entries, council_.ledger().Entries());
  EXPECT_THAT(entries, IsEmpty());
  ASSERT_THAT(previews, SizeIs(2));
  ASSERT_THAT(previews[0].thresholded, SizeIs(2));
  ASSERT_TRUE(previews[1].noised.has_value());
  EXPECT_THAT(previews[1].thresholded, IsEmpty());
  EXPECT_EQ(previews[1].noised->sensitivity, 6u);
  // ε/Δ = 1/12: least r with 2 q^(r+1) / (1+q) ≤ 0.05.
  EXPECT_EQ(previews[1].noised->error.radius_95, 36);
  ASSERT_FALSE(previews[1].noised->budget.empty());
  // As it would stand after the charge.
  EXPECT_EQ(previews[1].noised->budget[0].spent, kBudgetUnits / 2);
  ASSERT_OK_AND_ASSIGN(const Answered answered, door.Answer(spec, tables_));
  // What was shown is what leaves.
  EXPECT_EQ(Read(answered.release).tables[1].table, previews[0].thresholded[1].released.table);
  ASSERT_OK_AND_ASSIGN(const auto again, door.Preview(spec, tables_));
  EXPECT_TRUE(again[0].stored);
  EXPECT_TRUE(again[1].stored);
  EXPECT_FALSE(again[1].refusal.has_value());
}

// Two families of three have five members beyond the bound, of whom four are in the first cell.
TEST_F(DoorTest, WhatTheBoundLeavesOutIsToldToTheCouncilAlone) {
  tables_.adjust = [this](Measured& measured) {
    if (!tables_.last_limit) return;
    measured.left_out = {.families = 2, .members = 5};
    measured.table.At(0, 0) -= 4;
    measured.table.At(0, measured.table.columns.size() - 1) -= 5;
  };
  const contract::RoundSpec spec = SpecOf("q1", {NoisedItem("19", 1, 2, {"sex"})});
  ASSERT_OK_AND_ASSIGN(const auto previews, council_.MakeDoor().Preview(spec, tables_));
  ASSERT_THAT(previews[0].clamping, SizeIs(1));
  EXPECT_EQ(previews[0].clamping[0].left_out, (LeftOut{.families = 2, .members = 5}));
  EXPECT_EQ(previews[0].clamping[0].cells, 4u) << "two of all members, two by sex";
  EXPECT_EQ(previews[0].clamping[0].most, 5);
  ASSERT_OK_AND_ASSIGN(const Answered answered, council_.MakeDoor().Answer(spec, tables_));
  EXPECT_THAT(answered.explanations[0].text, HasSubstr("2 families have more than"));
  EXPECT_THAT(answered.explanations[0].text, HasSubstr("5 members are left out"));
  const contract::Release release = Read(answered.release);
  EXPECT_THAT(contract::CanonicalBytes(release), Not(HasSubstr("left out")));
  EXPECT_EQ(release.tables[0].protection.sensitivity, previews[0].noised->sensitivity);

  // Nothing of it where the bound leaves nobody out, nor in the other mode, which has none.
  tables_.adjust = {};
  const contract::RoundSpec other =
      SpecOf("q2", {NoisedItem("19-contacts"), ItemFor("16", v1::MODE_THRESHOLDED)});
  ASSERT_OK_AND_ASSIGN(const auto clean, council_.MakeDoor().Preview(other, tables_));
  EXPECT_THAT(clean[0].clamping, IsEmpty());
  EXPECT_THAT(clean[1].clamping, IsEmpty());
}

TEST_F(DoorTest, ReasonsThatLeaveDoNotDependOnCounts) {
  const std::vector<Filler> worlds = {
      [](contract::Table& table) { table.values.assign(table.values.size(), 0); },
      [](contract::Table& table) { table.values.assign(table.values.size(), 3); },
      [](contract::Table& table) { table.values.assign(table.values.size(), 100'000); }};
  std::vector<contract::RoundItem> items = {ItemFor("16", v1::MODE_THRESHOLDED, {"sex"}),
                                            ItemFor("5", v1::MODE_THRESHOLDED),
                                            NoisedItem("19", 1, 2, {"sex"}),
                                            NoisedItem("19", 4, 1),
                                            ItemFor("43", v1::MODE_THRESHOLDED),
                                            NoisedItem("19-contacts", 1, 2, {"area"})};
  std::vector<std::vector<contract::AbsentItem>> absent;
  std::vector<std::size_t> tables;
  for (const Filler& world : worlds) {
    MadeUpCouncil council;
    ASSERT_OK(council.Open());
    MadeUpTables made(world);
    ASSERT_OK_AND_ASSIGN(const Answered answered, council.MakeDoor().Answer(SpecOf("q1", items), made));
    const contract::Release release = Read(answered.release);
    absent.push_back(release.absent);
    tables.push_back(release.tables.size());
  }
  EXPECT_THAT(absent, Each(absent[0]));
  EXPECT_THAT(tables, Each(tables[0]));
  EXPECT_THAT(absent[0], SizeIs(4));
}

TEST_F(DoorTest, StoredReleaseStays_WhenThePolicyWasNarrowedSince) {
  const contract::RoundSpec spec = SpecOf("q1", {ItemFor("16", v1::MODE_THRESHOLDED, {"sex"})});
  ASSERT_OK(Answer(spec));
  const std::string head = "[release]\napproval = \"automatic\"\n";
  const std::string allow = "[[allow]]\nmetric = \"16\"\nversion = 1\nmode = \"thresholded\"\n";
  crypto::SystemRandom random;
  for (const std::string& text :
       {std::string("[release]\napproval = \"none\"\n"), head, head + allow,
        head + "[floors]\nthreshold = 10\nrounding = 10\n" + allow + "breakdowns = [\"sex\"]\n",
        head + "[floors]\nrounding = 10\n" + allow + "breakdowns = [\"sex\"]\n"}) {
    ASSERT_OK_AND_ASSIGN(const Policy narrowed, Policy::Parse(text, "policy.toml", TestLibrary()));
    Door door({narrowed, TestLibrary(), council_.ledger(), council_.key(), random, council_.clock}, kCouncil,
              {});
    EXPECT_THAT(door.Answer(spec, tables_), StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("polic")))
        << text;
    EXPECT_THAT(door.Stored("q1"), StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("polic"))) << text;
    const auto again = door.Answer(SpecOf(absl::StrCat("r", text.size()), spec.items), tables_);
    if (again.ok()) {
      EXPECT_THAT(Read(again->release).tables, IsEmpty()) << text;
    }
  }
  ASSERT_OK_AND_ASSIGN(const auto stored, council_.MakeDoor().Stored("q1"));
  EXPECT_TRUE(stored.has_value());
}

TEST_F(DoorTest, ItemThatTheMeasuresDoNotKnowLeavesTheOthersAlone) {
  class Partial final : public ItemTables {
   public:
    absl::StatusOr<std::vector<Measured>> Exact(const contract::RoundItem& item,
                                                const std::optional<ContributionLimit>& limit) override {
      if (item.metric == "16") return absl::InvalidArgumentError("does not know how");
      return known.Exact(item, limit);
    }
    bool HasFamilies() const override { return true; }
    MadeUpTables known;
  } tables;
  ASSERT_OK_AND_ASSIGN(
      const Answered answered,
      council_.MakeDoor().Answer(
          SpecOf("q1", {ItemFor("16", v1::MODE_THRESHOLDED), ItemFor("1", v1::MODE_THRESHOLDED)}), tables));
  const contract::Release release = Read(answered.release);
  EXPECT_THAT(release.tables, SizeIs(1));
  ASSERT_THAT(release.absent, SizeIs(1));
  EXPECT_EQ(release.absent[0].absence, v1::ABSENCE_NOT_AVAILABLE);
}

TEST_F(DoorTest, RoundThatFitsInNoReleaseIsRefusedBeforeAnythingIsCharged) {
  contract::RoundItem all = ItemFor("1", v1::MODE_THRESHOLDED);
  all.window_days = {};
  all.units = {};
  for (const std::string& name : EntryNamed("1").breakdowns()) all.breakdowns.push_back(name);
  contract::RoundSpec spec = SpecOf("q1", {NoisedItem("19")});
  while (spec.items.size() < 1000) spec.items.push_back(all);
  EXPECT_THAT(Answer(spec), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("tables")));
  EXPECT_EQ(Entries(EntryKind::kCharge), 0u);
}

TEST_F(DoorTest, LogsTellNoCount) {
  MadeUpTables loud([](contract::Table& table) { table.values.assign(table.values.size(), 918'273); });
  ::testing::internal::CaptureStderr();
  const auto answered = council_.MakeDoor().Answer(
      SpecOf("q1", {ItemFor("16", v1::MODE_THRESHOLDED, {"sex"}), NoisedItem("19", 1, 2, {"sex"})}), loud);
  const std::string logs = ::testing::internal::GetCapturedStderr();
  ASSERT_OK(answered);
  EXPECT_THAT(logs, HasSubstr("item decided"));
  EXPECT_THAT(logs, ::testing::Not(HasSubstr("918")));
}

}  // namespace
}  // namespace waymark::node
