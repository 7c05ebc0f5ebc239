#include "coordinator/cli/compare.h"

#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/cli/made_up_figures.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::MadeUpAnswer;

TEST(Comparison, SetsACouncilBesideItsRegionAndAll) {
  const testing::Scene scene;
  EXPECT_EQ(ComparisonText(MadeUpAnswer(), {.council = "E06000001", .region = "E12000001"},
                           scene.library().Find("19")),
            R"(Metric 19, definition version 1: Referrals that ended in no further action
Period 2023-24; thresholded; round autumn, published 2025-10-09T08:53:20Z
Council: Hartlepool (E06000001)
Region: North East (E12000001), 4 councils
All: All participants (participants), 4 councils

episodes
Figure  Council  95%           Region  95%            All  95%
------  -------  ------------  ------  -----------  -----  -----------
nfa       25.0%  12.5 to 37.5   12.5%  6.2 to 18.8  12.0%  6.0 to 18.0

Neutral: neither high nor low is better, and it is never ranked.
Coverage: 1 of 2 councils. Absent: Stockton-on-Tees (not released).
Interval: 95%, of chance in sampling joined with what protection hides (suppression and rounding).
Thresholded: small counts were suppressed and others rounded before they left a council; counts
  above a council are rounded to the nearest 10. Sums are of the shown cells.
)");
}

TEST(Comparison, NamesTheReason_WhereTheCouncilIsAbsent) {
  const std::string text =
      ComparisonText(MadeUpAnswer(), {.council = "E06000004", .region = "E12000001"}, nullptr);
  EXPECT_THAT(text, HasSubstr("Council: Stockton-on-Tees (E06000004), [absent]: not released\n"));
  EXPECT_THAT(text, HasSubstr("nfa     [absent]        12.5%"));
}

TEST(Comparison, ShowsSuppressedAndTooFew_AsWhatTheyAre) {
  const std::string text =
      ComparisonText(MadeUpAnswer(), {.council = "E06000003", .region = "E12000007"}, nullptr);
  EXPECT_THAT(text, HasSubstr("[c]"));
  EXPECT_THAT(text, HasSubstr("[few]"));
  EXPECT_THAT(text, HasSubstr("[few] fewer councils"));
}

const contract::Successions kKnown = {
    {.day = 19'448, .before = {"E06000091"}, .after = {"E06000001"}},
    {.day = 19'448, .before = {"E06000092"}, .after = {"E06000004"}},
    {.day = 19'448, .before = {"E06000093"}, .after = {"E06000094", "E06000095"}}};

// The council itself and those that contributed; not who is absent or elsewhere.
TEST(Comparison, SaysWhatBecameOfTheCouncilsInIt) {
  v1::QueryResponse answer = MadeUpAnswer();
  EXPECT_THAT(SuccessionsCompared(answer, "E06000001", kKnown),
              ::testing::ElementsAre("E06000091 became E06000001 on 2023-04-01"));
  auto* other = answer.add_coverage();
  other->set_council("E06000093");
  EXPECT_THAT(SuccessionsCompared(answer, "E06000001", kKnown),
              ::testing::ElementsAre("E06000091 became E06000001 on 2023-04-01",
                                     "E06000093 split into E06000094, E06000095 on 2023-04-01"));
  const std::string text = ComparisonText(answer, {.council = "E06000001", .region = "E12000001"}, nullptr,
                                          SuccessionsCompared(answer, "E06000001", kKnown));
  EXPECT_THAT(text, HasSubstr("Councils changed: E06000091 became E06000001 on 2023-04-01; E06000093 split"));
  EXPECT_THAT(ComparisonJson(answer, {"one", "two"}),
              HasSubstr("\"successions\": [\n    \"one\",\n    \"two\""));
}

TEST(Comparison, FindsTheRegionOfAFormerCouncilByItsSuccessors) {
  v1::RosterResponse roster;
  for (const auto& [code, region] : {std::pair("E06000001", "E12000001"), {"E06000095", "E12000007"}}) {
    v1::Member* member = roster.add_members();
    member->set_council(code);
    member->set_region_code(region);
  }
  EXPECT_EQ(RegionCompared(roster, kKnown, "E06000001").value(), "E12000001");
  EXPECT_EQ(RegionCompared(roster, kKnown, "E06000091").value(), "E12000001");
  EXPECT_EQ(RegionCompared(roster, kKnown, "E06000093").value(), "E12000007") << "the first that is a member";
  EXPECT_THAT(RegionCompared(roster, kKnown, "E06000092").status(),
              waymark::testing::StatusIs(absl::StatusCode::kNotFound, HasSubstr("no member has the code")));
}

}  // namespace
}  // namespace waymark::coordinator
