#include "statistics/audit/attack.h"

#include <functional>
#include <optional>

#include "tests/unit/statistics/audit/made_up_tables.h"

namespace waymark::statistics {
namespace {

// Every whole-number solution of a small system, tried one by one.
std::vector<std::optional<Range>> BruteForce(const CellSystem& system) {
  std::vector<std::optional<Range>> best(system.cells.size());
  std::vector<std::int64_t> values(system.cells.size());
  const std::function<void(std::size_t)> fill = [&](std::size_t at) {
    if (at < values.size()) {
      for (values[at] = system.cells[at].low; values[at] <= system.cells[at].high; ++values[at]) fill(at + 1);
      return;
    }
    for (const Relation& relation : system.relations) {
      std::int64_t sum = 0;
      for (const Relation::Term& term : relation.terms) sum += term.factor * values[term.cell];
      if (sum < relation.low || sum > relation.high) return;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!best[i]) best[i] = Range{.low = values[i], .high = values[i]};
      best[i]->low = std::min(best[i]->low, values[i]);
      best[i]->high = std::max(best[i]->high, values[i]);
    }
  };
  fill(0);
  return best;
}

std::vector<std::uint32_t> AllCells(const CellSystem& system) {
  std::vector<std::uint32_t> all;
  for (std::uint32_t i = 0; i < system.cells.size(); ++i) all.push_back(i);
  return all;
}

// A table of 2 × 3 with margins, inner cells 0 to 3 and totals in random intervals around the truth.
CellSystem SmallTable(std::mt19937& random) {
  std::uniform_int_distribution<std::int64_t> up_to_3(0, 3);
  std::uniform_int_distribution<std::int64_t> up_to_1(0, 1);
  std::vector<std::vector<std::int64_t>> inner(2, std::vector<std::int64_t>(3));
  for (auto& row : inner) {
    for (std::int64_t& value : row) value = up_to_3(random);
  }
  const ReleaseTask task = TwoWayTask(inner, {.threshold = 1, .rounding = 1});
  CellSystem system{.cells = {}, .relations = task.relations};
  for (std::size_t i = 0; i < task.cells.size(); ++i) {
    const std::int64_t value = task.cells[i].value;
    const bool is_inner = i < 6;
    system.cells.push_back(is_inner ? Range{.low = 0, .high = 3}
                                    : Range{.low = std::max<std::int64_t>(0, value - up_to_1(random)),
                                            .high = value + up_to_1(random)});
  }
  return system;
}

TEST(BestIntervals, AreThoseOfBruteForce_WhenTablesAreSmall) {
  std::mt19937 random(20241);
  for (int i = 0; i < 60; ++i) {
    const CellSystem system = SmallTable(random);
    const std::vector<std::optional<Range>> expected = BruteForce(system);
    const auto found = BestIntervals(system, AllCells(system));
    ASSERT_OK(found);
    for (std::size_t cell = 0; cell < expected.size(); ++cell) {
      ASSERT_TRUE(expected[cell].has_value());
      EXPECT_TRUE((*found)[cell].best);
      EXPECT_EQ((*found)[cell].interval, *expected[cell]) << "table " << i << ", cell " << cell;
    }
  }
}

TEST(BestIntervals, UsesInequalities_WhenOneCellIsPartOfAnother) {
  CellSystem system{.cells = {{.low = 0, .high = 20}, {.low = 5, .high = 9}, {.low = 3, .high = 30}},
                    .relations = {AtMost(0, 1), AtMost(1, 2)}};
  const auto found = BestIntervals(system, AllCells(system));
  ASSERT_OK(found);
  EXPECT_EQ((*found)[0].interval, (Range{.low = 0, .high = 9}));
  EXPECT_EQ((*found)[1].interval, (Range{.low = 5, .high = 9}));
  EXPECT_EQ((*found)[2].interval, (Range{.low = 5, .high = 30}));
}

TEST(BestIntervals, RoundsInwards_WhenTheProgramsBoundIsAFraction) {
  // a = ((a + b) + (a + c) - (b + c)) / 2, with sums of 3 to 4, 3 to 4 and 3.
  CellSystem system{.cells = {{.low = 0, .high = 9}, {.low = 0, .high = 9}, {.low = 0, .high = 9}},
                    .relations = {{.terms = {{.cell = 0}, {.cell = 1}}, .low = 3, .high = 4},
                                  {.terms = {{.cell = 0}, {.cell = 2}}, .low = 3, .high = 4},
                                  {.terms = {{.cell = 1}, {.cell = 2}}, .low = 3, .high = 3}}};
  const auto found = BestIntervals(system, AllCells(system));
  ASSERT_OK(found);
  EXPECT_EQ((*found)[0].interval, (Range{.low = 2, .high = 2}));
}

TEST(BestIntervals, SaysThatNothingIsKnown_WhenACellIsBoundless) {
  CellSystem system{.cells = {{}, {}, {.low = 4, .high = 4}}, .relations = {AtMost(2, 0)}};
  const auto found = BestIntervals(system, AllCells(system));
  ASSERT_OK(found);
  EXPECT_EQ((*found)[0].interval, (Range{.low = 4, .high = kMostCount}));
  EXPECT_EQ((*found)[1].interval, Range{});
}

TEST(BestIntervals, SaysSo_WhenTheSolverMayNotFinish) {
  std::mt19937 random(7);
  const ReleaseTask task = TwoWayTask(MadeUpValues(6, 5, 40, random), {});
  const CellSystem system = PublicKnowledge(task, ShownAtFirst(task));
  const auto few = BestIntervals(system, AllCells(system), {.most_iterations = 0});
  const auto all = BestIntervals(system, AllCells(system));
  ASSERT_OK(few);
  ASSERT_OK(all);
  bool any_unfinished = false;
  for (std::size_t i = 0; i < all->size(); ++i) {
    any_unfinished |= !(*few)[i].best;
    // What is not finished is wider, never narrower.
    EXPECT_LE((*few)[i].interval.low, (*all)[i].interval.low);
    EXPECT_GE((*few)[i].interval.high, (*all)[i].interval.high);
  }
  EXPECT_TRUE(any_unfinished);
}

TEST(BestIntervals, RefusesSystems_WhenTheyAreMalformed) {
  const auto code = [](const CellSystem& system, std::vector<std::uint32_t> targets = {}) {
    return BestIntervals(system, targets).status().code();
  };
  const auto kInvalid = absl::StatusCode::kInvalidArgument;
  EXPECT_EQ(code({.cells = {{.low = 3, .high = 2}}, .relations = {}}), kInvalid);
  EXPECT_EQ(code({.cells = {{.low = -1, .high = 2}}, .relations = {}}), kInvalid);
  EXPECT_EQ(code({.cells = {{}}, .relations = {AtMost(0, 1)}}), kInvalid);
  EXPECT_EQ(code({.cells = {{}}, .relations = {AtMost(0, 0)}}), kInvalid);
  EXPECT_EQ(code({.cells = {{}}, .relations = {{.terms = {{.cell = 0, .factor = 2}}}}}), kInvalid);
  EXPECT_EQ(
      code({.cells = {{.low = 1, .high = 2}}, .relations = {{.terms = {{.cell = 0}}, .low = 5, .high = 6}}}),
      kInvalid);
  EXPECT_EQ(code({.cells = {{}}, .relations = {}}, {1}), kInvalid);
}

TEST(Tighten, KeepsEverySolution_WhenBruteForceKnowsThem) {
  std::mt19937 random(20242);
  for (int i = 0; i < 60; ++i) {
    CellSystem system = SmallTable(random);
    const auto expected = BruteForce(system);
    Tighten(system, 100);
    for (std::size_t cell = 0; cell < expected.size(); ++cell) {
      EXPECT_LE(system.cells[cell].low, expected[cell]->low);
      EXPECT_GE(system.cells[cell].high, expected[cell]->high);
    }
  }
}

TEST(Tighten, FindsACellExactly_WhenItIsAllThatAMarginLacks) {
  CellSystem system{.cells = {{.low = 12, .high = 12}, {}, {.low = 15, .high = 15}},
                    .relations = {SumOf({0, 1}, 2)}};
  Tighten(system, 100);
  EXPECT_EQ(system.cells[1], (Range{.low = 3, .high = 3}));
}

}  // namespace
}  // namespace waymark::statistics
