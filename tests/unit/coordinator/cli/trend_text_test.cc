#include "coordinator/cli/trend_text.h"

#include <nlohmann/json.hpp>

#include "coordinator/cli/figure_output.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/cli/made_up_figures.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;

v1::TrendResponse MadeUpTrend() {
  v1::TrendResponse trend;
  trend.set_geography("E06000001");
  v1::TrendResponse::Series& series = *trend.add_series();
  const v1::QueryResponse answer = testing::MadeUpAnswer();
  for (const auto& [period, from] :
       {std::pair("2021-22", 2), std::pair("2022-23", 0), std::pair("2023-24", 1)}) {
    v1::Figure& figure = *series.add_figures() = answer.figures(from);
    figure.set_geography_code("E06000001");
    figure.set_geography_name("Hartlepool");
    figure.set_period(period);
  }
  v1::TrendResponse::Test& latest = *series.mutable_latest();
  latest.set_from_period("2022-23");
  latest.set_to_period("2023-24");
  latest.set_change(-25);
  latest.set_lower(-37.5);
  latest.set_upper(-12.5);
  latest.set_p(0.0214);
  latest.set_travel(v1::TRAVEL_DOWN);
  v1::TrendResponse::Break& one = *trend.add_breaks();
  one.set_period("2022-23");
  one.set_what("definition");
  one.set_note("version 2, before version 1");
  one.set_is_incomparable(true);
  trend.add_left_out("2020-21: the place is not in it");
  return trend;
}

TEST(TrendText, ListsPeriods_TestsAndWhatElseChanged) {
  EXPECT_EQ(TrendText(MadeUpTrend(), nullptr), R"(Metric 19
Hartlepool (E06000001)

nfa, episodes
Period   Count   Of  Value  95% interval  Councils  Version  Round
-------  -----  ---  -----  ------------  --------  -------  ------
2021-22                [c]                          1        autumn
2022-23     25  100  25.0%  12.5 to 37.5            1        autumn
2023-24      0   80   0.0%  0.0 to 0.0              1        autumn
2023-24 against 2022-23: -25.0% (-37.5 to -12.5), p = 0.021: down

What else changed
2022-23, definition: version 2, before version 1; not compared with what was before

Left out: 2020-21: the place is not in it.
Better, worse, up or down: chance, noise and suppression together would give a change as great less
  than once in twenty times. Many figures are tested here, so that some change by chance alone.
Coverage: 0 of 0 councils.
Shorthand: [c] suppressed: the counts are too small to show.
Interval: 95%, of chance in sampling joined with what protection hides (suppression and rounding).
Thresholded: small counts were suppressed and others rounded before they left a council; counts
  above a council are rounded to the nearest 10.
)");
}

TEST(TrendText, HasNothingToShow_WithoutSeries) {
  EXPECT_THAT(TrendText({}, nullptr), HasSubstr("Nothing is published"));
}

TEST(TrendJson, SaysTheSame) {
  const auto json = nlohmann::json::parse(TrendJson(MadeUpTrend()));
  EXPECT_EQ(json["series"][0]["figures"][1]["value"], 25);
  EXPECT_TRUE(json["series"][0]["figures"][0]["value"].is_null());
  EXPECT_EQ(json["series"][0]["latest"]["travel"], "down");
  EXPECT_TRUE(json["series"][0]["slope_a_year"].is_null());
  EXPECT_EQ(json["breaks"][0]["is_incomparable"], true);
  EXPECT_EQ(json["left_out"].size(), 1u);
}

}  // namespace
}  // namespace waymark::coordinator
