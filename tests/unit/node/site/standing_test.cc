#include "node/site/standing.h"

#include <gtest/gtest.h>

#include "statistics/funnel.h"

namespace waymark::node {
namespace {

v1::Figure Benchmark() {
  v1::Figure figure;
  figure.set_display_unit("%");
  figure.set_value(20);
  figure.set_lower(19);
  figure.set_upper(21);
  figure.set_lowest_quartile(15);
  figure.set_middle_quartile(20);
  figure.set_highest_quartile(25);
  return figure;
}

catalogue::RowFigure Own(double numerator, double denominator) {
  return {.quantity = "any",
          .numerator = numerator,
          .denominator = denominator,
          .value = 100 * numerator / denominator,
          .lower = std::nullopt,
          .upper = std::nullopt};
}

TEST(StandingTest, TellsTheQuarter) {
  EXPECT_EQ(StandingOf(Own(10, 100), Benchmark(), 0).quarter, "lowest quarter");
  EXPECT_EQ(StandingOf(Own(15, 100), Benchmark(), 0).quarter, "second quarter");
  EXPECT_EQ(StandingOf(Own(24, 100), Benchmark(), 0).quarter, "third quarter");
  EXPECT_EQ(StandingOf(Own(25, 100), Benchmark(), 0).quarter, "highest quarter");
  EXPECT_EQ(StandingOf(Own(25, 100), v1::Figure(), 0).quarter, "");
}

TEST(StandingTest, LeavesOpenWhatNoiseLeavesOpen) {
  v1::Figure noised = Benchmark();
  noised.set_lowest_quartile_from(10);
  noised.set_lowest_quartile_to(18);
  noised.set_middle_quartile_from(14);
  noised.set_middle_quartile_to(24);
  noised.set_highest_quartile_from(22);
  noised.set_highest_quartile_to(35);
  EXPECT_EQ(StandingOf(Own(9, 100), noised, 0).quarter, "lowest quarter");
  EXPECT_EQ(StandingOf(Own(12, 100), noised, 0).quarter, "lowest to second quarter");
  EXPECT_EQ(StandingOf(Own(16, 100), noised, 0).quarter, "lowest to third quarter");
  EXPECT_EQ(StandingOf(Own(23, 100), noised, 0).quarter, "second to highest quarter");
  EXPECT_EQ(StandingOf(Own(36, 100), noised, 0).quarter, "highest quarter");
}

TEST(StandingTest, TheFunnelIsOfTheCouncilsSize_WidenedByWhatIsNotKnown) {
  const Standing standing = StandingOf(Own(260, 1000), Benchmark(), 0);
  ASSERT_TRUE(standing.funnel.has_value());
  EXPECT_DOUBLE_EQ(standing.funnel->warning.lower, 100 * statistics::FunnelLimits(0.19, 1000, 0.95)->lower);
  EXPECT_DOUBLE_EQ(standing.funnel->warning.upper, 100 * statistics::FunnelLimits(0.21, 1000, 0.95)->upper);
  EXPECT_DOUBLE_EQ(standing.funnel->alarm.upper, 100 * statistics::FunnelLimits(0.21, 1000, 0.998)->upper);
  EXPECT_EQ(standing.verdict, "above 99.8% limits");
  EXPECT_EQ(StandingOf(Own(240, 1000), Benchmark(), 0).verdict, "above 95% limits");
  EXPECT_EQ(StandingOf(Own(25, 100), Benchmark(), 0).verdict, "within 95% limits");
  EXPECT_EQ(StandingOf(Own(160, 1000), Benchmark(), 0).verdict, "below 95% limits");
  EXPECT_EQ(StandingOf(Own(100, 1000), Benchmark(), 0).verdict, "below 99.8% limits");
  v1::Figure days = Benchmark();
  days.set_display_unit("days");
  EXPECT_FALSE(StandingOf(Own(250, 1000), days, 0).funnel.has_value());
}

TEST(StandingTest, ExpectsWhatTheLineSaysForTheCouncilsDeprivation) {
  v1::Figure line = Benchmark();
  line.set_expected_at_zero(10);
  line.set_expected_slope(0.5);
  const Standing standing = StandingOf(Own(25, 100), line, 31);
  EXPECT_DOUBLE_EQ(standing.expected.value(), 25.5);
  EXPECT_DOUBLE_EQ(standing.gap_to_expected.value(), -0.5);
  EXPECT_FALSE(StandingOf(Own(25, 100), line, 0).expected.has_value()) << "not stated";
  EXPECT_FALSE(StandingOf(Own(25, 100), Benchmark(), 31).expected.has_value());
}

TEST(StandingTest, SaysNothing_WhereThereIsNoOwnFigure) {
  const Standing none = StandingOf({}, Benchmark(), 31);
  EXPECT_FALSE(none.gap.has_value());
  EXPECT_EQ(none.quarter, "");
  EXPECT_EQ(none.verdict, "");
}

}  // namespace
}  // namespace waymark::node
