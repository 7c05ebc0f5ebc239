// Noised transition matrices and survival curves, as the benchmark shows them: possible, with margins that
// add up, and with intervals that hold the truth as often as they say. Noise is drawn here by inversion,
// sharing no code with crypto/.
#include <cmath>
#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "catalogue/columns.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/benchmark/extreme_rows.h"
#include "coordinator/benchmark/reconcile.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using testing::kCouncils;
using testing::Scene;

constexpr std::int64_t kDays = 91;  // of the period
constexpr std::size_t kMoves = 6;
constexpr std::size_t kStates = 3;
const double kQ = std::exp(-1.0 / 2.0);  // the scene's ε = 1, Δ = 2

std::int64_t Noise(std::mt19937_64& random) {
  std::geometric_distribution<std::int64_t> geometric(1 - kQ);
  return geometric(random) - geometric(random);
}

struct Federation {
  Federation() {
    for (const std::string& council : kCouncils) scene.Join(council);
  }
  contract::RoundItem Item(const std::string& metric, std::vector<std::string> breakdowns = {}) const {
    contract::RoundItem item = scene.Item(metric, v1::MODE_NOISED, std::move(breakdowns));
    item.period = "2024-25-Q1";
    return item;
  }
  std::vector<v1::Figure> Combined(const contract::RoundItem& item,
                                   const std::vector<std::vector<std::int64_t>>& rows) const {
    const contract::RoundSpec spec = scene.Spec("r", {item});
    v1::Catalogue definitions;
    *definitions.add_metrics() = *scene.library().Find(item.metric);
    std::vector<contract::Release> answers;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      answers.push_back(scene.Release(kCouncils[i], spec, {scene.Table(item, 0, rows[i])}));
    }
    return scene.CombineAll(spec, definitions, answers)[0].figures;
  }

  Scene scene;
};

// Moves per day in the state left, by column; a council's true days, and what it releases of both.
constexpr double kRates[kMoves] = {0.002, 0.0005, 0.004, 0.001, 0.0015, 0.0008};
std::vector<std::int64_t> Release(std::mt19937_64& random) {
  std::vector<std::int64_t> row(kMoves + kStates);
  for (std::size_t state = 0; state < kStates; ++state) {
    const std::int64_t days = 80 * kDays * static_cast<std::int64_t>(state + 1) + 46;  // rounded up by 45
    row[kMoves + state] = kDays * ((days + kDays / 2) / kDays + Noise(random));
    for (std::size_t move = 2 * state; move < 2 * state + 2; ++move) {
      std::poisson_distribution<std::int64_t> process(kRates[move] * static_cast<double>(days));
      row[move] = process(random) + Noise(random);
    }
  }
  return row;
}

// False failure: misses of each quantity are binomial; the bound is passed with probability under 1e-6 for
// each of six were the coverage 95%.
TEST(NoisedMoves, TheIntervalOfARateHoldsTheTruthAtItsLevel) {
  constexpr int kFederations = 400;
  constexpr unsigned kSeed = 815;
  const Federation federation;
  const contract::RoundItem item = federation.Item("31");
  std::mt19937_64 random(kSeed);
  const std::vector<std::string> columns = catalogue::ColumnsOf(*federation.scene.library().Find("31"));
  std::vector<int> missed(kMoves);
  for (int trial = 0; trial < kFederations; ++trial) {
    std::vector<std::vector<std::int64_t>> rows;
    for (int council = 0; council < 4; ++council) rows.push_back(Release(random));
    std::size_t seen = 0;
    for (const v1::Figure& figure : federation.Combined(item, rows)) {
      ASSERT_GE(figure.value(), 0);
      ASSERT_GE(figure.numerator(), 0);
      if (figure.geography_code() != "participants") continue;
      const auto move = static_cast<std::size_t>(
          std::find(columns.begin(), columns.end(), figure.quantity()) - columns.begin());
      ASSERT_LT(move, kMoves);
      ++seen;
      ASSERT_TRUE(figure.has_lower() && figure.has_upper());
      ASSERT_TRUE(figure.lower() <= figure.sampling_lower() && figure.sampling_upper() <= figure.upper());
      const double truth = 100 * 91.3125 * kRates[move];
      missed[move] += figure.lower() <= truth && truth <= figure.upper() ? 0 : 1;
    }
    ASSERT_EQ(seen, kMoves);
  }
  // 5% of 400 is 20, the standard deviation 4.4; 42 is five of them above.
  for (const int count : missed) EXPECT_LE(count, 42) << "seed " << kSeed;
}

TEST(NoisedMoves, NoneIsBelowZero_WhateverTheNoise) {
  const Federation federation;
  const v1::Metric& metric = *federation.scene.library().Find("31");
  EXPECT_EQ(PossibleCounts(metric, {-3, 4, 0, -1, 2, 7, -91, 182, 0}),
            (std::vector<std::int64_t>{0, 4, 0, 0, 2, 7, 0, 182, 0}));
  const std::vector<std::vector<std::int64_t>> rows(4, {-3, 4, -5, -1, 2, 7, -91, 182, 0});
  for (const v1::Figure& figure : federation.Combined(federation.Item("31"), rows)) {
    EXPECT_GE(figure.value(), 0) << figure.quantity();
    EXPECT_GE(figure.lower(), 0) << figure.quantity();
  }
}

