#include "coordinator/cli/standing_text.h"

#include "absl/strings/str_split.h"
#include "coordinator/cli/compare.h"
#include "coordinator/cli/figure_output.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/cli/made_up_figures.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Of the made-up answer's first council.
v1::QueryResponse Stands() {
  v1::QueryResponse response = testing::MadeUpAnswer();
  v1::CouncilStanding& standing = *response.mutable_figures(0)->mutable_standing();
  standing.set_councils(11);
  standing.set_suppressed(1);
  standing.set_rank_from(4);
  standing.set_rank_to(9);
  standing.set_quarter(3);
  standing.set_target(20);
  standing.set_warning_lower(12.5);
  standing.set_warning_upper(24.04);
  standing.set_alarm_lower(8);
  standing.set_alarm_upper(32);
  standing.set_dispersion(3.24);
  return response;
}

TEST(StandingText, ListsCouncils_TheBetterFirst_AndWithoutAValueLast) {
  v1::QueryResponse response = Stands();
  while (response.figures_size() > 5) response.mutable_figures()->RemoveLast();
  EXPECT_THAT(StandingTables(response, nullptr), HasSubstr(R"(
nfa, episodes
Council                  Value  95% interval          Rank  Quarter  95% limits    Place
--------------------  --------  ------------  ------------  -------  ------------  ---------
Hartlepool               25.0%  12.5 to 37.5  4 to 9 of 11  3rd      12.5 to 24.0  above 95%
Middlesbrough             0.0%  0.0 to 0.0
Redcar and Cleveland       [c]
Stockton-on-Tees      [absent]  not released
Darlington                 [x]
Among 11 councils that are named and shown; 1 suppressed, in no rank; they differ 3.2 times as much
  as chance alone would have them.
)"));
  v1::Metric low;
  low.set_kind(v1::METRIC_KIND_PROPORTION);
  low.set_direction(v1::DIRECTION_LOW_IS_BETTER);
  const std::string low_first = StandingTables(response, &low);
  EXPECT_LT(low_first.find("Middlesbrough"), low_first.find("Hartlepool"));
}

TEST(StandingText, FitsATerminal) {
  v1::QueryResponse response = Stands();
  response.mutable_figures(0)->set_geography_name("Bournemouth, Christchurch and Poole and beyond");
  response.mutable_figures(0)->mutable_standing()->set_councils(152);
  response.mutable_figures(0)->mutable_standing()->set_rank_from(101);
  response.mutable_figures(0)->mutable_standing()->set_rank_to(152);
  for (const auto& line : absl::StrSplit(StandingTables(response, nullptr), '\n'))
    EXPECT_LE(line.size(), 103u) << line;  // "…" has three bytes
}

TEST(StandingText, StandsBelowAComparison_WhereItWasAsked) {
  const ComparedPlaces places{.council = "E06000001", .region = "E12000001"};
  EXPECT_THAT(ComparisonText(Stands(), places, nullptr), HasSubstr(R"(
Figure          Rank  Quarter  95% limits    99.8% limits  Place
------  ------------  -------  ------------  ------------  ---------
nfa     4 to 9 of 11  3rd      12.5 to 24.0  8.0 to 32.0   above 95%
)"));
  EXPECT_THAT(ComparisonText(testing::MadeUpAnswer(), places, nullptr), Not(HasSubstr("Rank")));
}

TEST(StandingText, IsInCsvAndJson_WithItsNumbers) {
  const std::vector<std::string> lines = absl::StrSplit(FigureCsv(Stands()), '\n');
  EXPECT_THAT(lines[1], HasSubstr(",0,11,1,4,9,3,20,12.5,24.04,8,32,above 95% limits,3.24"));
  EXPECT_THAT(FigureJson(Stands()), HasSubstr("\"funnel_998_upper\": 32"));
}

// What has no direction has no rank; what has no limits no place.
TEST(StandingText, LeavesBlank_WhatIsNotThere) {
  v1::QueryResponse response = Stands();
  v1::CouncilStanding& standing = *response.mutable_figures(0)->mutable_standing();
  standing.Clear();
  standing.set_councils(2);
  EXPECT_EQ(FunnelPlaceOf(response.figures(0)), "");
  EXPECT_THAT(StandingOfCouncil({&response.figures(0)}), Not(HasSubstr("0 of")));
  EXPECT_EQ(StandingOfCouncil({&response.figures(1)}), "");
}

}  // namespace
}  // namespace waymark::coordinator
