// The bounds of a council's thresholded tables, against the exact counts that they were made from: whatever
// is hidden beside what the rules hide, small or large, the bounds hold the truth.
#include "coordinator/benchmark/cell_bounds.h"

#include <algorithm>
#include <functional>
#include <random>

#include "catalogue/columns.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using testing::Scene;

constexpr std::int64_t kThreshold = 3;
constexpr std::int64_t kBase = 5;

bool Small(std::int64_t count) {
  return count >= 1 && count <= kThreshold;
}

void Show(std::int64_t exact, std::size_t cell, contract::Table& table) {
  const std::int64_t rounded = (exact + kBase / 2) / kBase * kBase;
  table.values[cell] = rounded;
  table.status[cell] = rounded == 0 && exact > 0 ? v1::CELL_STATUS_LOW : v1::CELL_STATUS_SHOWN;
}
void Hide(std::size_t cell, contract::Table& table) {
  table.values[cell] = 0;
  table.status[cell] = v1::CELL_STATUS_SUPPRESSED;
}

contract::ProtectedTable WithRules(contract::ProtectedTable given) {
  given.protection.suppressed_to = kThreshold;
  given.protection.rounded_to = kBase;
  return given;
}

std::vector<CellBounds> BoundsAlone(const v1::Metric& metric, const contract::ProtectedTable& given) {
  return BoundsOfTables(metric, {&given}).at(&given);
}

void ExpectHeld(const std::vector<CellBounds>& bounds, const std::vector<std::int64_t>& exact) {
  ASSERT_EQ(bounds.size(), exact.size());
  for (std::size_t i = 0; i < exact.size(); ++i) {
    ASSERT_LE(bounds[i].low, exact[i]) << "cell " << i;
    ASSERT_GE(bounds[i].high, exact[i]) << "cell " << i;
  }
}

TEST(CellBounds, HoldEveryProportion) {
  Scene scene;
  const contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED);
  const v1::Metric& metric = *scene.library().Find("19");
  for (std::int64_t n = 0; n <= 40; ++n) {
    for (std::int64_t x = 0; x <= n; ++x) {
      contract::ProtectedTable given = WithRules(scene.Table(item, 0, {0, 0}));
      Small(n) ? Hide(1, given.table) : Show(n, 1, given.table);
      Small(n) || Small(x) || Small(n - x) ? Hide(0, given.table) : Show(x, 0, given.table);
      SCOPED_TRACE(::testing::Message() << x << " of " << n);
      ExpectHeld(BoundsAlone(metric, given), {x, n});
      Hide(0, given.table);  // to protect another
      ExpectHeld(BoundsAlone(metric, given), {x, n});
      Hide(1, given.table);
      ExpectHeld(BoundsAlone(metric, given), {x, n});
    }
  }
}

TEST(CellBounds, HoldEveryPartition) {
  Scene scene;
  const v1::Metric metric = scene.Mix(3);
  const contract::RoundItem item = scene.Item("22", v1::MODE_THRESHOLDED);
  for (std::int64_t a = 0; a <= 16; ++a) {
    for (std::int64_t b = 0; b <= 16; ++b) {
      for (std::int64_t c = 0; c <= 16; ++c) {
        contract::ProtectedTable given = WithRules(scene.MixTable(item, {0, 0, 0}));
        const std::vector<std::int64_t> exact = {a, b, c};
        const std::int64_t total = a + b + c;
        for (std::size_t i = 0; i < 3; ++i) {
          const bool hidden = Small(total) || Small(exact[i]) || Small(total - exact[i]);
          hidden ? Hide(i, given.table) : Show(exact[i], i, given.table);
        }
        SCOPED_TRACE(::testing::Message() << a << ", " << b << ", " << c);
        ExpectHeld(BoundsAlone(metric, given), exact);
      }
    }
  }
}

TEST(CellBounds, AreTight_WhereTheRulesAre) {
  Scene scene;
  const contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED);
  const v1::Metric& metric = *scene.library().Find("19");
  contract::ProtectedTable given = scene.Table(item, 0, {20, 100});
  std::vector<CellBounds> bounds = BoundsAlone(metric, given);
  EXPECT_EQ(bounds[0].low, 18);
  EXPECT_EQ(bounds[0].high, 22);
  given.table.values[0] = 0;
  bounds = BoundsAlone(metric, given);
  EXPECT_EQ(bounds[0].low, 0);
  EXPECT_EQ(bounds[0].high, 0);
  given.table.values[0] = 10;  // 8 to 12: what is shown is above 7
  bounds = BoundsAlone(metric, given);
  EXPECT_EQ(bounds[0].low, 8);
  EXPECT_EQ(bounds[0].high, 12);
}

