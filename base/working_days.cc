#include "base/working_days.h"

#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/status.h"

namespace waymark {
namespace {

constexpr std::size_t kLargestFile = 1 << 20;
constexpr int kLeastAYear = 8;
constexpr std::size_t kDateLength = 10;

// Day 0, 1 January 1970, was a Thursday.
bool IsWeekend(Day day) {
  const int from_monday = ((day + 3) % 7 + 7) % 7;
  return from_monday >= 5;
}

absl::Status Bad(absl::string_view name, std::size_t line, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(name, ":", line, ": ", what));
}

// Dates in the file's order, each later than the one before.
absl::StatusOr<std::vector<Day>> HolidaysIn(absl::string_view text, absl::string_view name) {
  std::vector<Day> days;
  std::size_t number = 0;
  for (const absl::string_view whole : absl::StrSplit(text, '\n')) {
    ++number;
    const absl::string_view line = absl::StripAsciiWhitespace(whole);
    if (line.empty() || line[0] == '#') continue;
    const std::optional<Day> day = ParseIsoDay(line.substr(0, kDateLength));
    if (!day.has_value() || line.size() < kDateLength + 2 || line[kDateLength] != ' ') {
      return Bad(name, number, "expected a date and a name, as \"2025-12-25 Christmas Day\"");
    }
    if (IsWeekend(*day)) {
      return Bad(name, number, absl::StrCat(FormatDay(*day), " is no weekday; give the substitute day"));
    }
    if (!days.empty() && *day <= days.back()) {
      return Bad(name, number, absl::StrCat(FormatDay(*day), " does not follow ", FormatDay(days.back())));
    }
    days.push_back(*day);
  }
  if (days.empty()) return Bad(name, number, "no bank holiday; list those of at least one year");
  return days;
}

absl::Status CheckYears(const std::vector<Day>& holidays, absl::string_view name) {
  std::size_t at = 0;
  for (int year = CivilDateOf(holidays.front()).year; year <= CivilDateOf(holidays.back()).year; ++year) {
    int count = 0;
    for (; at < holidays.size() && CivilDateOf(holidays[at]).year == year; ++at) ++count;
    if (count >= kLeastAYear) continue;
    return absl::InvalidArgumentError(absl::StrCat(name, ": ", year, " has ", count,
                                                   " bank holidays, expected at least ", kLeastAYear,
                                                   "; see https://www.gov.uk/bank-holidays"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<WorkingDays> WorkingDays::Load(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kLargestFile));
  return Parse(text, path);
}

absl::StatusOr<WorkingDays> WorkingDays::Parse(absl::string_view text, absl::string_view name) {
  ASSIGN_OR_RETURN(const std::vector<Day> holidays, HolidaysIn(text, name));
  RETURN_IF_ERROR(CheckYears(holidays, name));
  WorkingDays calendar;
  calendar.first_ = *DayOf({CivilDateOf(holidays.front()).year, 1, 1});
  const Day last = *DayOf({CivilDateOf(holidays.back()).year, 12, 31});
  calendar.before_.reserve(static_cast<std::size_t>(last - calendar.first_) + 2);
  std::int32_t count = 0;
  std::size_t next = 0;
  for (Day day = calendar.first_; day <= last; ++day) {
    calendar.before_.push_back(count);
    const bool holiday = next < holidays.size() && holidays[next] == day;
    if (holiday) ++next;
    if (!holiday && !IsWeekend(day)) ++count;
  }
  calendar.before_.push_back(count);
  return calendar;
}

std::optional<bool> WorkingDays::IsWorkingDay(Day day) const {
  if (!Knows(day)) return std::nullopt;
  const auto at = static_cast<std::size_t>(day - first_);
  return before_[at + 1] > before_[at];
}

std::optional<std::int32_t> WorkingDays::Between(Day start, Day end) const {
  if (end < start || !Knows(start) || !Knows(end)) return std::nullopt;
  return before_[static_cast<std::size_t>(end - first_) + 1] -
         before_[static_cast<std::size_t>(start - first_) + 1];
}

std::string WorkingDays::YearsInWords() const {
  if (first_ == kNoDay) return "no year";
  return absl::StrCat(CivilDateOf(first_).year, " to ", CivilDateOf(last()).year);
}

}  // namespace waymark
