#include "base/day.h"

#include "tests/testing/status_matchers.h"

namespace waymark {
namespace {

TEST(Day, IsDaysSinceTheEpoch) {
  EXPECT_EQ(DayOf({1970, 1, 1}), 0);
  EXPECT_EQ(DayOf({2000, 3, 1}), 11017);
  EXPECT_EQ(DayOf({1969, 12, 31}), -1);
}

TEST(Day, RoundTripsEveryDay_Of300Years) {
  Day expected = *DayOf({1850, 1, 1});
  for (int year = 1850; year <= 2150; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= 31; ++day) {
        const auto got = DayOf({year, month, day});
        if (!got) continue;
        ASSERT_EQ(*got, expected++) << year << "-" << month << "-" << day;
        const CivilDate back = CivilDateOf(*got);
        ASSERT_TRUE(back.year == year && back.month == month && back.day == day);
        ASSERT_EQ(ParseIsoDay(FormatDay(*got)), *got);
      }
    }
  }
  EXPECT_EQ(expected, *DayOf({2150, 12, 31}) + 1);
}

TEST(Day, RefusesWhatIsNoDate) {
  for (const char* text :
       {"", "2025-02-29", "2025-04-31", "2025-13-01", "2025-00-10", "2025-1-01", "01-02-2025", "2025/01/01",
        "2025-01-01 ", "1849-12-31", "2151-01-01", "20a5-01-01", "2025-01-00"}) {
    EXPECT_FALSE(ParseIsoDay(text).has_value()) << text;
  }
}

TEST(Day, NoDayFormatsAsNothing) {
  EXPECT_EQ(FormatDay(kNoDay), "");
}

TEST(Birthday, OfALeapDayIsTheFirstOfMarch_InCommonYears) {
  const Day birth = *ParseIsoDay("2004-02-29");
  EXPECT_EQ(FormatDay(Birthday(birth, 18)), "2022-03-01");
  EXPECT_EQ(FormatDay(Birthday(birth, 16)), "2020-02-29");
  EXPECT_EQ(AgeOn(birth, *ParseIsoDay("2022-02-28")), 17);
  EXPECT_EQ(AgeOn(birth, *ParseIsoDay("2022-03-01")), 18);
}

TEST(Birthday, AgeIsNegativeBeforeBirth) {
  EXPECT_EQ(AgeOn(*ParseIsoDay("2024-06-01"), *ParseIsoDay("2024-05-31")), -1);
  EXPECT_EQ(AgeOn(*ParseIsoDay("2024-06-01"), *ParseIsoDay("2024-06-01")), 0);
}

}  // namespace
}  // namespace waymark
