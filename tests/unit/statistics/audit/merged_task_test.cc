#include "statistics/audit/merged_task.h"

#include <algorithm>

#include "statistics/audit/attack.h"
#include "tests/unit/statistics/audit/made_up_tables.h"

namespace waymark::statistics {
namespace {

constexpr MadeUpRule kUnrounded{.threshold = 5, .rounding = 1};

// The same table twice, equal cell by cell where `is_linked` says so.
template <typename Linked>
ReleaseTask Twice(const ReleaseTask& one, Linked is_linked) {
  ReleaseTask both = one;
  const auto cells = static_cast<std::uint32_t>(one.cells.size());
  both.cells.insert(both.cells.end(), one.cells.begin(), one.cells.end());
  for (Relation relation : one.relations) {
    for (Relation::Term& term : relation.terms) term.cell += cells;
    both.relations.push_back(relation);
  }
  for (std::uint32_t cell = 0; cell < cells; ++cell) {
    if (is_linked(cell)) both.relations.push_back(SumOf({cell}, cell + cells));
  }
  return both;
}

// The attacker has the task as it was given, with every relation.
TEST(MergeEqualCells, LeavesNothingToAnAttacker_WhenTwoTablesShareCells) {
  std::mt19937 random(600);
  for (int i = 0; i < 100; ++i) {
    ReleaseTask task = Twice(TwoWayTask(MadeUpValues(5, 4, 40, random), kUnrounded),
                             [&](std::uint32_t) { return random() % 3 != 0; });
    // What one table hides in any case, the other would show.
    for (ReleaseCell& cell : task.cells) {
      if (cell.value > 0 && random() % 12 == 0) cell.is_shown = false;
    }
    const auto result = SuppressUntilProtected(task);
    ASSERT_OK(result);
    EXPECT_TRUE(result->unprotected.empty());
    const std::vector<std::uint32_t> hidden = Hidden(result->is_shown);
    const auto attacked = BestIntervals(PublicKnowledge(task, result->is_shown), hidden);
    ASSERT_OK(attacked);
    for (std::size_t at = 0; at < hidden.size(); ++at) {
      const Range possible = result->possible[hidden[at]];
      EXPECT_GE(possible.width(), task.cells[hidden[at]].width) << "task " << i << " cell " << hidden[at];
      EXPECT_LE((*attacked)[at].interval.low, possible.low);
      EXPECT_GE((*attacked)[at].interval.high, possible.high);
    }
  }
}

TEST(MergeEqualCells, IsMuchSmaller_WhenTablesAreTheSame) {
  std::mt19937 random(601);
  const ReleaseTask one = TwoWayTask(MadeUpValues(5, 4, 40, random), kUnrounded);
  const MergedTask merged = MergeEqualCells(Twice(one, [](std::uint32_t) { return true; }));
  EXPECT_EQ(merged.task.cells.size(), one.cells.size());
  EXPECT_EQ(merged.task.relations.size(), one.relations.size());
}

// 4 + 16 = 20, of which the 20 has left and cannot be hidden; the same 16 is about to leave beside it.
TEST(MergeEqualCells, HidesTheShownOne_WhenItsEqualHasToBeWide) {
  ReleaseTask task;
  for (const std::int64_t value : {4, 16, 20, 16}) task.cells.push_back(MadeUpCell(value, kUnrounded));
  task.cells[1].is_shown = false;
  task.cells[2].cost = 0;
  task.relations = {SumOf({0, 1}, 2), SumOf({1}, 3)};
  const MergedTask merged = MergeEqualCells(task);
  ASSERT_EQ(merged.task.cells.size(), 3u);
  EXPECT_EQ(merged.place[1], merged.place[3]);
  EXPECT_FALSE(merged.task.cells[merged.place[3]].is_shown);
  const auto result = SuppressUntilProtected(task);
  ASSERT_OK(result);
  EXPECT_EQ(result->is_shown, (std::vector<bool>{false, false, true, false}));
}

TEST(MergeEqualCells, NamesTheHiddenOne_WhenItsEqualHasLeftShown) {
  ReleaseTask task;
  for (const std::int64_t value : {16, 16, 9}) task.cells.push_back(MadeUpCell(value, kUnrounded));
  task.cells[0].is_shown = false;
  task.cells[1].cost = 0;
  task.relations = {SumOf({0}, 1)};
  const auto result = SuppressUntilProtected(task);
  ASSERT_OK(result);
  EXPECT_EQ(result->unprotected, (std::vector<std::uint32_t>{0}));
  EXPECT_EQ(result->is_shown, (std::vector<bool>{false, true, true}));
}

// Equal cells are hidden with what any of them is hidden with.
TEST(MergeEqualCells, HidesCompanionsOfBoth_WhenTheirCellIsHidden) {
  ReleaseTask task;
  for (const std::int64_t value : {4, 16, 20, 16, 30, 40}) {
    task.cells.push_back(MadeUpCell(value, kUnrounded));
  }
  task.cells[2].cost = 0;
  task.cells[1].hidden_with = 4;
  task.cells[3].hidden_with = 5;
  task.relations = {SumOf({0, 1}, 2), SumOf({1}, 3)};
  const auto result = SuppressUntilProtected(task);
  ASSERT_OK(result);
  EXPECT_EQ(result->is_shown, (std::vector<bool>{false, false, true, false, false, false}));
}

// a = b and a + b = c: merged, a would count twice.
TEST(MergeEqualCells, LeavesTheTaskAsItIs_WhenASumHasTwoEqualParts) {
  ReleaseTask task;
  for (const std::int64_t value : {16, 16, 32}) task.cells.push_back(MadeUpCell(value, kUnrounded));
  task.relations = {SumOf({0}, 1), SumOf({0, 1}, 2)};
  const MergedTask merged = MergeEqualCells(task);
  EXPECT_EQ(merged.task.cells.size(), 3u);
  EXPECT_EQ(merged.task.relations.size(), 2u);
}

}  // namespace
}  // namespace waymark::statistics
