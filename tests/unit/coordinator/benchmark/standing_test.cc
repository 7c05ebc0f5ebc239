#include "coordinator/benchmark/standing.h"

#include <algorithm>
#include <cmath>

#include "catalogue/direction.h"
#include "coordinator/benchmark/query.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using testing::kCouncils;
using testing::Scene;

v1::Metric MetricOf(v1::Direction direction, v1::MetricKind kind = v1::METRIC_KIND_PROPORTION) {
  v1::Metric metric;
  metric.set_kind(kind);
  metric.set_direction(direction);
  metric.set_display_unit("%");
  return metric;
}

v1::Figure FigureOf(const std::string& code, double value, double margin, double members = 400) {
  v1::Figure figure;
  figure.set_level(v1::GEOGRAPHY_LEVEL_COUNCIL);
  figure.set_geography_code(code);
  figure.set_quantity("any");
  figure.set_display_unit("%");
  figure.set_status(v1::FIGURE_STATUS_SHOWN);
  figure.set_value(value);
  figure.set_lower(value - margin);
  figure.set_upper(value + margin);
  figure.set_sampling_lower(value - margin / 2);
  figure.set_sampling_upper(value + margin / 2);
  figure.set_denominator(members);
  return figure;
}

std::vector<v1::Figure> Councils() {
  std::vector<v1::Figure> figures;
  const std::vector<double> values = {10, 12, 20, 21, 22, 30, 40};
  for (std::size_t i = 0; i < values.size(); ++i) {
    figures.push_back(FigureOf("council " + std::to_string(i), values[i], 1 + 0.5 * static_cast<double>(i)));
  }
  return figures;
}

// The z of seven intervals that hold together, by halving the normal tail, not by the library's inverse.
double JointZOfSeven() {
  double low = 1;
  double high = 5;
  for (int i = 0; i < 100; ++i) {
    const double z = (low + high) / 2;
    (std::pow(std::erf(z / std::sqrt(2.0)), 7) < 0.95 ? low : high) = z;
  }
  return low;
}

// A council's rank is at best one more than how many are surely better, and at worst all but those surely
// worse.
TEST(StandingTest, RanksAreThoseThatIntervalsLeaveOpen) {
  const double wide = JointZOfSeven() / 1.959963984540054;
  for (const bool low_is_better : {true, false}) {
    std::vector<v1::Figure> figures = Councils();
    SetStandings(MetricOf(low_is_better ? v1::DIRECTION_LOW_IS_BETTER : v1::DIRECTION_HIGH_IS_BETTER),
                 figures, figures);
    for (const v1::Figure& own : figures) {
      std::uint32_t better = 0;
      std::uint32_t worse = 0;
      for (const v1::Figure& other : figures) {
        const double reach = wide * ((other.upper() - other.value()) + (own.upper() - own.value()));
        const double gap = low_is_better ? own.value() - other.value() : other.value() - own.value();
        better += gap > reach ? 1 : 0;
        worse += -gap > reach ? 1 : 0;
      }
      EXPECT_EQ(own.standing().councils(), 7u);
      EXPECT_EQ(own.standing().rank_from(), better + 1) << own.value();
      EXPECT_EQ(own.standing().rank_to(), 7 - worse) << own.value();
    }
  }
}

TEST(StandingTest, TheBestQuarterIsThatOfTheDirection) {
  std::vector<v1::Figure> figures = Councils();
  SetStandings(MetricOf(v1::DIRECTION_LOW_IS_BETTER), figures, figures);
  EXPECT_EQ(figures.front().standing().quarter(), 1u);
  EXPECT_EQ(figures.back().standing().quarter(), 4u);
  SetStandings(MetricOf(v1::DIRECTION_HIGH_IS_BETTER), figures, figures);
  EXPECT_EQ(figures.front().standing().quarter(), 4u);
  EXPECT_EQ(figures.back().standing().quarter(), 1u);
}

