#include "base/period.h"

#include "tests/testing/status_matchers.h"

namespace waymark {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

std::string Span(const char* text) {
  const auto period = ParsePeriod(text);
  if (!period.ok()) return std::string(period.status().message());
  return FormatDay(period->first) + " " + FormatDay(period->last);
}

TEST(Period, TakesEachForm) {
  EXPECT_EQ(Span("2024-25"), "2024-04-01 2025-03-31");
  EXPECT_EQ(Span("1999-00"), "1999-04-01 2000-03-31");
  EXPECT_EQ(Span("2024-25-Q1"), "2024-04-01 2024-06-30");
  EXPECT_EQ(Span("2024-25-Q2"), "2024-07-01 2024-09-30");
  EXPECT_EQ(Span("2024-25-Q3"), "2024-10-01 2024-12-31");
  EXPECT_EQ(Span("2023-24-Q4"), "2024-01-01 2024-03-31");
  EXPECT_EQ(Span("2014"), "2014-01-01 2014-12-31");
  EXPECT_EQ(Span("2014-02-01..2014-02-28"), "2014-02-01 2014-02-28");
}

TEST(Period, RefusesOthers_SayingTheForms) {
  for (const char* text : {"", "24", "2024-26", "2024-25-Q5", "2024-25-q1", "2024-Q1",
                           "2024-02-30..2024-03-01", "2024-03-02..2024-03-01", "2000-01-01..2020-01-01",
                           "1800", "2024-25-Q", "2150-06-01..2150-06-02", "1850-01-01..1850-01-02"}) {
    EXPECT_THAT(ParsePeriod(text), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("2024-25")))
        << text;
  }
}

TEST(Period, FinancialYearTurnsOnTheFirstOfApril) {
  EXPECT_EQ(FinancialYearOf(*ParseIsoDay("2025-03-31")).label, "2024-25");
  EXPECT_EQ(FinancialYearOf(*ParseIsoDay("2025-04-01")).label, "2025-26");
  EXPECT_EQ(FinancialQuarterOf(*ParseIsoDay("2025-01-01")).label, "2024-25-Q4");
}

TEST(Period, QuartersHaveNumbersOneAfterAnother) {
  EXPECT_EQ(QuarterNumberOf(*ParseIsoDay("1900-03-31")), 0);
  EXPECT_EQ(QuarterNumbered(0).label, "1899-00-Q4");
  for (Day day = *ParseIsoDay("1999-01-01"); day <= *ParseIsoDay("2001-12-31"); ++day) {
    ASSERT_EQ(QuarterNumbered(QuarterNumberOf(day)).label, FinancialQuarterOf(day).label) << FormatDay(day);
  }
  EXPECT_EQ(QuarterNumberOf(*ParseIsoDay("2024-04-01")), QuarterNumberOf(*ParseIsoDay("2024-03-31")) + 1);
}

TEST(Period, HoldsALeapDayInItsQuarter) {
  EXPECT_EQ(FinancialQuarterOf(*ParseIsoDay("2024-02-29")).label, "2023-24-Q4");
  EXPECT_EQ(FinancialQuarterOf(*ParseIsoDay("2024-02-29")).days(), 91);
  EXPECT_EQ(FinancialQuarterOf(*ParseIsoDay("2023-02-28")).days(), 90);
  EXPECT_EQ(FinancialYearOf(*ParseIsoDay("2024-02-29")).days(), 366);
}

TEST(Period, QuartersTileTheYear) {
  const auto year = ParsePeriod("2024-25");
  const auto quarters = QuartersWithin(*year);
  ASSERT_EQ(quarters.size(), 4u);
  EXPECT_EQ(quarters.front().first, year->first);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(quarters[i].first, quarters[i - 1].last + 1);
  EXPECT_EQ(quarters.back().last, year->last);
}

}  // namespace
}  // namespace waymark
