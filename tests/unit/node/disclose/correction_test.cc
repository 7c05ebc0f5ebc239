// A council's correction of what it gave: what may leave beside what left before, and what it costs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "crypto/hash.h"
#include "node/disclose/door.h"
#include "node/disclose/revision.h"
#include "proto/contract/revision.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::StatusIs;

constexpr v1::RevisionReason kWrong = v1::REVISION_REASON_WRONG_RECORDS;

class CorrectionTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(council_.Open()); }

  // Numerators by row, of groups of 400 each; "all" is their sum.
  static MadeUpTables TablesOf(std::vector<std::int64_t> numerators, std::int64_t group = 400) {
    return MadeUpTables([numerators, group](contract::Table& table) {
      std::int64_t sum = 0;
      for (const std::int64_t one : numerators) sum += one;
      for (std::size_t row = 0; row < table.rows.size(); ++row) {
        table.At(row, 0) = table.dimensions.empty() ? sum : numerators[row % numerators.size()];
        table.At(row, 1) =
            table.dimensions.empty() ? group * static_cast<std::int64_t>(numerators.size()) : group;
      }
    });
  }
  static contract::RoundSpec Round(std::vector<contract::RoundItem> items) {
    contract::RoundSpec spec = SpecOf("autumn", std::move(items));
    spec.late_for_days = 30;
    return spec;
  }
  static contract::RoundItem ByArea() { return ItemFor("16", v1::MODE_THRESHOLDED, {"area"}); }

  absl::StatusOr<Answered> Answer(const contract::RoundSpec& spec, MadeUpTables tables) {
    return council_.MakeDoor().Answer(spec, tables);
  }
  absl::StatusOr<Answered> Correct(MadeUpTables tables, std::uint32_t number = 1) {
    return Answer(contract::CorrectionOf(round_, number, kWrong), std::move(tables));
  }
  std::size_t Entries(EntryKind kind) {
    const auto entries = council_.ledger().Entries().value();
    return static_cast<std::size_t>(
        std::count_if(entries.begin(), entries.end(), [&](const auto& one) { return one.kind == kind; }));
  }
  // Numerators as they left; -1 where suppressed.
  static std::vector<std::int64_t> Shown(const Answered& answered, std::size_t table = 1) {
    const contract::Table given = Read(answered.release).tables.at(table).table;
    std::vector<std::int64_t> values;
    for (std::size_t row = 0; row < given.rows.size(); ++row) {
      const std::size_t at = given.Index(row, 0);
      values.push_back(given.status[at] == v1::CELL_STATUS_SUPPRESSED ? -1 : given.values[at]);
    }
    return values;
  }

  MadeUpCouncil council_;
  contract::RoundSpec round_ = Round({ByArea()});
};

TEST_F(CorrectionTest, LeavesBesideTheEarlierOne_WhereManyFamiliesChanged) {
  ASSERT_OK_AND_ASSIGN(const Answered first, Answer(round_, TablesOf({60, 80, 100})));
  ASSERT_OK_AND_ASSIGN(const Answered second, Correct(TablesOf({60, 140, 100})));
  EXPECT_FALSE(second.replayed);
  const contract::Release release = Read(second.release);
  EXPECT_EQ(release.round_id, "autumn.c1");
  EXPECT_EQ(release.spec_hash,
            crypto::Sha256(contract::CanonicalBytes(contract::CorrectionOf(round_, 1, kWrong))));
  EXPECT_EQ(Shown(first), (std::vector<std::int64_t>{60, 80, 100}));
  EXPECT_EQ(Shown(second), (std::vector<std::int64_t>{60, 140, 100}));
  // The same again: the same bytes. And the round itself is what it was.
  EXPECT_EQ(Correct(TablesOf({1, 2, 3}))->release.bytes(), second.release.bytes());
  EXPECT_EQ(Answer(round_, TablesOf({1, 2, 3}))->release.bytes(), first.release.bytes());
  EXPECT_EQ(Entries(EntryKind::kItem), 2u);
  EXPECT_EQ(Entries(EntryKind::kRelease), 2u);
}

TEST_F(CorrectionTest, IsRefused_WhereFewFamiliesMayHaveChanged_NamingTheEarlierRelease) {
  ASSERT_OK(Answer(round_, TablesOf({60, 80, 102})));
  // One family more: 100 becomes 105, or 15 fewer may be 11: none of it is the size of a group that may be
  // shown.
  for (const std::int64_t value : {103, 98, 107, 94, 110}) {
    const auto refused = Correct(TablesOf({60, 80, value}));
    if (value == 103 || value == 98) {
      // 103 shows as 105; 98 shows as 100 still, and nothing is another than before.
      EXPECT_THAT(refused,
                  StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("entry 1 (item, metric 16")))
          << value;
      continue;
    }
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("7 or fewer"))) << value;
  }
  EXPECT_EQ(Entries(EntryKind::kItem), 1u) << "a refusal leaves nothing";
  EXPECT_EQ(Entries(EntryKind::kRelease), 1u);
  EXPECT_OK(Correct(TablesOf({60, 80, 122})).status());
}