TEST(StandingTest, WhatHasNoDirectionIsNeverRanked) {
  std::vector<v1::Figure> figures = Councils();
  SetStandings(MetricOf(v1::DIRECTION_NEUTRAL), figures, figures);
  for (const v1::Figure& figure : figures) {
    EXPECT_EQ(figure.standing().rank_from(), 0u);
    EXPECT_EQ(figure.standing().quarter(), 0u);
    EXPECT_TRUE(figure.standing().has_target()) << "what is unusual is so without being better or worse";
  }
  v1::Metric survival = MetricOf(v1::DIRECTION_HIGH_IS_BETTER, v1::METRIC_KIND_SURVIVAL);
  for (v1::Figure& figure : figures) figure.set_quantity("incidence_social_care_365");
  SetStandings(survival, figures, figures);
  EXPECT_EQ(figures[0].standing().rank_from(), 0u);
  EXPECT_FALSE(figures[0].standing().has_target());
}

// Of the library's own entries: returns by self-referral are no worse, incidences no better for being high.
TEST(StandingTest, DirectionsAreThoseOfTheQuantity) {
  const Scene scene;
  const auto of = [&](const char* metric, const char* quantity) {
    return catalogue::DirectionOf(*scene.library().Find(metric), quantity);
  };
  EXPECT_EQ(of("1", "any"), v1::DIRECTION_LOW_IS_BETTER);
  EXPECT_EQ(of("1", "self"), v1::DIRECTION_NEUTRAL);
  EXPECT_EQ(of("1", "1C"), v1::DIRECTION_NEUTRAL);
  EXPECT_EQ(of("5", "cla"), v1::DIRECTION_LOW_IS_BETTER);
  EXPECT_EQ(of("9", "survival_365"), v1::DIRECTION_HIGH_IS_BETTER);
  EXPECT_EQ(of("9", "median"), v1::DIRECTION_HIGH_IS_BETTER);
  EXPECT_EQ(of("9", "incidence_social_care_365"), v1::DIRECTION_NEUTRAL);
  EXPECT_EQ(of("27", "improved"), v1::DIRECTION_HIGH_IS_BETTER);
  EXPECT_EQ(of("27", "worse"), v1::DIRECTION_NEUTRAL);
  EXPECT_EQ(of("17", "unknown"), v1::DIRECTION_NEUTRAL);
}

TEST(StandingTest, SuppressedCouncilsAreCounted_AndInNoRank) {
  std::vector<v1::Figure> figures = Councils();
  figures[3].set_status(v1::FIGURE_STATUS_SUPPRESSED);
  figures[3].clear_value();
  figures[4].set_status(v1::FIGURE_STATUS_ABSENT);
  SetStandings(MetricOf(v1::DIRECTION_LOW_IS_BETTER), figures, figures);
  EXPECT_EQ(figures[0].standing().councils(), 5u);
  EXPECT_EQ(figures[0].standing().suppressed(), 1u);
  EXPECT_EQ(figures[3].standing().rank_from(), 0u);
  EXPECT_EQ(figures[4].standing().rank_to(), 0u);
}

TEST(StandingTest, TwoCouncilsHaveNone) {
  std::vector<v1::Figure> figures = {FigureOf("a", 1, 1), FigureOf("b", 50, 1)};
  SetStandings(MetricOf(v1::DIRECTION_LOW_IS_BETTER), figures, figures);
  EXPECT_EQ(figures[0].standing().rank_from(), 0u);
  EXPECT_FALSE(figures[0].standing().has_target());
  EXPECT_EQ(figures[0].standing().councils(), 2u);
}

