#include "statistics/audit/suppression.h"

#include <algorithm>
#include <functional>
#include <iostream>

#include "statistics/audit/attack.h"
#include "tests/unit/statistics/audit/made_up_tables.h"

namespace waymark::statistics {
namespace {

struct Attacked {
  int hidden = 0;
  int recovered = 0;  // exactly
  int narrow = 0;     // interval narrower than the width
};

void Attack(const ReleaseTask& task, const std::vector<bool>& is_shown, Attacked& sum) {
  const std::vector<std::uint32_t> hidden = Hidden(is_shown);
  const auto found = BestIntervals(PublicKnowledge(task, is_shown), hidden);
  ASSERT_OK(found);
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    const Range interval = (*found)[i].interval;
    ASSERT_TRUE((*found)[i].best);
    ASSERT_TRUE(interval.Contains(task.cells[hidden[i]].value));
    ++sum.hidden;
    sum.recovered += interval.width() == 0 ? 1 : 0;
    sum.narrow += interval.width() < task.cells[hidden[i]].width ? 1 : 0;
  }
}

double Share(int part, int whole) {
  return static_cast<double>(part) / whole;
}

// The usual rule of thumb: in each line with one hidden cell, its smallest shown inner cell is hidden too.
std::vector<bool> TwoPerLine(const ReleaseTask& task, std::size_t rows, std::size_t columns) {
  std::vector<bool> is_shown = ShownAtFirst(task);
  const auto fix = [&](const std::vector<std::size_t>& line) {
    if (std::count_if(line.begin(), line.end(), [&](std::size_t c) { return !is_shown[c]; }) != 1)
      return false;
    std::size_t least = line.size();
    for (std::size_t i = 0; i < line.size(); ++i) {
      const bool fits = is_shown[line[i]] && task.cells[line[i]].value > 0;
      if (fits && (least == line.size() || task.cells[line[i]].value < task.cells[line[least]].value))
        least = i;
    }
    if (least == line.size()) return false;
    is_shown[line[least]] = false;
    return true;
  };
  bool changed = true;
  while (changed) {
    changed = false;
    for (std::size_t r = 0; r < rows; ++r) {
      std::vector<std::size_t> line;
      for (std::size_t c = 0; c < columns; ++c) line.push_back(r * columns + c);
      changed |= fix(line);
    }
    for (std::size_t c = 0; c < columns; ++c) {
      std::vector<std::size_t> line;
      for (std::size_t r = 0; r < rows; ++r) line.push_back(r * columns + c);
      changed |= fix(line);
    }
  }
  return is_shown;
}

class RandomTables : public ::testing::TestWithParam<MadeUpRule> {};
INSTANTIATE_TEST_SUITE_P(Rules, RandomTables,
                         ::testing::Values(MadeUpRule{.threshold = 7, .rounding = 5},
                                           MadeUpRule{.threshold = 5, .rounding = 1},
                                           MadeUpRule{.threshold = 7, .rounding = 1}),
                         [](const auto& rule) {
                           return "To" + std::to_string(rule.param.threshold) + "By" +
                                  std::to_string(rule.param.rounding);
                         });

TEST_P(RandomTables, KeepEveryHiddenCell_When300OfThemAreAttacked) {
  std::mt19937 random(300);
  Attacked before;
  Attacked usual;
  Attacked after;
  int shown = 0;
  int cells = 0;
  for (int i = 0; i < 300; ++i) {
    const ReleaseTask task = TwoWayTask(MadeUpValues(6, 5, 60, random), GetParam());
    const auto result = SuppressUntilProtected(task);
    ASSERT_OK(result);
    EXPECT_TRUE(result->unprotected.empty());
    EXPECT_EQ(result->fallbacks, 0U) << "table " << i;
    Attack(task, ShownAtFirst(task), before);
    Attack(task, TwoPerLine(task, 6, 5), usual);
    Attack(task, result->is_shown, after);
    cells += static_cast<int>(task.cells.size());
    shown += static_cast<int>(std::count(result->is_shown.begin(), result->is_shown.end(), true));
  }
  EXPECT_EQ(after.recovered, 0);
  EXPECT_EQ(after.narrow, 0);
  // The attack is one: it finds what is not protected.
  EXPECT_GT(before.narrow, before.hidden / 50);
  if (GetParam().rounding == 1) {
    EXPECT_GT(before.recovered, before.hidden / 2);
    EXPECT_GT(usual.recovered, 0);
  }
  std::cout << "of hidden cells recovered exactly (narrow): primary only "
            << Share(before.recovered, before.hidden) << " (" << Share(before.narrow, before.hidden)
            << "), two per line " << Share(usual.recovered, usual.hidden) << " ("
            << Share(usual.narrow, usual.hidden) << "), audited " << Share(after.recovered, after.hidden)
            << " (" << Share(after.narrow, after.hidden)
            << "); hidden of all cells: " << Share(before.hidden, cells) << ", " << Share(usual.hidden, cells)
            << ", " << Share(after.hidden, cells) << "\n";
}

TEST(SuppressUntilProtected, HidesMoreNeverLess_WhenTheSolverMayNotFinish) {
  std::mt19937 random(11);
  for (int i = 0; i < 20; ++i) {
    const ReleaseTask task = TwoWayTask(MadeUpValues(6, 5, 60, random), {.threshold = 5, .rounding = 1});
    const auto result = SuppressUntilProtected(task, {.most_iterations = 0});
    ASSERT_OK(result);
    if (Hidden(ShownAtFirst(task)).empty()) continue;
    // Without a solver it is not known what to hide: whole lines are, until a walk finds tables.
    EXPECT_GT(result->fallbacks, 0U);
    EXPECT_TRUE(result->unprotected.empty());
    Attacked after;
    Attack(task, result->is_shown, after);
    EXPECT_EQ(after.narrow, 0);
    const auto solved = SuppressUntilProtected(task);
    ASSERT_OK(solved);
    EXPECT_GT(Hidden(result->is_shown).size(), Hidden(solved->is_shown).size());
  }
}

TEST(SuppressUntilProtected, ProtectsNothingUnproved_WhenItsWorkIsUsedUp) {
  std::mt19937 random(14);
  const ReleaseTask task = TwoWayTask(MadeUpValues(20, 12, 50, random), {.threshold = 5, .rounding = 1});
  const auto whole = SuppressUntilProtected(task);
  ASSERT_OK(whole);
  ASSERT_TRUE(whole->unprotected.empty());
  for (const std::uint64_t work : {0, 8, 200}) {
    const auto cut = SuppressUntilProtected(task, {.most_work = work});
    ASSERT_OK(cut);
    EXPECT_FALSE(cut->unprotected.empty()) << work;
    // Of all together: a few walks, not a few for each.
    if (work == 8) {
      EXPECT_GT(cut->unprotected.size(), Hidden(cut->is_shown).size() / 2);
    }
    for (const std::uint32_t cell : Hidden(cut->is_shown)) {
      const bool named = std::count(cut->unprotected.begin(), cut->unprotected.end(), cell) > 0;
      EXPECT_EQ(named, cut->possible[cell].width() < task.cells[cell].width) << work;
    }
  }
}

TEST(SuppressUntilProtected, IsTheSame_WhenItIsAskedAgainByMoreThreadsOrFewer) {
  for (unsigned seed = 12; seed < 16; ++seed) {
    std::mt19937 random(seed);
    const ReleaseTask task = TwoWayTask(MadeUpValues(20, 12, 50, random), {.threshold = 5, .rounding = 1});
    const auto first = SuppressUntilProtected(task, {.threads = 1});
    ASSERT_OK(first);
    ASSERT_GT(Hidden(first->is_shown).size(), Hidden(ShownAtFirst(task)).size());
    for (const std::size_t threads : {1, 2, 2, 4}) {
      const auto again = SuppressUntilProtected(task, {.threads = threads});
      ASSERT_OK(again);
      EXPECT_EQ(again->is_shown, first->is_shown) << threads;
      EXPECT_EQ(again->possible, first->possible) << threads;
      EXPECT_EQ(again->fallbacks, first->fallbacks) << threads;
    }
  }
}

TEST(SuppressUntilProtected, ShowsTablesThatAgree_WhenTheirSpanIsAttacked) {
  std::mt19937 random(13);
  for (int i = 0; i < 50; ++i) {
    const ReleaseTask task = TwoWayTask(MadeUpValues(5, 4, 40, random), {});
    const auto result = SuppressUntilProtected(task);
    ASSERT_OK(result);
    const std::vector<std::uint32_t> hidden = Hidden(result->is_shown);
    const auto attacked = BestIntervals(PublicKnowledge(task, result->is_shown), hidden);
    ASSERT_OK(attacked);
    for (std::size_t at = 0; at < hidden.size(); ++at) {
      // What was proved possible the attacker cannot rule out; what he knows holds the truth inside.
      const Range possible = result->possible[hidden[at]];
      EXPECT_GE(possible.width(), task.cells[hidden[at]].width);
      EXPECT_LE((*attacked)[at].interval.low, possible.low);
      EXPECT_GE((*attacked)[at].interval.high, possible.high);
    }
  }
}

TEST(SuppressUntilProtected, HidesAroundWhatHasLeft_WhenAnEarlierTableIsLinked) {
  // An earlier table showed 20 = 4 (hidden) + 16 (hidden); the new one has the second part again.
  ReleaseTask task;
  const MadeUpRule rule{.threshold = 5, .rounding = 1};
  for (const std::int64_t value : {4, 16, 20, 16}) task.cells.push_back(MadeUpCell(value, rule));
  task.cells[1].is_shown = false;
  for (std::size_t earlier = 0; earlier < 3; ++earlier) task.cells[earlier].cost = 0;
  task.relations = {SumOf({0, 1}, 2), SumOf({1}, 3)};
  const auto result = SuppressUntilProtected(task);
  ASSERT_OK(result);
  EXPECT_EQ(result->is_shown, (std::vector<bool>{false, false, true, false}));
  EXPECT_TRUE(result->unprotected.empty());
}

TEST(SuppressUntilProtected, NamesTheCell_WhenWhatHasLeftAlreadyTellsIt) {
  ReleaseTask task;
  const MadeUpRule rule{.threshold = 5, .rounding = 1};
  for (const std::int64_t value : {4, 16, 20}) task.cells.push_back(MadeUpCell(value, rule));
  for (ReleaseCell& cell : task.cells) cell.cost = 0;
  task.relations = {SumOf({0, 1}, 2)};
  const auto result = SuppressUntilProtected(task);
  ASSERT_OK(result);
  EXPECT_EQ(result->unprotected, (std::vector<std::uint32_t>{0}));
}

TEST(SuppressUntilProtected, ProtectsWhatIsNeverShown_WhenTwoShownCellsTellIt) {
  // 50 and 47 of them: the 3 others are in no table, and need protection all the same.
  ReleaseTask task;
  const MadeUpRule rule{.threshold = 5, .rounding = 1};
  for (const std::int64_t value : {47, 50, 3}) task.cells.push_back(MadeUpCell(value, rule));
  task.cells[2].cost = 0;
  task.relations = {SumOf({0, 2}, 1)};
  const auto result = SuppressUntilProtected(task);
  ASSERT_OK(result);
  EXPECT_EQ(result->is_shown, (std::vector<bool>{false, true, false}));
}

TEST(SuppressUntilProtected, LeavesShownWhatItCouldNotProtect_WhenAGroupIsKnownToBeEmpty) {
  // Two rows of three: the second is empty, and its total says so.
  ReleaseTask task;
  const MadeUpRule rule{.threshold = 5, .rounding = 1};
  for (const std::int64_t value : {3, 20, 30, 53, 0, 0, 0, 0, 3, 20, 30, 53}) {
    task.cells.push_back(MadeUpCell(value, rule));
  }
  task.cells[7].cost = 0;
  for (const std::size_t zero : {4, 5, 6}) task.cells[zero].cost = 1;  // the cheapest there are
  task.relations = {SumOf({0, 1, 2}, 3), SumOf({4, 5, 6}, 7), SumOf({8, 9, 10}, 11),
                    SumOf({0, 4}, 8),    SumOf({1, 5}, 9),    SumOf({2, 6}, 10)};
  const auto result = SuppressUntilProtected(task);
  ASSERT_OK(result);
  EXPECT_TRUE(result->unprotected.empty());
  EXPECT_EQ(result->fallbacks, 0U);
  for (const std::size_t zero : {4, 5, 6}) EXPECT_TRUE(result->is_shown[zero]) << zero;
}

TEST(SuppressUntilProtected, GoesBothWays_WhenNeitherIsFarEnough) {
  // What has left leaves the first cell 2 to 9: 5 up and 5 down are too far, 3 down and 4 up are not.
  ReleaseTask task;
  const MadeUpRule rule{.threshold = 7, .rounding = 1};
  for (const std::int64_t value : {5, 6, 11}) task.cells.push_back(MadeUpCell(value, rule));
  for (ReleaseCell& cell : task.cells) cell.cost = 0;
  task.cells[1].hidden = {.low = 2, .high = 9};
  task.relations = {SumOf({0, 1}, 2)};
  const auto result = SuppressUntilProtected(task);
  ASSERT_OK(result);
  EXPECT_TRUE(result->unprotected.empty());
  EXPECT_EQ(result->possible[0], (Range{.low = 2, .high = 9}));
}

TEST(SuppressUntilProtected, RefusesTasks_WhenTheTruthBreaksThem) {
  ReleaseTask task;
  for (const std::int64_t value : {1, 2, 4}) task.cells.push_back(MadeUpCell(value, {}));
  task.relations = {SumOf({0, 1}, 2)};
  EXPECT_EQ(SuppressUntilProtected(task).status().code(), absl::StatusCode::kInvalidArgument);
  task.relations.clear();
  task.cells[0].shown = {.low = 2, .high = 3};
  EXPECT_EQ(SuppressUntilProtected(task).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace waymark::statistics
