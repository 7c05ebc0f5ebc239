#include "base/day.h"

#include <array>
#include <cstddef>
#include <cstdio>

namespace waymark {
namespace {

constexpr int kFirstYear = 1850;
constexpr int kLastYear = 2150;

bool IsLeap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days_from_civil.
constexpr Day DaysFromCivil(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

// The first day of each month of the years that are known, and of the month after the last.
constexpr auto kFirstDays = [] {
  std::array<Day, 12 * (kLastYear - kFirstYear + 1) + 1> days{};
  for (std::size_t i = 0; i < days.size(); ++i) {
    days[i] = DaysFromCivil(kFirstYear + static_cast<int>(i / 12), static_cast<int>(i % 12) + 1, 1);
  }
  return days;
}();

inline std::optional<Day> KnownDay(CivilDate date) {
  if (date.year < kFirstYear || date.year > kLastYear || date.month < 1 || date.month > 12 || date.day < 1) {
    return std::nullopt;
  }
  const auto month = static_cast<std::size_t>(12 * (date.year - kFirstYear) + date.month - 1);
  const Day day = kFirstDays[month] + date.day - 1;
  if (day >= kFirstDays[month + 1]) return std::nullopt;
  return day;
}

}  // namespace

std::optional<Day> DayOf(CivilDate date) {
  return KnownDay(date);
}

// The same paper's civil_from_days.
CivilDate CivilDateOf(Day day) {
  const int z = day + 719468;
  const int era = (z >= 0 ? z : z - 146096) / 146097;
  const int day_of_era = z - era * 146097;
  const int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted_month = (5 * day_of_year + 2) / 153;
  const int month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {.year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
          .month = month,
          .day = day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

std::optional<Day> ParseIsoDay(absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  bool digits = true;  // found without a branch: files are full of dates
  const auto digit = [&](std::size_t at) {
    const unsigned value = static_cast<unsigned char>(text[at]) - unsigned{'0'};
    digits = digits & (value < 10);
    return static_cast<int>(value);
  };
  const CivilDate date{.year = 1000 * digit(0) + 100 * digit(1) + 10 * digit(2) + digit(3),
                       .month = 10 * digit(5) + digit(6),
                       .day = 10 * digit(8) + digit(9)};
  return digits ? KnownDay(date) : std::nullopt;
}

std::string FormatDay(Day day) {
  if (day == kNoDay) return "";
  const CivilDate date = CivilDateOf(day);
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d", date.year, date.month, date.day);
  return buffer;
}

Day Birthday(CivilDate birth, int years) {
  CivilDate date = birth;
  date.year += years;
  if (date.month == 2 && date.day == 29 && !IsLeap(date.year)) {
    date.month = 3;
    date.day = 1;
  }
  return DaysFromCivil(date.year, date.month, date.day);
}

Day Birthday(Day birth, int years) {
  return Birthday(CivilDateOf(birth), years);
}

int AgeOn(Day birth, Day on) {
  int years = CivilDateOf(on).year - CivilDateOf(birth).year;
  if (Birthday(birth, years) > on) --years;
  return years;
}

}  // namespace waymark