TEST_F(CorrectionTest, HidesWhatWasHidden_AndIsRefusedWhereItWouldHideWhatWasShown) {
  ASSERT_OK_AND_ASSIGN(const Answered first, Answer(round_, TablesOf({3, 5, 100})));
  EXPECT_EQ(Shown(first), (std::vector<std::int64_t>{-1, -1, 100}));
  ASSERT_OK_AND_ASSIGN(const Answered second, Correct(TablesOf({60, 5, 200})));
  EXPECT_EQ(Shown(second), (std::vector<std::int64_t>{-1, -1, 200}));
  EXPECT_THAT(Correct(TablesOf({60, 90, 3}), 2),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("shown in one and not in the other")));
}

TEST_F(CorrectionTest, IsHeldAgainstEveryEarlierOne) {
  ASSERT_OK(Answer(round_, TablesOf({60, 80, 100})));
  ASSERT_OK(Correct(TablesOf({60, 80, 140})).status());
  // Far from 140, and one family from 100.
  EXPECT_THAT(Correct(TablesOf({60, 80, 103}), 2),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("entry 1 (item")));
  EXPECT_THAT(Correct(TablesOf({60, 80, 143}), 2),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("entry 3 (item")));
  EXPECT_OK(Correct(TablesOf({60, 80, 180}), 2).status());
}

TEST_F(CorrectionTest, LeavesWhatMayNotChangeAsItWas_WithAllThatIsLinked) {
  // Starts are of another group than closures.
  round_ = Round({ByArea(), ItemFor("22-starts", v1::MODE_THRESHOLDED, {"area"})});
  const auto tables = [](std::int64_t sixteen, std::int64_t ten) {
    return MadeUpTables([=](contract::Table& table) {
      for (std::size_t row = 0; row < table.rows.size(); ++row) {
        for (std::size_t column = 0; column < table.columns.size(); ++column) {
          const bool is_group = column + 1 == table.columns.size();
          const std::int64_t each = is_group ? 900 : table.metric == "16" ? sixteen : ten;
          table.At(row, column) = table.dimensions.empty() ? 3 * each : each;
        }
      }
    });
  };
  ASSERT_OK_AND_ASSIGN(const Answered first, Answer(round_, tables(100, 200)));
  ASSERT_OK_AND_ASSIGN(const Answered second, Correct(tables(103, 300)));
  ASSERT_THAT(second.explanations, SizeIs(2));
  EXPECT_EQ(second.explanations[0].rule, "kept");
  EXPECT_THAT(second.explanations[0].text, HasSubstr("entry 1 (item, metric 16"));
  const contract::Release before = Read(first.release);
  const contract::Release after = Read(second.release);
  EXPECT_THAT(after.absent, IsEmpty());
  ASSERT_EQ(after.tables.size(), before.tables.size());
  for (std::size_t i = 0; i < before.tables.size(); ++i) {
    EXPECT_EQ(after.tables[i] == before.tables[i], before.tables[i].table.metric == "16") << i;
  }
}

TEST_F(CorrectionTest, LinkedItemsAreCorrectedTogetherOrNotAtAll) {
  round_ = Round({ByArea(), ItemFor("10", v1::MODE_THRESHOLDED, {"area"})});
  const auto tables = [](std::int64_t sixteen, std::int64_t ten) {
    return MadeUpTables([=](contract::Table& table) {
      for (std::size_t row = 0; row < table.rows.size(); ++row) {
        for (std::size_t column = 0; column < table.columns.size(); ++column) {
          const bool is_group = table.metric == "16" && column == 1;
          const std::int64_t each = is_group ? 900 : table.metric == "16" ? sixteen : ten;
          table.At(row, column) = table.dimensions.empty() ? 3 * each : each;
        }
      }
    });
  };
  ASSERT_OK_AND_ASSIGN(const Answered first, Answer(round_, tables(100, 300)));
  ASSERT_THAT(Read(first.release).tables, SizeIs(4));
  EXPECT_THAT(Correct(tables(103, 400)),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("entry 1 (item, metric 16")));
  ASSERT_OK_AND_ASSIGN(const Answered second, Correct(tables(150, 400)));
  for (const Explanation& one : second.explanations) EXPECT_EQ(one.rule, "released") << one.text;
}