// The rest that rounding leaves is in the interval for certain: without any noise to speak of, it still holds
// the greatest and the least truth that gives the released days.
TEST(NoisedMoves, TheIntervalHoldsWhatRoundingHides) {
  const Federation federation;
  const v1::Metric& metric = *federation.scene.library().Find("31");
  NoiseRadii radii;
  SummedRow row(kMoves + kStates, radii);
  contract::ProtectedTable given =
      federation.scene.Table(federation.Item("31"), 0, {1, 1, 1, 1, 1, 1, 910, 910, 910});
  given.protection.epsilon_numerator = 1'000'000;
  row.AddValues(given, 0);
  row.AddValues(given, 0);
  std::vector<std::int64_t> units;
  for (const std::string& column : given.table.columns) {
    ASSERT_OK_AND_ASSIGN(units.emplace_back(), catalogue::NoisedUnitOf(column, given.table.period));
  }
  const std::vector<ExtremeRow> extremes = ExtremesOfNoised(metric, units, row);
  ASSERT_EQ(extremes.size(), 2u);
  EXPECT_EQ(extremes[0].values[0], 2);
  EXPECT_GE(extremes[0].values[kMoves], 2 * 910 + 2 * 45);
  EXPECT_LE(extremes[1].values[kMoves], 2 * 910 - 2 * 45);
}

TEST(NoisedMoves, MarginsAddUp_MovesAndDays) {
  const Federation federation;
  const contract::RoundItem item = federation.Item("31", {"sex", "age_band"});
  const v1::Metric& metric = *federation.scene.library().Find("31");
  std::mt19937_64 random(5);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<contract::ProtectedTable> tables;
    for (const auto& [dimension, rows] :
         std::vector<std::pair<std::string, std::size_t>>{{"", 1}, {"sex", 2}, {"age_band", 4}}) {
      contract::ProtectedTable& made =
          tables.emplace_back(federation.scene.Table(item, 0, std::vector<std::int64_t>(kMoves + kStates)));
      if (!dimension.empty()) {
        made.table.dimensions = {dimension};
        made.table.rows.clear();
        for (std::size_t row = 0; row < rows; ++row) made.table.rows.push_back(absl::StrCat(dimension, row));
      }
      made.table.Resize();
      for (std::size_t at = 0; at < made.table.values.size(); ++at) {
        const std::int64_t unit = at % (kMoves + kStates) < kMoves ? 1 : kDays;
        made.table.values[at] = unit * (80 / static_cast<std::int64_t>(rows) + Noise(random));
      }
    }
    ReconcileMargins(metric, item, tables);
    for (std::size_t column = 0; column < kMoves + kStates; ++column) {
      for (const contract::ProtectedTable& one : tables) {
        std::int64_t sum = 0;
        for (std::size_t row = 0; row < one.table.rows.size(); ++row) sum += one.table.At(row, column);
        ASSERT_EQ(sum, tables[0].table.At(0, column)) << "trial " << trial;
      }
    }
  }
}

// Metric 9 over few closures, so that noise alone would make the curve rise.
TEST(NoisedCurves, NeverRise_AndIncidencesNeverFall) {
  const Federation federation;
  const contract::RoundItem item = federation.Item("9");
  const v1::Metric& metric = *federation.scene.library().Find("9");
  const std::size_t cells = catalogue::ColumnsOf(metric).size();
  std::mt19937_64 random(9);
  std::size_t compared = 0;
  for (int trial = 0; trial < 3; ++trial) {
    std::vector<std::vector<std::int64_t>> rows(4, std::vector<std::int64_t>(cells));
    for (auto& row : rows) {
      for (std::int64_t& cell : row) cell = Noise(random) + (random() % 4 == 0 ? 3 : 0);
    }
    std::map<std::string, double> before;
    for (const v1::Figure& figure : federation.Combined(item, rows)) {
      const std::string& quantity = figure.quantity();
      if (!figure.has_value() || quantity == "median") continue;
      EXPECT_GE(figure.value(), 0);
      EXPECT_LE(figure.value(), 100);
      // "survival_183", "incidence_social_care_183": windows come in rising order.
      const std::string curve =
          absl::StrCat(figure.geography_code(), quantity.substr(0, quantity.rfind('_')));
      const auto [known, is_first] = before.try_emplace(curve, figure.value());
      if (is_first) continue;
      ++compared;
      if (absl::StartsWith(quantity, "survival")) {
        EXPECT_LE(figure.value(), known->second + 1e-9) << curve;
      } else {
        EXPECT_GE(figure.value(), known->second - 1e-9) << curve;
      }
      known->second = figure.value();
    }
  }
  EXPECT_GT(compared, 50u);
}

}  // namespace
}  // namespace waymark::coordinator