TEST(CellBounds, OfTransitions_KnowTheRoundingOfDays) {
  Scene scene;
  const contract::RoundItem item = scene.Item("31", v1::MODE_THRESHOLDED);
  const v1::Metric& metric = *scene.library().Find("31");
  const std::vector<std::string> columns = catalogue::ColumnsOf(metric);
  ASSERT_EQ(columns.size(), 9u);
  contract::ProtectedTable given = scene.Table(item, 0, {20, 0, 15, 0, 10, 0, 36'500, 900, 300});
  given.table.status[1] = v1::CELL_STATUS_SUPPRESSED;
  given.table.values[7] = 0;
  given.table.status[7] = v1::CELL_STATUS_SUPPRESSED;
  given.table.values[2] = 0;
  given.table.status[2] = v1::CELL_STATUS_SUPPRESSED;
  const std::vector<CellBounds> bounds = BoundsAlone(metric, given);
  EXPECT_EQ(bounds[6].low, 36'450);
  EXPECT_EQ(bounds[6].high, 36'550);
  EXPECT_EQ(bounds[7].low, 0);
  EXPECT_GE(bounds[7].high, kUnbounded);
  EXPECT_EQ(bounds[1].low, 0);
  // A move on the period's first day is out of the state of the day before, which may have no day here.
  EXPECT_GE(bounds[1].high, kUnbounded);
  EXPECT_GE(bounds[2].high, kUnbounded);  // out of "early_help", whose days are suppressed
}

// One council's tables of an item: all members, by sex, by area, and by both.
struct Truth {
  v1::Unit unit = v1::UNIT_EPISODES;
  std::vector<contract::ProtectedTable> tables;
  std::vector<std::vector<std::int64_t>> exact;
};

const std::vector<std::string> kSexes = {"F", "M"};
const std::vector<std::string> kAreas = {"a", "b", "c"};

void AddTable(const contract::ProtectedTable& shape, std::vector<std::string> dimensions,
              std::vector<std::string> rows, std::vector<std::int64_t> exact, Truth& to) {
  contract::ProtectedTable given = WithRules(shape);
  given.table.unit = to.unit;
  given.table.dimensions = std::move(dimensions);
  given.table.rows = std::move(rows);
  given.table.Resize();
  to.tables.push_back(std::move(given));
  to.exact.push_back(std::move(exact));
}

// `crossed`: by sex, area and column. Of episodes wholes are sums; of children each child of the smaller rows
// may be the same one, so a whole is anything from the largest row to the sum.
Truth MadeUp(const contract::ProtectedTable& shape, v1::Unit unit, const std::vector<std::int64_t>& crossed,
             const std::function<std::int64_t(std::int64_t least, std::int64_t most)>& choose) {
  const std::size_t columns = shape.table.columns.size();
  const auto whole = [&](const std::vector<std::size_t>& rows) {
    std::vector<std::int64_t> counts(columns);
    for (std::size_t column = 0; column < columns; ++column) {
      std::int64_t sum = 0;
      std::int64_t most = 0;
      for (const std::size_t row : rows) {
        sum += crossed[row * columns + column];
        most = std::max(most, crossed[row * columns + column]);
      }
      counts[column] = unit == v1::UNIT_EPISODES ? sum : choose(most, sum);
    }
    counts[0] = std::min(counts[0], counts[columns - 1]);
    return counts;
  };
  const auto join = [](std::vector<std::int64_t> a, const std::vector<std::int64_t>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  };
  Truth truth{.unit = unit, .tables = {}, .exact = {}};
  AddTable(shape, {"sex", "area"}, {"F|a", "F|b", "F|c", "M|a", "M|b", "M|c"}, crossed, truth);
  AddTable(shape, {"sex"}, kSexes, join(whole({0, 1, 2}), whole({3, 4, 5})), truth);
  AddTable(shape, {"area"}, kAreas, join(join(whole({0, 3}), whole({1, 4})), whole({2, 5})), truth);
  AddTable(shape, {}, {""}, whole({0, 1, 2, 3, 4, 5}), truth);
  return truth;
}

// Children's wholes are drawn one by one, so rows by sex may be larger than all members: made to fit.
void MakeWholesHold(Truth& truth, std::size_t columns) {
  for (std::size_t table : {std::size_t{1}, std::size_t{2}}) {
    for (std::size_t at = 0; at < truth.exact[table].size(); ++at) {
      truth.exact[3][at % columns] = std::max(truth.exact[3][at % columns], truth.exact[table][at]);
    }
  }
}

TEST(CellBounds, HoldTheTruth_WhateverElseIsHidden) {
  constexpr unsigned kSeed = 20261122;
  Scene scene;
  const contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED);
  const v1::Metric& metric = *scene.library().Find("19");
  const contract::ProtectedTable shape = scene.Table(item, 0, {0, 0});
  std::mt19937_64 random(kSeed);
  const auto choose = [&](std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(random);
  };
  int bounded = 0;
  for (int trial = 0; trial < 2'000; ++trial) {
    std::vector<std::int64_t> crossed;
    for (int row = 0; row < 6; ++row) {
      crossed.push_back(choose(0, 30));
      crossed.push_back(crossed.back() + choose(0, 30));
    }
    Truth episodes = MadeUp(shape, v1::UNIT_EPISODES, crossed, choose);
    for (std::int64_t& count : crossed) count -= count / 3;
    Truth children = MadeUp(shape, v1::UNIT_CHILDREN, crossed, choose);
    MakeWholesHold(children, 2);
    std::vector<const contract::ProtectedTable*> tables;
    for (Truth* truth : {&episodes, &children}) {
      for (std::size_t i = 0; i < truth->tables.size(); ++i) {
        for (std::size_t at = 0; at < truth->exact[i].size(); ++at) {
          const std::int64_t count = truth->exact[i][at];
          const bool hidden = Small(count) || choose(0, 3) == 0;
          hidden ? Hide(at, truth->tables[i].table) : Show(count, at, truth->tables[i].table);
        }
        tables.push_back(&truth->tables[i]);
      }
    }
    const TableBounds bounds = BoundsOfTables(metric, tables);
    for (const Truth* truth : {&episodes, &children}) {
      for (std::size_t i = 0; i < truth->tables.size(); ++i) {
        SCOPED_TRACE(::testing::Message() << "seed " << kSeed << ", trial " << trial << ", table " << i);
        const std::vector<CellBounds>& cells = bounds.at(&truth->tables[i]);
        ASSERT_NO_FATAL_FAILURE(ExpectHeld(cells, truth->exact[i]));
        bounded += IsBounded(cells) ? 1 : 0;
      }
    }
  }
  EXPECT_GT(bounded, 2'000 * 8 * 9 / 10);  // seldom is nothing known
}

TEST(CellBounds, OfWhatIsHidden_AreWhatTheOthersLeave) {
  Scene scene;
  const contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED);
  const v1::Metric& metric = *scene.library().Find("19");
  Truth truth;
  const contract::ProtectedTable shape = scene.Table(item, 0, {0, 0});
  AddTable(shape, {"area"}, kAreas, {}, truth);
  AddTable(shape, {}, {""}, {}, truth);
  truth.tables[0].table.values = {10, 50, 0, 0, 0, 0};
  for (const std::size_t at : {2u, 3u, 4u, 5u}) Hide(at, truth.tables[0].table);
  truth.tables[1].table.values = {30, 90};
  const TableBounds bounds = BoundsOfTables(metric, {&truth.tables[0], &truth.tables[1]});
  const std::vector<CellBounds>& areas = bounds.at(&truth.tables[0]);
  for (const std::size_t row : {1u, 2u}) {
    EXPECT_EQ(areas[row * 2].low, 0);
    EXPECT_EQ(areas[row * 2].high, 32 - 8);  // 30 + 2, less 10 - 2
    EXPECT_EQ(areas[row * 2 + 1].low, 0);
    EXPECT_EQ(areas[row * 2 + 1].high, 92 - 48);
  }
}

TEST(CellBounds, OfTablesThatContradictEachOther_AreThoseOfEachCell) {
  Scene scene;
  const contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED);
  const v1::Metric& metric = *scene.library().Find("19");
  Truth truth;
  const contract::ProtectedTable shape = scene.Table(item, 0, {0, 0});
  AddTable(shape, {"sex"}, kSexes, {}, truth);
  AddTable(shape, {}, {""}, {}, truth);
  truth.tables[0].table.values = {10, 50, 10, 50};
  truth.tables[1].table.values = {20, 500};
  const TableBounds bounds = BoundsOfTables(metric, {&truth.tables[0], &truth.tables[1]});
  EXPECT_EQ(bounds.at(&truth.tables[1])[1].low, 498);
  EXPECT_EQ(bounds.at(&truth.tables[1])[1].high, 502);
  EXPECT_EQ(bounds.at(&truth.tables[0])[3].low, 48);
  EXPECT_EQ(bounds.at(&truth.tables[0])[3].high, 52);
}

}  // namespace
}  // namespace waymark::coordinator
