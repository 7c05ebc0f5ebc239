#include "base/day.h"

#include <optional>
#include <string>

#include "base/iso_day.h"
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

// Every byte at every place: only digits at their places and dashes at theirs, and only where the month and
// the day are there.
TEST(Day, ReadsNothingButDigitsAndDashes_AtEveryPlace) {
  const std::string date = "2024-03-15";
  for (std::size_t place = 0; place < date.size(); ++place) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = date;
      text[place] = static_cast<char>(byte);
      const bool dash = place == 4 || place == 7;
      std::optional<Day> expected;
      if (dash ? byte == '-' : byte >= '0' && byte <= '9') {
        expected =
            DayOf({std::stoi(text.substr(0, 4)), std::stoi(text.substr(5, 2)), std::stoi(text.substr(8))});
      }
      EXPECT_EQ(ParseIsoDay(text), expected) << "byte " << byte << " at " << place;
      EXPECT_EQ(IsoDayOrNone(text), expected.value_or(kNoDay)) << "byte " << byte << " at " << place;
    }
  }
}

// Days before the first year that is known and after the last.
TEST(Day, IsACivilDateToo_OutsideTheKnownYears) {
  const CivilDate before = CivilDateOf(*DayOf({1850, 1, 1}) - 1);
  EXPECT_TRUE(before.year == 1849 && before.month == 12 && before.day == 31);
  const CivilDate after = CivilDateOf(*DayOf({2150, 12, 31}) + 1);
  EXPECT_TRUE(after.year == 2151 && after.month == 1 && after.day == 1);
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
