// The coordinator refuses thresholded tables that break the rules they state
// (coordinator/rounds/table_check.h); whatever the node's own rules make of a truth it takes, further
// suppression too. And what the coordinator says a reader can know of the counts behind them
// (coordinator/benchmark/cell_bounds.h) holds the truth.
#include <random>

#include "catalogue/columns.h"
#include "coordinator/benchmark/cell_bounds.h"
#include "coordinator/rounds/table_check.h"
#include "node/disclose/threshold.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

constexpr std::size_t kRows = 3;

v1::Metric Metric(v1::MetricKind kind) {
  v1::Metric metric;
  metric.set_kind(kind);
  for (const char* id : {"a", "b"}) metric.add_outcomes()->set_id(id);
  return metric;
}

contract::ProtectedTable Empty(const v1::Metric& metric, std::vector<std::string> dimensions,
                               std::vector<std::string> rows) {
  contract::ProtectedTable made;
  made.table.period = "2024-25-Q1";
  made.table.dimensions = std::move(dimensions);
  made.table.rows = std::move(rows);
  made.table.columns = catalogue::ColumnsOf(metric);
  made.table.Resize();
  return made;
}

// Rows of very different sizes, from nobody to about a hundred.
void FillAtRandom(v1::MetricKind kind, std::mt19937_64& random, contract::Table& table) {
  for (std::size_t row = 0; row < kRows; ++row) {
    const std::uint64_t size = std::uint64_t{1} << (random() % 8);
    const std::size_t last = table.columns.size() - 1;
    for (std::size_t column = 0; column <= last; ++column) {
      table.At(row, column) = static_cast<std::int64_t>(random() % size);
    }
    if (kind == v1::METRIC_KIND_PROPORTION) {
      const std::int64_t of = table.At(row, last) + 1;
      for (std::size_t column = 0; column < last; ++column) table.At(row, column) %= of;
    }
    if (kind != v1::METRIC_KIND_TRANSITION) continue;
    for (std::size_t column = last - 2; column <= last; ++column) {  // days enough for the moves
      table.At(row, column) = 182 * (table.At(row, column) + static_cast<std::int64_t>(size));
    }
  }
}

void ExpectHeld(const std::vector<coordinator::CellBounds>& bounds, const contract::Table& truth) {
  ASSERT_EQ(bounds.size(), truth.values.size());
  for (std::size_t at = 0; at < bounds.size(); ++at) {
    ASSERT_LE(bounds[at].low, truth.values[at]) << "cell " << at;
    ASSERT_GE(bounds[at].high, truth.values[at]) << "cell " << at;
  }
}

TEST(HonestReleases, AreTakenAndBounded_WhateverTheTruth) {
  std::mt19937_64 random(7);
  const std::vector<ThresholdRule> rules = {{7, 5}, {5, 1}, {3, 20}, {10, 10}, {1, 1}};
  const std::vector<v1::MetricKind> kinds = {v1::METRIC_KIND_PROPORTION, v1::METRIC_KIND_MIX,
                                             v1::METRIC_KIND_TRANSITION};
  for (std::size_t repeat = 0; repeat < 3000; ++repeat) {
    const v1::Metric metric = Metric(kinds[repeat % kinds.size()]);
    contract::ProtectedTable whole = Empty(metric, {}, {""});
    contract::ProtectedTable parts = Empty(metric, {"sex"}, {"female", "male", "other"});
    FillAtRandom(metric.kind(), random, parts.table);
    for (std::size_t at = 0; at < parts.table.values.size(); ++at) {
      whole.table.values[at % whole.table.values.size()] += parts.table.values[at];
    }
    const contract::Table true_whole = whole.table;
    const contract::Table true_parts = parts.table;
    const ThresholdRule& rule = rules[repeat % rules.size()];
    for (contract::ProtectedTable* given : {&whole, &parts}) {
      ASSERT_OK_AND_ASSIGN(ThresholdedTable made, ProtectThresholded(metric, given->table, rule));
      given->table = std::move(made.table);
      given->protection = {.mode = v1::MODE_THRESHOLDED,
                           .suppressed_to = static_cast<std::uint32_t>(rule.threshold),
                           .rounded_to = static_cast<std::uint32_t>(rule.rounding)};
      const std::size_t hidden = random() % given->table.values.size();
      if (repeat % 2 == 0) {
        given->table.values[hidden] = 0;
        given->table.status[hidden] = v1::CELL_STATUS_SUPPRESSED;
      }
      ASSERT_EQ(coordinator::WrongCounts(metric, *given), "") << repeat;
    }
    ASSERT_EQ(coordinator::WrongMargin(metric, whole, parts), "") << repeat;
    SCOPED_TRACE(::testing::Message() << "repeat " << repeat);
    const coordinator::TableBounds bounds = coordinator::BoundsOfTables(metric, {&whole, &parts});
    ASSERT_NO_FATAL_FAILURE(ExpectHeld(bounds.at(&whole), true_whole));
    ASSERT_NO_FATAL_FAILURE(ExpectHeld(bounds.at(&parts), true_parts));
  }
}

}  // namespace
}  // namespace waymark::node
