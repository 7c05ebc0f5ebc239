// What others have published of the council's records counts as a release.
#include "node/disclose/published_figures.h"

#include <gtest/gtest.h>

#include "node/disclose/audit.h"
#include "node/disclose/door.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;

// 16 by sex: three of 100 in the third row, 70 in the first, 73 in all. Rounded, 70 and 75 leave the three an
// interval of 8; with the 73 known, one of 4.
MadeUpTables Closures() {
  return MadeUpTables([](contract::Table& table) {
    const bool all = table.dimensions.empty();
    if (all) table.rows = {""};
    const std::vector<std::int64_t> with = {70, 0, 3, 0};
    const std::vector<std::int64_t> of = {200, 100, 100, 0};
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      table.At(row, 0) = all ? 73 : with[row];
      table.At(row, table.columns.size() - 1) = all ? 400 : of[row];
    }
  });
}

PublishedFigure Share(std::string metric, std::string quantity, double value) {
  return {.metric = std::move(metric),
          .quantity = std::move(quantity),
          .unit = v1::UNIT_EPISODES,
          .window_days = 0,
          .period = "2024-25",
          .value = value,
          .half_unit = 0.05,
          .source = "cin.csv, line 12"};
}

contract::RoundItem BySex() {
  return ItemFor("16", v1::MODE_THRESHOLDED, {"sex"});
}

class PublishedFiguresTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(council_.Open()); }

  absl::StatusOr<Answered> Answer(const contract::RoundItem& item,
                                  const std::vector<PublishedFigure>& known) {
    Door door({council_.policy(), TestLibrary(), council_.ledger(), council_.key(), random_, council_.clock,
               &known},
              kCouncil, {});
    return door.Answer(SpecOf("q", {item}), tables_);
  }

  // The least that an attacker can work out of a suppressed cell of 16 by sex, who knows `known`.
  std::int64_t Narrowest(const contract::Release& release, const std::vector<PublishedFigure>& known) {
    const std::vector<Measured> exact = tables_.Exact(BySex(), std::nullopt).value();
    std::vector<LinkedTable> left;
    for (std::size_t i = 0; i < release.tables.size(); ++i) {
      left.push_back({.metric = &EntryNamed("16"),
                      .exact = exact[i].table,
                      .released = {.table = release.tables[i].table, .rules = {}},
                      .limits = {.threshold = 7, .rounding = 5},
                      .left_in = ""});
    }
    MarkKnown(known, left);
    std::int64_t narrowest = statistics::kMostCount;
    const auto intervals = AttackersIntervals(left);
    EXPECT_OK(intervals);
    for (const KnownCells& table : *intervals) {
      for (const auto& cell : table) {
        if (cell) narrowest = std::min(narrowest, cell->interval.width());
      }
    }
    return narrowest;
  }

  MadeUpCouncil council_;
  MadeUpTables tables_ = Closures();
  crypto::SystemRandom random_;
};

TEST_F(PublishedFiguresTest, WhatIsKnownOfATotalHidesMoreOfItsParts) {
  const std::vector<PublishedFigure> known = {Share("16", "outcomes_met", 18.25)};
  ASSERT_OK_AND_ASSIGN(const Answered without, Answer(BySex(), {}));
  EXPECT_GE(Narrowest(Read(without.release), {}), 7);
  EXPECT_LT(Narrowest(Read(without.release), known), 7) << "nothing to see if it were wide enough";
  MadeUpCouncil other;
  ASSERT_OK(other.Open());
  Door door({other.policy(), TestLibrary(), other.ledger(), other.key(), random_, other.clock, &known},
            kCouncil, {});
  ASSERT_OK_AND_ASSIGN(const Answered with, door.Answer(SpecOf("q", {BySex()}), tables_));
  ASSERT_EQ(Read(with.release).tables.size(), 2u);
  EXPECT_GE(Narrowest(Read(with.release), known), 7);
}

// 18 counts the same closures, so 16's published share tells its denominators.
TEST_F(PublishedFiguresTest, LinkedEntriesAreWeighed_ThoughTheyAreNotAskedFor) {
  const std::vector<PublishedFigure> known = {Share("18", "disengaged", 18.25)};
  ASSERT_OK_AND_ASSIGN(const Answered with, Answer(BySex(), known));
  ASSERT_EQ(Read(with.release).tables.size(), 2u);
  // In the made-up tables 18 has the same outcomes, too.
  EXPECT_GE(Narrowest(Read(with.release), {Share("16", "outcomes_met", 18.25)}), 7);
}

TEST_F(PublishedFiguresTest, FiguresOfOtherRecordsTellNothing) {
  const std::vector<Measured> exact = tables_.Exact(BySex(), std::nullopt).value();
  std::vector<LinkedTable> tables = {{.metric = &EntryNamed("16"),
                                      .exact = exact[0].table,
                                      .released = {.table = exact[0].table, .rules = {}},
                                      .limits = {.threshold = 7, .rounding = 5},
                                      .left_in = ""}};
  PublishedFigure other_days = Share("16", "outcomes_met", 18.25);
  other_days.period = "2023-24";
  MarkKnown({Share("16", "outcomes_met", 18.35), Share("2", "any", 18.25), other_days}, tables);
  EXPECT_EQ(std::count(tables[0].known.begin(), tables[0].known.end(), true), 0);
  MarkKnown({Share("16", "outcomes_met", 18.3)}, tables);
  EXPECT_EQ(tables[0].known, (std::vector<bool>{true, true}));
}

// It hangs on no count: the figure need not even fit.
TEST_F(PublishedFiguresTest, NothingLeavesWithNoise_WhereAnExactFigureIsPublished) {
  const std::vector<PublishedFigure> known = {Share("19", "nfa", 99.9)};
  ASSERT_OK_AND_ASSIGN(const Answered refused, Answer(NoisedItem("19"), known));
  EXPECT_TRUE(Read(refused.release).tables.empty());
  EXPECT_EQ(refused.explanations[0].rule, "one mode");
  EXPECT_THAT(refused.explanations[0].text, HasSubstr("cin.csv, line 12"));
  ASSERT_OK_AND_ASSIGN(const auto budget, council_.ledger().Budget(council_.policy().budget()));
  EXPECT_TRUE(budget.empty());

  contract::RoundItem quarter = NoisedItem("19");
  quarter.period = "2024-25-Q2";
  EXPECT_TRUE(RefusedByPublished(known, quarter, EntryNamed("19"), TestLibrary()).has_value());
  quarter.period = "2025-26-Q1";
  EXPECT_FALSE(RefusedByPublished(known, quarter, EntryNamed("19"), TestLibrary()).has_value());
  EXPECT_FALSE(RefusedByPublished(known, NoisedItem("16"), EntryNamed("16"), TestLibrary()).has_value());
  const contract::RoundItem sum = ItemFor("19", v1::MODE_SECURE_SUM);
  EXPECT_TRUE(RefusedByPublished(known, sum, EntryNamed("19"), TestLibrary()).has_value());
  const contract::RoundItem rounded = ItemFor("19", v1::MODE_THRESHOLDED);
  EXPECT_FALSE(RefusedByPublished(known, rounded, EntryNamed("19"), TestLibrary()).has_value());
}

}  // namespace
}  // namespace waymark::node
