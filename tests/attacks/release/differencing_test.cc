// Questions that are asked in order to learn more than an answer should tell. Each is a known failure of
// another system (disclosure control tools, federated analysis, table builders).
#include <gtest/gtest.h>

#include <set>

#include "node/disclose/door.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class DifferencingTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(council_.Open()); }
  contract::Release Ask(const contract::RoundSpec& spec) {
    const auto answered = council_.MakeDoor().Answer(spec, tables_);
    EXPECT_OK(answered);
    return answered.ok() ? Read(answered->release) : contract::Release{};
  }
  MadeUpCouncil council_;
  MadeUpTables tables_;
};

// TableBuilder, Diffix: the same question asked a thousand times averages the noise away.
TEST_F(DifferencingTest, SameQuestionAThousandTimesGetsOneAnswer) {
  std::set<std::vector<std::int64_t>> answers;
  for (int i = 0; i < 1000; ++i) {
    const contract::Release release = Ask(SpecOf(absl::StrCat("q", i), {NoisedItem("19")}));
    ASSERT_THAT(release.tables, SizeIs(1));
    answers.insert(release.tables[0].table.values);
  }
  EXPECT_THAT(answers, SizeIs(1));
}

TEST_F(DifferencingTest, SlightlyDifferentQuestionsRunOutOfBudget) {
  // The same cells under ε of slightly different sizes, to average the noise away.
  int answered = 0;
  for (std::uint64_t i = 0; i < 40; ++i) {
    answered += Ask(SpecOf(absl::StrCat("q", i), {NoisedItem("19", 1000 + i, 2000)})).tables.empty() ? 0 : 1;
  }
  EXPECT_EQ(answered, 7);  // the eighth would pass the cap of 4, by 28/2000
}

TEST_F(DifferencingTest, OverlappingPeriodsCannotBeSubtracted) {
  EXPECT_THAT(Ask(SpecOf("year", {ItemFor("16", v1::MODE_THRESHOLDED)})).tables, SizeIs(1));
  int round = 0;
  for (const char* period :
       {"2024-25-Q1", "2024-04-01..2025-03-30", "2025-03-31..2025-04-30", "2024", "2020-01-01..2029-12-31"}) {
    contract::RoundItem item = ItemFor("16", v1::MODE_THRESHOLDED);
    item.period = period;
    EXPECT_THAT(Ask(SpecOf(absl::StrCat("q", ++round), {item})).tables, IsEmpty()) << period;
  }
}

TEST_F(DifferencingTest, SubGroupsAndUnitsAndWindowsCannotBeAskedForLater) {
  EXPECT_THAT(Ask(SpecOf("first", {ItemFor("1", v1::MODE_THRESHOLDED)})).tables, SizeIs(1));
  contract::RoundItem by_sex = ItemFor("1", v1::MODE_THRESHOLDED, {"sex"});
  contract::RoundItem window = ItemFor("1", v1::MODE_THRESHOLDED);
  window.window_days = {365};
  contract::RoundItem unit = ItemFor("1", v1::MODE_THRESHOLDED);
  unit.units = {v1::UNIT_FAMILIES};
  EXPECT_THAT(Ask(SpecOf("later", {by_sex, window, unit})).tables, IsEmpty());
}

TEST_F(DifferencingTest, SameMetricTwiceInOneRoundIsAnsweredOnce) {
  const contract::Release release =
      Ask(SpecOf("q1", {ItemFor("16", v1::MODE_THRESHOLDED), ItemFor("16", v1::MODE_THRESHOLDED, {"sex"})}));
  EXPECT_THAT(release.tables, SizeIs(1));
  ASSERT_THAT(release.absent, SizeIs(1));
  EXPECT_EQ(release.absent[0].item, 1u);
}

TEST_F(DifferencingTest, SuppressedCountDoesNotLeaveByItsDenominatorOrComplement) {
  // NVFlare: a failing statistic is dropped while its count still leaves.
  MadeUpTables small([](contract::Table& table) {
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      table.At(row, 0) = row == 0 ? 2 : 95;
      table.At(row, 1) = row == 0 ? 4 : 100;
    }
  });
  const auto answered =
      council_.MakeDoor().Answer(SpecOf("q1", {ItemFor("16", v1::MODE_THRESHOLDED, {"sex"})}), small);
  ASSERT_OK(answered);
  const contract::Release release = Read(answered->release);
  for (const contract::ProtectedTable& given : release.tables) {
    const contract::Table& table = given.table;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      EXPECT_EQ(table.status[table.Index(row, 0)], v1::CELL_STATUS_SUPPRESSED);
      EXPECT_EQ(table.status[table.Index(row, 1)],
                row == 0 ? v1::CELL_STATUS_SUPPRESSED : v1::CELL_STATUS_SHOWN);
    }
  }
}

TEST_F(DifferencingTest, WhichRowsAreThereTellsNothingInNoisedMode) {
  // Nobody in any category, or somebody in every one: the same rows, all with a value.
  MadeUpTables nobody([](contract::Table&) {});
  nobody.adjust = [](Measured& measured) {
    if (measured.table.dimensions.empty()) return;
    measured.table.rows = {"not known"};
    measured.table.Resize();
  };
  const contract::Release full = Ask(SpecOf("q1", {NoisedItem("19", 1, 2, {"sex"})}));
  MadeUpCouncil other;
  ASSERT_OK(other.Open());
  const auto answered = other.MakeDoor().Answer(SpecOf("q1", {NoisedItem("19", 1, 2, {"sex"})}), nobody);
  ASSERT_OK(answered);
  const contract::Release empty = Read(answered->release);
  ASSERT_EQ(full.tables.size(), empty.tables.size());
  for (std::size_t i = 0; i < full.tables.size(); ++i) {
    EXPECT_EQ(full.tables[i].table.rows, empty.tables[i].table.rows);
    EXPECT_EQ(full.tables[i].table.status, empty.tables[i].table.status);
    EXPECT_EQ(full.tables[i].protection, empty.tables[i].protection);
  }
}

}  // namespace
}  // namespace waymark::node
