// Whole calendar days. A Day is a count of days, never an instant: dates pass through no time zone once
// they are read, so adding 183 days means 183 days whatever the clocks did.
#ifndef WAYMARK_BASE_DAY_H_
#define WAYMARK_BASE_DAY_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace waymark {

// Days since 1 January 1970 (day 0), proleptic Gregorian.
using Day = std::int32_t;

// No date: an open episode's end, an unknown birth date. Greater than every real day.
inline constexpr Day kNoDay = std::numeric_limits<Day>::max();

struct CivilDate {
  int year;
  int month;  // 1 to 12
  int day;    // 1 to 31
};

// The day of a civil date, or nothing if there is no such date (31 April) or the year is outside 1850 to
// 2150: no living person's record lies beyond, so such a year is a typing error.
std::optional<Day> DayOf(CivilDate date);
CivilDate CivilDateOf(Day day);

// "2025-04-01" exactly; nothing on any other form or on an impossible date.
std::optional<Day> ParseIsoDay(absl::string_view text);

// "2025-04-01"; "" for kNoDay.
std::string FormatDay(Day day);

// The day on which somebody born on `birth` turns `years`; born on 29 February: 1 March in other years.
Day Birthday(CivilDate birth, int years);
Day Birthday(Day birth, int years);

// Completed years of age on `on`; negative before birth.
int AgeOn(Day birth, Day on);

}  // namespace waymark

#endif  // WAYMARK_BASE_DAY_H_
