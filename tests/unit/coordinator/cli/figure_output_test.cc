#include "coordinator/cli/figure_output.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_split.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/cli/made_up_figures.h"

namespace waymark::coordinator {
namespace {

using testing::MadeUpAnswer;

std::size_t Characters(absl::string_view line) {
  return static_cast<std::size_t>(std::count_if(
      line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

TEST(FigureTables, TellEveryStatusApart) {
  EXPECT_EQ(FigureTables(MadeUpAnswer(), nullptr), R"(Metric 19, definition version 1
Period 2023-24; thresholded; round autumn, published 2025-10-09T08:53:20Z

episodes
Where                 Figure  Count   Of     Value  95% interval  Councils   Middle half
--------------------  ------  -----  ---  --------  ------------  ---------  ------------
Hartlepool            nfa        25  100     25.0%  12.5 to 37.5
Middlesbrough         nfa         0   80      0.0%  0.0 to 0.0
Redcar and Cleveland  nfa                      [c]
Stockton-on-Tees      nfa                 [absent]  not released
Darlington            nfa                      [x]
North East            nfa        50  400     12.5%  6.2 to 18.8   4 (1 [c])  10.0 to 25.0
London                nfa                    [few]                4
All participants      nfa        60  500     12.0%  6.0 to 18.0   4

Coverage: 1 of 2 councils. Absent: Stockton-on-Tees (not released).
Shorthand: [c] suppressed: the counts are too small to show; [x] not available: nobody in the group,
  or beyond the follow-up; [absent] the council gave no table; [few] fewer councils than the round's
  least.
Interval: 95%, of chance in sampling joined with what protection hides (suppression and rounding).
Thresholded: small counts were suppressed and others rounded before they left a council; counts
  above a council are rounded to the nearest 10. Sums are of the shown cells.
)");
}

TEST(FigureTables, StayWithin100Columns_WhateverTheNames) {
  v1::QueryResponse response = MadeUpAnswer();
  for (v1::Figure& figure : *response.mutable_figures()) {
    figure.set_geography_name("Bournemouth, Christchurch and Poole and some more of it");
    figure.set_quantity("incidence_social_care_365_and_more");
    figure.add_dimensions("sex");
    figure.add_dimensions("age_band");
    figure.set_category("not recorded at all|of an age that is not known");
    if (figure.has_numerator()) {
      figure.set_numerator(1234560);
      figure.set_denominator(12345600);
    }
  }
  for (const absl::string_view line : absl::StrSplit(FigureTables(response, nullptr), '\n')) {
    EXPECT_LE(Characters(line), 100u) << line;
  }
}

TEST(FigureCsv, HasStableColumns_AndEmptyCellsWithAReason) {
  const std::vector<std::string> lines = absl::StrSplit(FigureCsv(MadeUpAnswer()), '\n');
  ASSERT_EQ(lines.size(), 10u);
  EXPECT_EQ(lines[0],
            "metric,version,period,window_days,counted,level,geography_code,geography_name,breakdown,"
            "category,quantity,"
            "status,shorthand,absence,numerator,denominator,value,lower,upper,sampling_lower,sampling_upper,"
            "unit,mode,"
            "contributors,suppressed_parts,absent,lowest_quartile,middle_quartile,highest_quartile,round_id,"
            "lowest_quartile_from,lowest_quartile_to,middle_quartile_from,middle_quartile_to,"
            "highest_quartile_from,highest_quartile_to,expected_at_zero,expected_slope,"
            "expected_slope_noise_from,expected_slope_noise_to,unbounded_parts,standing_councils,"
            "standing_suppressed,rank_from,rank_to,quarter,funnel_target,funnel_95_lower,funnel_95_upper,"
            "funnel_998_lower,funnel_998_upper,funnel_place,dispersion,standardised_by,standardised_value,"
            "standardised_lower,standardised_upper,standardised_strata,standardised_percent_suppressed,"
            "standardised_percent_empty,standardised_missing,standard");
  EXPECT_EQ(
      lines[1],
      "19,1,2023-24,,episodes,council,E06000001,Hartlepool,,,nfa,shown,,,25,100,25,12.5,37.5,18.75,31.25,%,"
      "thresholded,0,0,0,,,,autumn,,,,,,,,,,,0,,,,,,,,,,,,,,,,,,,,,");
  EXPECT_EQ(lines[3],
            "19,1,2023-24,,episodes,council,E06000003,Redcar and "
            "Cleveland,,,nfa,suppressed,[c],,,,,,,,,%,thresholded,"
            "0,0,0,,,,autumn,,,,,,,,,,,0,,,,,,,,,,,,,,,,,,,,,");
  EXPECT_EQ(
      lines[4],
      "19,1,2023-24,,episodes,council,E06000004,Stockton-on-Tees,,,nfa,absent,[absent],not released,,,,,,,,%,"
      "thresholded,0,0,0,,,,autumn,,,,,,,,,,,0,,,,,,,,,,,,,,,,,,,,,");
}

TEST(FigureCsv, QuotesWhatMustBeQuoted) {
  v1::QueryResponse response;
  testing::AddFigure(response, v1::GEOGRAPHY_LEVEL_COUNCIL, "E06000058", "Bournemouth, \"Poole\"",
                     v1::FIGURE_STATUS_SUPPRESSED);
  EXPECT_THAT(FigureCsv(response), ::testing::HasSubstr(",\"Bournemouth, \"\"Poole\"\"\","));
}

TEST(FigureJson, SaysTheSame) {
  const auto json = nlohmann::json::parse(FigureJson(MadeUpAnswer()));
  ASSERT_EQ(json["figures"].size(), 8u);
  EXPECT_EQ(json["figures"][0]["value"], 25);
  EXPECT_EQ(json["figures"][0]["counted"], "episodes");
  EXPECT_EQ(json["figures"][1]["value"], 0);
  EXPECT_TRUE(json["figures"][2]["value"].is_null());
  EXPECT_EQ(json["figures"][2]["shorthand"], "[c]");
  EXPECT_EQ(json["figures"][3]["absence"], "not released");
  EXPECT_EQ(json["figures"][5]["suppressed_parts"], 1);
  EXPECT_EQ(json["figures"][6]["status"], "too few councils");
  EXPECT_EQ(json["coverage"][1]["absence"], "not released");
  EXPECT_EQ(json["published"], "2025-10-09T08:53:20Z");
}

}  // namespace
}  // namespace waymark::coordinator
