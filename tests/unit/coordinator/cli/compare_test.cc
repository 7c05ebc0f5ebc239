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

}  // namespace
}  // namespace waymark::coordinator