TEST_F(CorrectionTest, NothingElseOfTheMetricLeavesForThat) {
  ASSERT_OK(Answer(round_, TablesOf({60, 80, 100})));
  // A round that asks a newer extract is no correction, whatever it is called and however much changed.
  contract::RoundSpec next = round_;
  next.round_id = "winter";
  next.data_version = 2;
  ASSERT_OK_AND_ASSIGN(const Answered answered, Answer(next, TablesOf({160, 180, 200})));
  EXPECT_THAT(Read(answered.release).tables, IsEmpty());
  // Nor is a correction of another round's items one of this.
  contract::RoundSpec other = Round({ItemFor("16", v1::MODE_THRESHOLDED)});
  other.round_id = "spring";
  EXPECT_THAT(Answer(contract::CorrectionOf(other, 1, kWrong), TablesOf({160, 180, 200})),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("differencing")));
}

TEST_F(CorrectionTest, NoisedIsANewCharge_BeforeNoiseIsDrawn) {
  round_ = Round({NoisedItem("19", 1, 2, {"sex"})});
  ASSERT_OK_AND_ASSIGN(const Answered first, Answer(round_, TablesOf({60, 80, 90, 100})));
  std::vector<std::string> steps;
  ASSERT_OK(council_.Open([&](absl::string_view step) { steps.emplace_back(step); }));
  Door door = council_.MakeDoor([&](absl::string_view step) { steps.emplace_back(step); });
  MadeUpTables tables = TablesOf({61, 80, 90, 100});
  ASSERT_OK_AND_ASSIGN(const Answered second, door.Answer(contract::CorrectionOf(round_, 1, kWrong), tables));
  EXPECT_EQ(Entries(EntryKind::kCharge), 2u);
  const auto charged = std::find(steps.begin(), steps.end(), "charge committed");
  const auto drawn = std::find(steps.begin(), steps.end(), "noise drawn");
  ASSERT_TRUE(charged != steps.end() && drawn != steps.end());
  EXPECT_LT(charged, drawn);
  EXPECT_NE(Read(first.release).tables[0].table.values, Read(second.release).tables[0].table.values);
  ASSERT_OK_AND_ASSIGN(const auto years, council_.ledger().Budget(council_.policy().budget()));
  ASSERT_FALSE(years.empty());
}

TEST_F(CorrectionTest, NoisedIsRefused_WhereTheBudgetIsSpent) {
  round_ = Round({NoisedItem("19", 3, 1)});
  ASSERT_OK(Answer(round_, TablesOf({60, 80, 100})));
  EXPECT_THAT(Correct(TablesOf({160, 80, 100})),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("yearly budget")));
  EXPECT_EQ(Entries(EntryKind::kCharge), 1u);
}

TEST_F(CorrectionTest, IsRefusedOfASecureRound) {
  contract::RoundItem item = ItemFor("16", v1::MODE_SECURE_SUM);
  item.epsilon_numerator = 1;
  round_ = Round({item});
  EXPECT_THAT(Correct(TablesOf({60, 80, 100})),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("never summed again")));
  round_.late_for_days = 0;
  EXPECT_THAT(Correct(TablesOf({60, 80, 100})),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("never summed again")));
}

TEST_F(CorrectionTest, LateAndCorrectedAnswersAreGivenForAsLongAsTheRoundTakesThem) {
  council_.clock.Advance(absl::Hours(24 * 20));
  ASSERT_OK(Answer(round_, TablesOf({60, 80, 100})).status());
  council_.clock.Advance(absl::Hours(24 * 12));
  EXPECT_THAT(Correct(TablesOf({60, 140, 100})),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("late and corrected")));
}

TEST_F(CorrectionTest, NeedsApprovalsOfItsOwn) {
  crypto::SystemRandom random;
  ASSERT_OK_AND_ASSIGN(const crypto::SigningKey approver, crypto::SigningKey::Generate(random));
  std::string text = PolicyText();
  const std::string automatic = "approval = \"automatic\"\n";
  text.replace(text.find(automatic), automatic.size(), "approval = \"by-person\"\napprovals = 1\n");
  text += absl::StrCat("[[approver]]\nname = \"lead\"\npublic_key = \"",
                       absl::BytesToHexString(approver.public_key()), "\"\n");
  MadeUpCouncil council(text);
  ASSERT_OK(council.Open());
  Door door = council.MakeDoor();
  const auto approve = [&](const contract::RoundSpec& spec, MadeUpTables tables) {
    const Proposal proposal = door.Propose(spec, door.Preview(spec, tables).value());
    const Approval approval = Approve(proposal, approver).value();
    ASSERT_OK(council.ledger().Approve(spec.round_id, approval.proposal_hash, BytesOf(approval)));
  };
  MadeUpTables before = TablesOf({60, 80, 100});
  approve(round_, before);
  ASSERT_OK(door.Answer(round_, before).status());
  const contract::RoundSpec correction = contract::CorrectionOf(round_, 1, kWrong);
  MadeUpTables now = TablesOf({60, 140, 100});
  EXPECT_THAT(door.Answer(correction, now),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("approv")));
  approve(correction, now);
  EXPECT_OK(door.Answer(correction, now).status());
}

