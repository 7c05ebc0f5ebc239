#include "statistics/audit/repair_walk.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/statistics/audit/made_up_tables.h"

namespace waymark::statistics {
namespace {

ReleaseState StateOf(const ReleaseTask& task, std::int64_t farthest) {
  ReleaseState state{.task = task,
                     .named_in = std::vector<std::vector<ReleaseState::Naming>>(task.cells.size()),
                     .room = {},
                     .binds = std::vector<bool>(task.relations.size(), true),
                     .farthest = farthest,
                     .is_shown = ShownAtFirst(task),
                     .possible = {}};
  for (std::uint32_t r = 0; r < task.relations.size(); ++r) {
    const Relation& relation = task.relations[r];
    std::int64_t sum = 0;
    for (const Relation::Term& term : relation.terms) {
      state.named_in[term.cell].push_back({r, term.factor});
      sum += term.factor * task.cells[term.cell].value;
    }
    state.room.push_back({.low = relation.low - sum, .high = relation.high - sum});
  }
  for (const ReleaseCell& cell : task.cells)
    state.possible.push_back({.low = cell.value, .high = cell.value});
  return state;
}

// Whether the truth, moved so, is a table of whole numbers within what is public. Written anew.
bool IsPublicTable(const ReleaseTask& task, const std::vector<bool>& is_shown, const Move& move) {
  std::vector<std::int64_t> values;
  for (const ReleaseCell& cell : task.cells) values.push_back(cell.value);
  for (const auto& [cell, by] : move) values[cell] += by;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Range& known = is_shown[i] ? task.cells[i].shown : task.cells[i].hidden;
    if (!known.Contains(values[i])) return false;
  }
  for (const Relation& relation : task.relations) {
    std::int64_t sum = 0;
    for (const Relation::Term& term : relation.terms) sum += term.factor * values[term.cell];
    if (sum < relation.low || sum > relation.high) return false;
  }
  return true;
}

// Two hidden cells in each of two rows and columns, all margins shown.
ReleaseTask Square() {
  ReleaseTask task = TwoWayTask({{3, 20, 4}, {30, 40, 50}, {5, 60, 6}}, {.threshold = 7, .rounding = 1});
  return task;
}

TEST(RepairWalk, FindsTheCycle_WhenTheMarginsAreShown) {
  const ReleaseTask task = Square();
  const ReleaseState state = StateOf(task, 56);
  RepairWalk walk(state);
  std::uint64_t work = 0;
  const auto move = walk.Find(0, {.down = false, .least = 4, .most = 4}, work);
  ASSERT_TRUE(move.has_value());
  EXPECT_EQ(*move, (Move{{0, 4}, {2, -4}, {6, -4}, {8, 4}}));
  EXPECT_GT(work, 0U);
  // Six are all that the other diagonal has.
  EXPECT_FALSE(walk.Find(0, {.down = false, .least = 5, .most = 9}, work).has_value());
}

TEST(RepairWalk, MovesWhatOnlyOneSumNames_WhenThatIsAskedForAndWhenItIsNot) {
  ReleaseTask task = Square();
  // The rest of the first cell's group, which nobody sees; and the group.
  const auto rest = static_cast<std::uint32_t>(task.cells.size());
  task.cells.push_back({.value = 9, .shown = {.low = 9, .high = 9}, .hidden = {}, .is_shown = false});
  task.cells.push_back({.value = 12, .shown = {.low = 12, .high = 12}, .hidden = {}});
  task.relations.push_back(SumOf({{0, rest}}, rest + 1));
  const ReleaseState state = StateOf(task, 56);
  RepairWalk walk(state);
  std::uint64_t work = 0;
  EXPECT_EQ(walk.Find(0, {.down = false, .least = 2, .most = 2}, work),
            (Move{{0, 2}, {2, -2}, {6, -2}, {8, 2}, {rest, -2}}));
  EXPECT_EQ(walk.Find(rest, {.down = false, .least = 2, .most = 2}, work),
            (Move{{0, -2}, {2, 2}, {6, 2}, {8, -2}, {rest, 2}}));
}

TEST(RepairWalk, FindsPublicTablesOnlyAndHidesNothing_WhenTablesAreRandom) {
  std::mt19937 random(41);
  int found = 0;
  for (int i = 0; i < 100; ++i) {
    const ReleaseTask task = TwoWayTask(MadeUpValues(8, 6, 15, random), {.threshold = 7, .rounding = 5});
    const ReleaseState state = StateOf(task, 56);
    RepairWalk walk(state);
    for (std::uint32_t cell = 0; cell < task.cells.size(); ++cell) {
      if (state.is_shown[cell]) continue;
      std::uint64_t work = 0;
      const auto move = walk.Find(cell, {.down = false, .least = 5, .most = 9}, work);
      if (!move) continue;
      ++found;
      EXPECT_TRUE(IsPublicTable(task, state.is_shown, *move));
      const auto at =
          std::find_if(move->begin(), move->end(), [&](const auto& one) { return one.first == cell; });
      ASSERT_NE(at, move->end());
      EXPECT_GE(at->second, 5);
      EXPECT_LE(at->second, 9);
      // Whatever was asked before.
      EXPECT_EQ(RepairWalk(state).Find(cell, {.down = false, .least = 5, .most = 9}, work), move);
    }
  }
  EXPECT_GT(found, 500);
}

}  // namespace
}  // namespace waymark::statistics
