#include "published/years.h"

#include "tests/testing/status_matchers.h"

namespace waymark::published {
namespace {

using M = v1::PublishedMeasure;

std::string Label(absl::string_view text, M::Year year) {
  const auto period = YearOf(text, year);
  return period.has_value() ? period->label + " " + FormatDay(period->first) + " " + FormatDay(period->last)
                            : "none";
}

TEST(YearsTest, ReadsEveryFormOfTheFiles) {
  const std::string year = "2024-25 2024-04-01 2025-03-31";
  for (const char* text : {"2025", "202425", "2024-25", "2024/25", "2024-25 (OT)", " 2024-25 "})
    EXPECT_EQ(Label(text, M::YEAR_FINANCIAL), year) << text;
  EXPECT_EQ(Label("2023/24", M::YEAR_ACADEMIC), "2023/24 2023-09-01 2024-08-31");
  EXPECT_EQ(Label("2024", M::YEAR_CALENDAR), "2024 2024-01-01 2024-12-31");
  EXPECT_EQ(Label("2025", M::YEAR_31_MARCH), "31 March 2025 2025-03-31 2025-03-31");
  EXPECT_EQ(Label("2024", M::YEAR_30_JUNE), "30 June 2024 2024-06-30 2024-06-30");
  EXPECT_EQ(Label("2025", M::YEAR_TO_30_SEPTEMBER), "year to 30 September 2025 2024-10-01 2025-09-30");
  EXPECT_EQ(Label("1999/00", M::YEAR_FINANCIAL), "1999-00 1999-04-01 2000-03-31");
}

TEST(YearsTest, Refuses_WhatIsNoYear) {
  for (const char* text : {"", "25", "202", "20245", "202426", "2024-26", "2024-2025", "2024Q1", "abcd",
                           "1066", "9999", "2024 25x5", "-2024"}) {
    const bool plain_year = absl::string_view(text) == "2024 25x5";  // what follows a space is a remark
    EXPECT_EQ(YearOf(text, M::YEAR_FINANCIAL).has_value(), plain_year) << text;
  }
}

}  // namespace
}  // namespace waymark::published