contract::ProtectedTable Given(std::vector<std::int64_t> numerators, std::int64_t group) {
  contract::ProtectedTable given;
  given.table.metric = "16";
  given.table.period = "2024-25";
  given.table.rows = numerators.size() == 1 ? std::vector<std::string>{""}
                                            : std::vector<std::string>{"East", "North", "West"};
  given.table.dimensions =
      numerators.size() == 1 ? std::vector<std::string>{} : std::vector<std::string>{"area"};
  given.table.columns = {"a", "all"};
  given.table.Resize();
  for (std::size_t row = 0; row < numerators.size(); ++row) {
    given.table.At(row, 0) = std::max<std::int64_t>(numerators[row], 0);
    if (numerators[row] < 0) given.table.status[given.table.Index(row, 0)] = v1::CELL_STATUS_SUPPRESSED;
    given.table.At(row, 1) = group;
  }
  given.protection = {.mode = v1::MODE_THRESHOLDED, .suppressed_to = 7, .rounded_to = 5};
  return given;
}

std::string WhatIsolates(const std::vector<contract::ProtectedTable>& before,
                         const std::vector<contract::ProtectedTable>& now) {
  return Isolates(before, now, EntryNamed("16")).value().value_or("");
}

TEST(RevisionTest, LooksAtWhatNumeratorsLeaveOfTheirGroups) {
  // Both grow by about 20: of those who are not in the numerator nobody need have changed. Then by 25 and 45.
  EXPECT_EQ(WhatIsolates({Given({40}, 200)}, {Given({60}, 220)}), "");
  EXPECT_EQ(WhatIsolates({Given({40}, 200)}, {Given({65}, 245)}), "");
  EXPECT_THAT(WhatIsolates({Given({40}, 200)}, {Given({60}, 230)}), HasSubstr("left of the group"));
}

TEST(RevisionTest, LooksAtWhatABreakdownsShownRowsLeaveOfTheirWhole) {
  // The hidden row grows with the whole where the shown ones do not.
  EXPECT_THAT(WhatIsolates({Given({100}, 400), Given({-1, 40, 50}, 400)},
                           {Given({115}, 415), Given({-1, 40, 50}, 400)}),
              HasSubstr("the rows by area leave of"));
  EXPECT_EQ(WhatIsolates({Given({100}, 400), Given({-1, 40, 50}, 400)},
                         {Given({130}, 430), Given({-1, 40, 50}, 400)}),
            "");
}

TEST(RevisionTest, LooksAtRowsThatComeAndGo) {
  contract::ProtectedTable fewer = Given({20, 40, 50}, 400);
  fewer.table.rows = {"North", "West"};
  fewer.table.Resize();
  fewer.table.values = {40, 400, 50, 400};
  EXPECT_EQ(WhatIsolates({fewer}, {Given({20, 40, 50}, 400)}), "") << "twenty in a row that was nobody's";
  EXPECT_THAT(WhatIsolates({fewer}, {Given({-1, 40, 50}, 400)}), HasSubstr("shown in one"));
  EXPECT_THAT(WhatIsolates({Given({-1, 40, 50}, 400)}, {fewer}), HasSubstr("shown in one"));
}

// Two roundings of one count may tell it to the one: it is judged as if it were public.
TEST(MarkChanged, TakesForKnownWhatBothShowAndDifferently) {
  contract::Table before;
  before.dimensions = {"area"};
  before.rows = {"a", "b", "c"};
  before.columns = {"met"};
  before.Resize();
  before.values = {20, 30, 0};
  before.status[2] = v1::CELL_STATUS_SUPPRESSED;
  LinkedTable now;
  contract::Table& table = now.released.table;
  table = before;
  table.rows = {"a", "b", "c", "d"};  // one that was nobody's
  table.values = {25, 30, 0, 40};
  table.status.push_back(v1::CELL_STATUS_SHOWN);
  MarkChanged(before, now);
  EXPECT_EQ(now.known, (std::vector<bool>{true, false, false, true}));
}

}  // namespace
}  // namespace waymark::node
