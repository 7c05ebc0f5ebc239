#include "coordinator/schedule/scheduled_period.h"

#include <string>

#include "tests/testing/status_matchers.h"

namespace waymark::coordinator {
namespace {

std::string Latest(v1::PeriodRule rule, const std::string& day, Day follow_up) {
  return LatestComplete(rule, *ParseIsoDay(day), follow_up).label;
}

TEST(LatestComplete, IsThePeriodBefore_WithoutFollowUp) {
  EXPECT_EQ(Latest(v1::PERIOD_RULE_PREVIOUS_QUARTER, "2026-10-15", 0), "2026-27-Q2");
  EXPECT_EQ(Latest(v1::PERIOD_RULE_PREVIOUS_QUARTER, "2026-04-01", 0), "2025-26-Q4");
  EXPECT_EQ(Latest(v1::PERIOD_RULE_PREVIOUS_QUARTER, "2026-03-31", 0), "2025-26-Q3");
  EXPECT_EQ(Latest(v1::PERIOD_RULE_PREVIOUS_YEAR, "2026-04-01", 0), "2025-26");
  EXPECT_EQ(Latest(v1::PERIOD_RULE_PREVIOUS_YEAR, "2026-03-31", 0), "2024-25");
  EXPECT_EQ(Latest(v1::PERIOD_RULE_PREVIOUS_CALENDAR_YEAR, "2026-01-01", 0), "2025");
  EXPECT_EQ(Latest(v1::PERIOD_RULE_PREVIOUS_CALENDAR_YEAR, "2025-12-31", 0), "2024");
}

// By the header's own words: its last day is more than `follow_up` days before, and the next period's is not.
TEST(LatestComplete, HasBeenFollowedToItsLastDay_AndTheNextHasNot) {
  for (const v1::PeriodRule rule : {v1::PERIOD_RULE_PREVIOUS_QUARTER, v1::PERIOD_RULE_PREVIOUS_YEAR,
                                    v1::PERIOD_RULE_PREVIOUS_CALENDAR_YEAR}) {
    for (const Day follow_up : {0, 1, 30, 91, 183, 365, 730}) {
      for (Day day = *ParseIsoDay("2026-01-01"); day < *ParseIsoDay("2028-03-05"); ++day) {
        const Period latest = LatestComplete(rule, day, follow_up);
        ASSERT_OK_AND_ASSIGN(const Period again, ParsePeriod(latest.label));
        ASSERT_EQ(again, latest);
        ASSERT_LT(latest.last + follow_up, day);
        // A period of this kind that begins on the day after would end so many days later at the earliest.
        const Day next_last = LatestComplete(rule, latest.last + 400, 0).first > latest.last
                                  ? latest.last + (rule == v1::PERIOD_RULE_PREVIOUS_QUARTER ? 90 : 365)
                                  : latest.last;
        ASSERT_GE(next_last + 2 + follow_up, day)
            << FormatDay(day) << " " << latest.label << " " << follow_up;
      }
    }
  }
}

TEST(PeriodRule, HasOneNameEach) {
  for (const absl::string_view name : PeriodRuleNames()) EXPECT_EQ(NameOf(PeriodRuleNamed(name)), name);
  EXPECT_EQ(PeriodRuleNamed("next-quarter"), v1::PERIOD_RULE_UNSPECIFIED);
}

}  // namespace
}  // namespace waymark::coordinator
