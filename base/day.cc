#include "base/day.h"

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstring>

#include "base/iso_day.h"

namespace waymark {
namespace {

constexpr int kFirstYear = 1850;
constexpr int kLastYear = 2150;

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days_from_civil.
constexpr Day DaysFromCivil(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

// The same paper's civil_from_days.
CivilDate CivilFromDays(Day day) {
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

// The first day of each month of the years that are known, and of the month after the last.
constexpr auto kFirstDays = [] {
  std::array<Day, 12 * (kLastYear - kFirstYear + 1) + 1> days{};
  for (std::size_t i = 0; i < days.size(); ++i) {
    days[i] = DaysFromCivil(kFirstYear + static_cast<int>(i / 12), static_cast<int>(i % 12) + 1, 1);
  }
  return days;
}();

// kNoDay where there is no such date.
inline Day KnownDay(CivilDate date) {
  if (date.year < kFirstYear || date.year > kLastYear || date.month < 1 || date.month > 12 || date.day < 1) {
    return kNoDay;
  }
  const auto month = static_cast<std::size_t>(12 * (date.year - kFirstYear) + date.month - 1);
  const Day day = kFirstDays[month] + date.day - 1;
  return day < kFirstDays[month + 1] ? day : kNoDay;
}

std::optional<Day> OrNothing(Day day) {
  return day == kNoDay ? std::nullopt : std::optional<Day>(day);
}

}  // namespace

std::optional<Day> DayOf(CivilDate date) {
  return OrNothing(KnownDay(date));
}

CivilDate CivilDateOf(Day day) {
  if (day < kFirstDays.front() || day >= kFirstDays.back()) return CivilFromDays(day);
  // Months of the mean length lead to the month or to one beside it.
  auto month = static_cast<std::size_t>(std::int64_t{day - kFirstDays.front()} * 4800 / 146097);
  if (kFirstDays[month] > day) --month;
  if (kFirstDays[month + 1] <= day) ++month;
  return {.year = kFirstYear + static_cast<int>(month / 12),
          .month = static_cast<int>(month % 12) + 1,
          .day = day - kFirstDays[month] + 1};
}

// Files are full of dates: all bytes but the century's are looked at together, as one number.
Day IsoDayOrNone(absl::string_view text) {
  if (text.size() != 10) return kNoDay;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text.data() + 2, sizeof bytes);
  // "YY-MM-DD", Y in the lowest byte: the digits become their values, the dashes 0.
  bytes ^= 0x30302D30302D3030;
  // A byte's highest bit is set by what is no digit, or no dash, in its place.
  const std::uint64_t wrong = bytes | (bytes + 0x76767F76767F7676);
  const unsigned millennium = static_cast<unsigned char>(text[0]) - unsigned{'0'};
  const unsigned century = static_cast<unsigned char>(text[1]) - unsigned{'0'};
  if ((wrong & 0x8080808080808080) != 0 || millennium > 9 || century > 9) return kNoDay;
  const std::uint64_t pairs = bytes * 10 + (bytes >> 8U);
  const auto pair_at = [pairs](unsigned byte) { return static_cast<int>(pairs >> (8 * byte) & 0xFFU); };
  return KnownDay({.year = static_cast<int>(1000 * millennium + 100 * century) + pair_at(0),
                   .month = pair_at(3),
                   .day = pair_at(6)});
}

std::optional<Day> ParseIsoDay(absl::string_view text) {
  return OrNothing(IsoDayOrNone(text));
}

std::string FormatDay(Day day) {
  if (day == kNoDay) return "";
  const CivilDate date = CivilDateOf(day);
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d", date.year, date.month, date.day);
  return buffer;
}

Day Birthday(CivilDate birth, int years) {
  const int year = birth.year + years;
  // The 29th of a February that has none comes to 1 March by itself.
  const auto month = static_cast<std::size_t>(12 * (year - kFirstYear) + birth.month - 1);
  if (year >= kFirstYear && year <= kLastYear) return kFirstDays[month] + birth.day - 1;
  return DaysFromCivil(year, birth.month, 1) + birth.day - 1;
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