// Spiegelhalter's formulas again, in their order: intervals are twice as wide as those of sampling, so chance
// has four times the variance.
TEST(StandingTest, LimitsTakeTheCouncilsOwnNoiseIntoAccount) {
  std::vector<v1::Figure> figures = Councils();
  SetStandings(MetricOf(v1::DIRECTION_LOW_IS_BETTER), figures, figures);
  double target = 0;
  for (const v1::Figure& figure : figures) target += figure.value() / 7 / 100;
  const double variance = 4 / (4 * 400.0);
  std::vector<double> z;
  for (const v1::Figure& figure : figures) {
    z.push_back((std::asin(std::sqrt(figure.value() / 100)) - std::asin(std::sqrt(target))) /
                std::sqrt(variance));
  }
  const double low = z[0] + 0.6 * (z[1] - z[0]);  // type 7 deciles of seven: at 0.6 and 5.4
  const double high = z[5] + 0.4 * (z[6] - z[5]);
  double squares = 0;
  for (const double one : z) squares += std::pow(std::clamp(one, low, high), 2);
  const double tau_squared = (squares - 6) / (6 / variance);  // Σw − Σw²/Σw = 6 w
  const v1::CouncilStanding& standing = figures[2].standing();
  EXPECT_NEAR(standing.target(), 100 * target, 1e-9);
  EXPECT_NEAR(standing.dispersion(), squares / 7, 1e-9);
  EXPECT_NEAR(standing.tau_squared(), tau_squared, 1e-12);
  // The exact limits are near the normal ones at 400 members.
  const double reach = 1.959963984540054 * std::sqrt(variance + tau_squared);
  EXPECT_NEAR(std::asin(std::sqrt(standing.warning_upper() / 100)) - std::asin(std::sqrt(target)), reach,
              0.02);
  EXPECT_LT(standing.alarm_lower(), standing.warning_lower());
  EXPECT_GT(standing.alarm_upper(), standing.warning_upper());
}

// Through a query: every named council where no place is said, and only councils of the caller's scope.
TEST(StandingTest, AQueryGivesEveryCouncilOfItsScope) {
  Scene scene;
  BenchmarkQuery query(scene.store(), scene.library());
  for (const std::string& council : kCouncils) scene.Join(council);
  const contract::RoundSpec spec = scene.Spec("r", {scene.Item("16", v1::MODE_THRESHOLDED)});
  ASSERT_OK(scene.rounds().Open(spec));
  for (std::size_t i = 0; i < kCouncils.size(); ++i) {
    ASSERT_OK(scene.rounds().Submit(
        kCouncils[i],
        scene.Release(kCouncils[i], spec,
                      {scene.Table(spec.items[0], 0, {50 + 40 * static_cast<std::int64_t>(i), 500})})));
  }
  ASSERT_EQ(scene.rounds().CloseDue().value(), 1);
  v1::QueryRequest request;
  request.set_metric("16");
  request.set_standing(true);
  ASSERT_OK_AND_ASSIGN(v1::QueryResponse response, query.Answer(request, Scope::Everything()));
  ASSERT_EQ(response.figures_size(), 9);
  EXPECT_EQ(response.figures(8).standing().rank_from(), 1u) << "high is better";
  EXPECT_EQ(response.figures(8).standing().councils(), 9u);
  ASSERT_OK_AND_ASSIGN(response,
                       query.Answer(request, {.regions = {{"E12000001"}}, .metrics = std::nullopt}));
  ASSERT_EQ(response.figures_size(), 5);
  for (const v1::Figure& figure : response.figures()) EXPECT_EQ(figure.standing().councils(), 5u);
  request.add_geographies(kCouncils[0]);
  request.add_geographies("participants");
  ASSERT_OK_AND_ASSIGN(response, query.Answer(request, Scope::Everything()));
  ASSERT_EQ(response.figures_size(), 2);
  EXPECT_EQ(response.figures(0).standing().councils(), 9u);
  EXPECT_FALSE(response.figures(1).has_standing());
  request.set_standing(false);
  ASSERT_OK_AND_ASSIGN(response, query.Answer(request, Scope::Everything()));
  EXPECT_FALSE(response.figures(0).has_standing());
}

}  // namespace
}  // namespace waymark::coordinator
