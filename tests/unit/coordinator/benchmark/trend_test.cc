#include "coordinator/benchmark/trend.h"

#include <cmath>

#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kCouncils;
using testing::Scene;
using waymark::testing::StatusIs;

class TrendTest : public ::testing::Test {
 protected:
  TrendTest() : query(scene.store(), scene.library()) {
    for (std::size_t i = 0; i < 4; ++i) scene.Join(kCouncils[i]);
    request.set_metric("16");
  }

  // Each council gives `count` of 200.
  void Publish(const std::string& period, std::int64_t count, std::size_t councils = 4) {
    contract::RoundItem item = scene.Item("16", v1::MODE_THRESHOLDED);
    item.period = period;
    const contract::RoundSpec spec = scene.Spec("r" + std::to_string(++rounds), {item});
    ASSERT_OK(scene.rounds().Open(spec));
    for (std::size_t i = 0; i < councils; ++i) {
      ASSERT_OK(scene.rounds().Submit(
          kCouncils[i], scene.Release(kCouncils[i], spec, {scene.Table(item, 0, {count, 200})})));
    }
    ASSERT_EQ(scene.rounds().CloseDue().value(), 1);
  }

  v1::TrendResponse Trend(const Scope& scope = Scope::Everything()) {
    const absl::StatusOr<v1::TrendResponse> trend = TrendOf(request, scope, scene.library(), query);
    EXPECT_TRUE(trend.ok()) << trend.status();
    return trend.ok() ? *trend : v1::TrendResponse();
  }

  Scene scene;
  BenchmarkQuery query;
  v1::TrendRequest request;
  int rounds = 0;
};

TEST_F(TrendTest, FollowsPeriodsInTheirOrder_AndTestsTheLast) {
  Publish("2022-23", 60);
  Publish("2020-21", 50);
  Publish("2021-22", 55);
  const v1::TrendResponse trend = Trend();
  ASSERT_EQ(trend.series_size(), 1);
  const auto& figures = trend.series(0).figures();
  ASSERT_EQ(figures.size(), 3);
  EXPECT_EQ(figures[0].period(), "2020-21");
  EXPECT_EQ(figures[2].period(), "2022-23");
  EXPECT_EQ(figures[2].geography_code(), "participants");
  const v1::TrendResponse::Test& latest = trend.series(0).latest();
  EXPECT_EQ(latest.from_period(), "2021-22");
  EXPECT_EQ(latest.to_period(), "2022-23");
  EXPECT_DOUBLE_EQ(latest.change(), 2.5);
  // Newcombe, from the published intervals, which join sampling and rounding.
  EXPECT_NEAR(
      latest.lower(),
      2.5 - std::hypot(figures[2].value() - figures[2].lower(), figures[1].upper() - figures[1].value()),
      1e-9);
  EXPECT_NEAR(
      latest.upper(),
      2.5 + std::hypot(figures[2].upper() - figures[2].value(), figures[1].value() - figures[1].lower()),
      1e-9);
  EXPECT_EQ(latest.travel(), v1::TRAVEL_NO_CLEAR_CHANGE);
  EXPECT_TRUE(trend.series(0).has_slope());
  EXPECT_NEAR(trend.series(0).slope().change(), 2.5, 0.05);
  EXPECT_TRUE(trend.breaks().empty());
  EXPECT_FALSE(trend.series(0).has_runs());
}

TEST_F(TrendTest, SaysBetterOrWorse_ByTheDirection) {
  Publish("2021-22", 40);
  Publish("2022-23", 100);
  EXPECT_EQ(Trend().series(0).latest().travel(), v1::TRAVEL_BETTER) << "of 16 high is better";
  EXPECT_LT(Trend().series(0).latest().p(), 0.05);
  EXPECT_FALSE(Trend().series(0).has_slope());
  Publish("2023-24", 40);
  EXPECT_EQ(Trend().series(0).latest().travel(), v1::TRAVEL_WORSE);
}

TEST_F(TrendTest, SetsAQuarterAgainstThatOfTheYearBefore) {
  for (const char* quarter : {"2021-22-Q2", "2021-22-Q3", "2021-22-Q4", "2022-23-Q1", "2022-23-Q2"})
    Publish(quarter, 50);
  Publish("2020-21", 50);
  const v1::TrendResponse trend = Trend();
  EXPECT_EQ(trend.series(0).latest().from_period(), "2021-22-Q2");
  EXPECT_THAT(trend.left_out(), ElementsAre("2020-21: another length"));
}

TEST_F(TrendTest, OfACouncil_LeavesOutPeriodsThatItIsNotIn) {
  Publish("2021-22", 50);
  scene.Join(kCouncils[4]);
  Publish("2022-23", 50, 5);
  request.set_geography(kCouncils[4]);
  const v1::TrendResponse trend = Trend();
  EXPECT_EQ(trend.series(0).figures_size(), 1);
  EXPECT_FALSE(trend.series(0).has_latest());
  EXPECT_THAT(trend.left_out(), ElementsAre("2021-22: the place is not in it"));
  request.clear_geography();
  const v1::TrendResponse all = Trend();
  ASSERT_EQ(all.breaks_size(), 1);
  EXPECT_EQ(all.breaks(0).what(), "councils");
  EXPECT_EQ(all.breaks(0).period(), "2022-23");
  EXPECT_EQ(all.breaks(0).note(), "now with Darlington");
}

TEST_F(TrendTest, SeesWhatItsScopeSees) {
  Publish("2021-22", 50);
  Publish("2022-23", 50);
  const Scope north = {.regions = {{"E12000001"}}, .metrics = std::nullopt};
  const Scope south = {.regions = {{"E12000007"}}, .metrics = std::nullopt};
  request.set_geography("E12000001");
  EXPECT_EQ(Trend(north).series(0).figures_size(), 2);
  EXPECT_THAT(TrendOf(request, south, scene.library(), query).status(),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("E12000007")));
}

TEST_F(TrendTest, Refuses_WordsThatNameNothing) {
  EXPECT_FALSE(TrendOf(request, Scope::Everything(), scene.library(), query).ok());
  Publish("2021-22", 50);
  request.set_unit(v1::UNIT_FAMILIES);
  EXPECT_THAT(TrendOf(request, Scope::Everything(), scene.library(), query).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("unit")));
  request.clear_unit();
  request.set_geography("E99");
  EXPECT_THAT(TrendOf(request, Scope::Everything(), scene.library(), query).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("geographies")));
  request.set_metric("no such");
  EXPECT_THAT(TrendOf(request, Scope::Everything(), scene.library(), query).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("metric")));
}

}  // namespace
}  // namespace waymark::coordinator
