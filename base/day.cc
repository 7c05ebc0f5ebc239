#include "base/day.h"

#include <cstdio>

namespace waymark {
namespace {

constexpr int kFirstYear = 1850;
constexpr int kLastYear = 2150;

bool IsLeap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int DaysInMonth(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[month - 1];
}

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days_from_civil.
Day DaysFromCivil(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

bool ParseDigits(absl::string_view text, int& out) {
  out = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    out = out * 10 + (c - '0');
  }
  return !text.empty();
}

}  // namespace

std::optional<Day> DayOf(CivilDate date) {
  if (date.year < kFirstYear || date.year > kLastYear || date.month < 1 || date.month > 12 || date.day < 1 ||
      date.day > DaysInMonth(date.year, date.month)) {
    return std::nullopt;
  }
  return DaysFromCivil(date.year, date.month, date.day);
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
  CivilDate date{};
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (!ParseDigits(text.substr(0, 4), date.year) || !ParseDigits(text.substr(5, 2), date.month) ||
      !ParseDigits(text.substr(8, 2), date.day)) {
    return std::nullopt;
  }
  return DayOf(date);
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
