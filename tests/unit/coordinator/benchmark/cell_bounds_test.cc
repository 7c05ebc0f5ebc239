// The bounds of a thresholded row, against every exact row that could have been released as it: the test
// protects all small rows itself, by the rules as docs state them, and looks whether the bounds hold the
// exact counts.
#include "coordinator/benchmark/cell_bounds.h"

#include <functional>

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

void ExpectHeld(const v1::Metric& metric, contract::ProtectedTable& given,
                const std::vector<std::int64_t>& exact) {
  given.protection.suppressed_to = kThreshold;
  given.protection.rounded_to = kBase;
  const std::vector<CellBounds> bounds = BoundsOfRow(metric, given, 0, 365);
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
      contract::ProtectedTable given = scene.Table(item, 0, {0, 0});
      Small(n) ? Hide(1, given.table) : Show(n, 1, given.table);
      Small(n) || Small(x) || Small(n - x) ? Hide(0, given.table) : Show(x, 0, given.table);
      SCOPED_TRACE(::testing::Message() << x << " of " << n);
      ExpectHeld(metric, given, {x, n});
      Hide(0, given.table);  // to protect another
      ExpectHeld(metric, given, {x, n});
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
        contract::ProtectedTable given = scene.MixTable(item, {0, 0, 0});
        const std::vector<std::int64_t> exact = {a, b, c};
        const std::int64_t total = a + b + c;
        for (std::size_t i = 0; i < 3; ++i) {
          const bool hidden = Small(total) || Small(exact[i]) || Small(total - exact[i]);
          hidden ? Hide(i, given.table) : Show(exact[i], i, given.table);
        }
        SCOPED_TRACE(::testing::Message() << a << ", " << b << ", " << c);
        ExpectHeld(metric, given, exact);
      }
    }
  }
}

TEST(CellBounds, AreTight_WhereTheRulesAre) {
  Scene scene;
  const contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED);
  const v1::Metric& metric = *scene.library().Find("19");
  contract::ProtectedTable given = scene.Table(item, 0, {20, 100});
  std::vector<CellBounds> bounds = BoundsOfRow(metric, given, 0, 365);
  EXPECT_EQ(bounds[0].low, 18);
  EXPECT_EQ(bounds[0].high, 22);
  given.table.values[0] = 0;
  bounds = BoundsOfRow(metric, given, 0, 365);
  EXPECT_EQ(bounds[0].low, 0);
  EXPECT_EQ(bounds[0].high, 0);
  given.table.values[0] = 10;  // 8 to 12: what is shown is above 7
  bounds = BoundsOfRow(metric, given, 0, 365);
  EXPECT_EQ(bounds[0].low, 8);
  EXPECT_EQ(bounds[0].high, 12);
}

TEST(CellBounds, OfTransitions_KnowTheRoundingOfDays) {
  Scene scene;
  const contract::RoundItem item = scene.Item("31", v1::MODE_THRESHOLDED);
  const v1::Metric& metric = *scene.library().Find("31");
  const std::vector<std::string> columns = catalogue::ColumnsOf(metric);
  ASSERT_EQ(columns.size(), 9u);
  contract::ProtectedTable given = scene.Table(item, 0, {20, 0, 15, 0, 10, 0, 36'500, 900, 0});
  given.table.status[1] = v1::CELL_STATUS_SUPPRESSED;
  given.table.values[7] = 0;
  given.table.status[7] = v1::CELL_STATUS_SUPPRESSED;
  given.table.values[2] = 0;
  given.table.status[2] = v1::CELL_STATUS_SUPPRESSED;
  const std::vector<CellBounds> bounds = BoundsOfRow(metric, given, 0, 366);
  EXPECT_EQ(bounds[6].low, 36'450);
  EXPECT_EQ(bounds[6].high, 36'550);
  EXPECT_EQ(bounds[7].low, 1);
  EXPECT_EQ(bounds[7].high, 7 * 366);
  EXPECT_EQ(bounds[1].low, 0);
  EXPECT_EQ(bounds[1].high, 36'550);   // out of "none"
  EXPECT_EQ(bounds[2].high, 7 * 366);  // out of "early_help", whose days are suppressed
}

}  // namespace
}  // namespace waymark::coordinator
