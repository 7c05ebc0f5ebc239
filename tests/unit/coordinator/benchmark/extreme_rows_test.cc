#include "coordinator/benchmark/extreme_rows.h"

#include <algorithm>
#include <numeric>
#include <random>

#include "catalogue/columns.h"
#include "catalogue/figures.h"
#include "coordinator/benchmark/estimate.h"
#include "statistics/survival.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::ElementsAre;
using testing::Scene;

TEST(PossibleCounts, KeepTheTotalOfAPartition_AndGoBelowZeroNowhere) {
  Scene scene;
  const v1::Metric metric = scene.Mix(8);
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::int64_t> noised(static_cast<std::size_t>(metric.outcomes_size()));
    for (std::int64_t& count : noised) count = static_cast<std::int64_t>(random() % 30) - 8;
    const std::int64_t total = std::accumulate(noised.begin(), noised.end(), std::int64_t{0});
    const std::vector<std::int64_t> possible = PossibleCounts(metric, noised);
    EXPECT_GE(*std::min_element(possible.begin(), possible.end()), 0);
    EXPECT_EQ(std::accumulate(possible.begin(), possible.end(), std::int64_t{0}),
              std::max<std::int64_t>(0, total));
    for (std::size_t k = 0; k < noised.size(); ++k)
      EXPECT_LE(possible[k], std::max<std::int64_t>(0, noised[k]));
  }
}

// Random noised cells, most of them near zero: the curve never rises, and with the incidences of all kinds it
// is 1 at every edge.
TEST(PossibleCounts, MakeASurvivalCurveThatNeverRises) {
  Scene scene;
  const v1::Metric& metric = *scene.library().Find("9");
  ASSERT_EQ(metric.kind(), v1::METRIC_KIND_SURVIVAL);
  const std::vector<std::string> columns = catalogue::ColumnsOf(metric);
  const auto kinds = static_cast<std::size_t>(metric.outcomes_size());
  const std::size_t bins = columns.size() / (kinds + 1);
  std::vector<std::uint32_t> edges;
  for (std::size_t bin = 1; bin < bins; ++bin) edges.push_back(static_cast<std::uint32_t>(bin * 30));
  std::mt19937 random(3);
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<std::int64_t> noised(columns.size());
    for (std::int64_t& count : noised) count = static_cast<std::int64_t>(random() % 40) - 12;
    const std::vector<std::int64_t> counts = PossibleCounts(metric, noised);
    EXPECT_GE(*std::min_element(counts.begin(), counts.end()), 0);
    std::vector<std::vector<std::int64_t>> events(kinds, std::vector<std::int64_t>(bins));
    std::vector<std::int64_t> censored(bins);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const std::size_t ending = i % (kinds + 1);
      (ending < kinds ? events[ending][i / (kinds + 1)] : censored[i / (kinds + 1)]) = counts[i];
    }
    ASSERT_OK_AND_ASSIGN(const auto curve, statistics::SurvivalCurve::FromBins(edges, events, censored));
    double before = 1;
    for (const std::uint32_t edge : edges) {
      const auto estimate = curve.At(edge);
      if (!estimate) break;
      EXPECT_LE(estimate->survival, before);
      const double all =
          std::accumulate(estimate->incidence.begin(), estimate->incidence.end(), estimate->survival);
      EXPECT_NEAR(all, 1, 1e-9);
      before = estimate->survival;
    }
  }
}

TEST(PossibleCounts, KeepANumeratorWithinItsDenominator) {
  Scene scene;
  const v1::Metric& metric = *scene.library().Find("19");
  EXPECT_THAT(PossibleCounts(metric, {-3, 100}), ElementsAre(0, 100));
  EXPECT_THAT(PossibleCounts(metric, {7, 5}), ElementsAre(5, 5));
  EXPECT_THAT(PossibleCounts(metric, {7, -5}), ElementsAre(0, 0));
}

// Whatever the true counts within the bounds, the figures lie between those of the extremes. Random truths,
// every kind.
TEST(Extremes, BoundTheFiguresOfEveryPossibleTruth) {
  Scene scene;
  std::mt19937 random(11);
  for (const char* id : {"19", "mix", "10", "9", "31", "43"}) {
    SCOPED_TRACE(id);
    const bool mix = std::string(id) == "mix";
    const v1::Metric mixed = scene.Mix(8);
    const v1::Metric* metric = mix ? &mixed : scene.library().Find(id);
    ASSERT_NE(metric, nullptr);
    const contract::RoundItem item = scene.Item(mix ? "22" : id, v1::MODE_THRESHOLDED);
    NoiseRadii radii;
    for (int trial = 0; trial < 12; ++trial) {
      const std::vector<std::int64_t> zeros(catalogue::ColumnsOf(*metric).size(), 0);
      const contract::ProtectedTable shape = mix ? scene.MixTable(item, zeros) : scene.Table(item, 0, zeros);
      SummedRow row(shape.table.columns.size(), radii);
      contract::Table truth = shape.table;
      std::vector<CellBounds> bounds(truth.columns.size());
      const bool has_denominator =
          metric->kind() == v1::METRIC_KIND_PROPORTION || metric->kind() == v1::METRIC_KIND_QUALITY;
      for (std::size_t i = 0; i < bounds.size(); ++i) {
        const bool large = i + 3 >= bounds.size() && metric->kind() == v1::METRIC_KIND_TRANSITION;
        truth.values[i] = static_cast<std::int64_t>(random() % (large ? 100'000 : 30)) + (large ? 10'000 : 0);
      }
      if (has_denominator)
        truth.values.back() = truth.values.front() + static_cast<std::int64_t>(random() % 50) + 1;
      for (std::size_t i = 0; i < bounds.size(); ++i) {
        bounds[i] = {
            .low = std::max<std::int64_t>(0, truth.values[i] - static_cast<std::int64_t>(random() % 5)),
            .high = truth.values[i] + static_cast<std::int64_t>(random() % 5)};
      }
      row.AddBounds(bounds);
      std::map<std::string, std::pair<double, double>> hull;
      std::map<std::string, bool> open;
      for (const ExtremeRow& extreme : ExtremesOfThresholded(*metric, row)) {
        contract::Table table = truth;
        table.values = extreme.values;
        for (const catalogue::RowFigure& figure : catalogue::FiguresOf(*metric, table)) {
          if (!extreme.column.empty() && extreme.column != figure.quantity) continue;
          if (!figure.value) {
            open[figure.quantity] = true;
            continue;
          }
          auto [at, added] = hull.try_emplace(figure.quantity, *figure.value, *figure.value);
          at->second.first = std::min(at->second.first, *figure.value);
          at->second.second = std::max(at->second.second, *figure.value);
        }
      }
      for (const catalogue::RowFigure& figure : catalogue::FiguresOf(*metric, truth)) {
        if (!figure.value) continue;
        ASSERT_TRUE(hull.contains(figure.quantity)) << figure.quantity;
        EXPECT_LE(hull[figure.quantity].first, *figure.value + 1e-9) << figure.quantity;
        if (!open[figure.quantity]) {
          EXPECT_GE(hull[figure.quantity].second, *figure.value - 1e-9) << figure.quantity;
        }
      }
    }
  }
}

}  // namespace
}  // namespace waymark::coordinator
