#include "coordinator/schedule/cron.h"

#include <array>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kMostBytes = 200;
constexpr std::size_t kFields = 5;

struct Field {
  absl::string_view name;
  int least;
  int most;
  std::vector<absl::string_view> names;  // of the values from `least` on
};

const std::array<Field, kFields>& Fields() {
  static const auto* fields = new std::array<Field, kFields>{
      Field{"minute", 0, 59, {}}, Field{"hour", 0, 23, {}}, Field{"day of the month", 1, 31, {}},
      Field{"month",
            1,
            12,
            {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
      Field{"day of the week", 0, 7, {"sun", "mon", "tue", "wed", "thu", "fri", "sat"}}};
  return *fields;
}

std::optional<int> ValueOf(const Field& field, absl::string_view text) {
  for (std::size_t i = 0; i < field.names.size(); ++i) {
    if (absl::EqualsIgnoreCase(field.names[i], text)) return field.least + static_cast<int>(i);
  }
  const bool digits =
      !text.empty() && text.size() <= 2 && text.find_first_not_of("0123456789") == absl::string_view::npos;
  int value = 0;
  if (!digits || !absl::SimpleAtoi(text, &value) || value < field.least || value > field.most) {
    return std::nullopt;
  }
  return value;
}

// "a", "a-b", "*", each perhaps with "/n".
bool AddPart(const Field& field, absl::string_view part, std::vector<int>& values) {
  const std::vector<absl::string_view> stepped = absl::StrSplit(part, '/');
  if (stepped.size() > 2) return false;
  int first = field.least;
  int last = field.most;
  if (stepped[0] != "*") {
    const std::vector<absl::string_view> ends = absl::StrSplit(stepped[0], '-');
    if (ends.size() > 2) return false;
    const std::optional<int> from = ValueOf(field, ends[0]);
    const std::optional<int> to = ends.size() == 2 ? ValueOf(field, ends[1]) : from;
    if (!from || !to || *to < *from) return false;
    first = *from;
    // "5/15" is "from 5 on", as most crons read it.
    last = ends.size() == 1 && stepped.size() == 2 ? field.most : *to;
  }
  int step = 1;
  if (stepped.size() == 2 && (stepped[1].size() > 2 || !absl::SimpleAtoi(stepped[1], &step) || step < 1)) {
    return false;
  }
  for (int value = first; value <= last; value += step) values.push_back(value);
  return true;
}

template <std::size_t kSize>
absl::Status ReadField(const Field& field, absl::string_view text, std::bitset<kSize>& set) {
  std::vector<int> values;
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    if (AddPart(field, part, values)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "cron: ", field.name, " \"", text, "\": expected *, or numbers from ", field.least, " to ",
        field.most,
        field.names.empty() ? "" : absl::StrCat(" or ", field.names.front(), " to ", field.names.back()),
        ", as \"", field.least + 1, "\", \"", field.least + 1, "-", field.least + 3, "\", \"*/2\" or \"",
        field.least + 1, ",", field.least + 4, "\""));
  }
  // Sunday may be 7.
  for (const int value : values) set.set(static_cast<std::size_t>(value) % kSize);
  return absl::OkStatus();
}

int DaysIn(int month) {
  constexpr std::array<int, 13> kDays = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[static_cast<std::size_t>(month)];
}

// absl::Weekday begins with Monday.
std::size_t FromSunday(absl::Weekday weekday) {
  return (static_cast<std::size_t>(weekday) + 1) % 7;
}

}  // namespace

absl::StatusOr<Cron> Cron::Parse(absl::string_view line) {
  const std::vector<absl::string_view> texts =
      absl::StrSplit(line.substr(0, kMostBytes + 1), absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (line.size() > kMostBytes || texts.size() != kFields) {
    return absl::InvalidArgumentError(absl::StrCat(
        "cron: expected five fields (minute, hour, day of the month, month, day of the week) in at most ",
        kMostBytes, " bytes, as \"0 6 15 1,4,7,10 *\", got ",
        line.size() > kMostBytes ? "more" : absl::StrCat(texts.size())));
  }
  Cron cron;
  RETURN_IF_ERROR(ReadField(Fields()[0], texts[0], cron.minutes_));
  RETURN_IF_ERROR(ReadField(Fields()[1], texts[1], cron.hours_));
  RETURN_IF_ERROR(ReadField(Fields()[2], texts[2], cron.days_));
  RETURN_IF_ERROR(ReadField(Fields()[3], texts[3], cron.months_));
  RETURN_IF_ERROR(ReadField(Fields()[4], texts[4], cron.weekdays_));
  cron.any_day_ = texts[2] == "*";
  cron.any_weekday_ = texts[4] == "*";
  cron.line_ = absl::AsciiStrToLower(absl::StrJoin(texts, " "));
  if (!cron.CanFire()) {
    return absl::InvalidArgumentError(
        absl::StrCat("cron: \"", cron.line_, "\" never fires: none of its months has such a day"));
  }
  return cron;
}

bool Cron::CanFire() const {
  if (any_day_ || !any_weekday_) return true;
  for (int month = 1; month <= 12; ++month) {
    if (!months_.test(static_cast<std::size_t>(month))) continue;
    for (int day = 1; day <= DaysIn(month); ++day) {
      if (days_.test(static_cast<std::size_t>(day))) return true;
    }
  }
  return false;
}

bool Cron::HasDay(absl::CivilDay day) const {
  if (!months_.test(static_cast<std::size_t>(day.month()))) return false;
  const bool of_month = days_.test(static_cast<std::size_t>(day.day()));
  const bool of_week = weekdays_.test(FromSunday(absl::GetWeekday(day)));
  if (any_day_) return of_week;
  if (any_weekday_) return of_month;
  return of_month || of_week;
}

absl::Time Cron::Next(absl::Time after, const absl::TimeZone& zone) const {
  // A line that can fire does so within eight years: 29 February may be that far, around 2100.
  for (absl::CivilDay day = absl::ToCivilDay(after, zone);; ++day) {
    if (!HasDay(day)) continue;
    for (std::size_t hour = 0; hour < hours_.size(); ++hour) {
      if (!hours_.test(hour)) continue;
      for (std::size_t minute = 0; minute < minutes_.size(); ++minute) {
        if (!minutes_.test(minute)) continue;
        const absl::TimeZone::TimeInfo info = zone.At(absl::CivilSecond(
            day.year(), day.month(), day.day(), static_cast<int>(hour), static_cast<int>(minute)));
        const absl::Time due = info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre;
        if (due > after) return due;
      }
    }
  }
}

}  // namespace waymark::coordinator
