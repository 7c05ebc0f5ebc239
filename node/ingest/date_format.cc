#include "node/ingest/date_format.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr absl::string_view kDirectives = "YmdHMSbyz";

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Takes at least `least` and at most `most` digits from the front of `text`.
bool TakeNumber(absl::string_view& text, std::size_t least, std::size_t most, int& number) {
  number = 0;
  std::size_t count = 0;
  while (count < most && count < text.size() && IsDigit(text[count]))
    number = number * 10 + (text[count++] - '0');
  text.remove_prefix(count);
  return count >= least;
}

// "Jan" or "January"; 0 if neither.
int TakeMonthName(absl::string_view& text) {
  constexpr absl::string_view kNames[] = {"january",   "february", "march",    "april",
                                          "may",       "june",     "july",     "august",
                                          "september", "october",  "november", "december"};
  for (int month = 0; month < 12; ++month) {
    for (const std::size_t length : {kNames[month].size(), std::size_t{3}}) {
      if (!absl::StartsWithIgnoreCase(text, kNames[month].substr(0, length))) continue;
      text.remove_prefix(length);
      return month + 1;
    }
  }
  return 0;
}

// Z, +0100, +01:00 or +01, as seconds east of Greenwich.
bool TakeOffset(absl::string_view& text, int& seconds) {
  seconds = 0;
  if (text.empty()) return false;
  const char sign = text[0];
  text.remove_prefix(1);
  if (sign == 'Z' || sign == 'z') return true;
  if (sign != '+' && sign != '-') return false;
  int hours = 0;
  int minutes = 0;
  if (!TakeNumber(text, 2, 2, hours) || hours > 14) return false;
  if (!text.empty() && text[0] == ':') {
    text.remove_prefix(1);
    if (!TakeNumber(text, 2, 2, minutes)) return false;
  } else if (!text.empty() && IsDigit(text[0])) {
    if (!TakeNumber(text, 2, 2, minutes)) return false;
  }
  if (minutes > 59) return false;
  seconds = (hours * 60 + minutes) * 60 * (sign == '-' ? -1 : 1);
  return true;
}

absl::StatusOr<absl::TimeZone> Zone(absl::string_view name) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(name, &zone)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", name, "\" is no known time zone; expected one as Europe/London or UTC"));
  }
  return zone;
}

}  // namespace

struct DateFormat::Moment {
  CivilDate date{};
  int hour = 0;
  int minute = 0;
  int second = 0;
  int offset_seconds = 0;
};

absl::StatusOr<DateFormat> DateFormat::Compile(absl::string_view format, absl::string_view time_zone,
                                               absl::string_view local_zone) {
  DateFormat compiled;
  std::string seen;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      compiled.tokens_.push_back({0, format[i]});
      continue;
    }
    const char directive = ++i < format.size() ? format[i] : '\0';
    if (directive == '%') {
      compiled.tokens_.push_back({0, '%'});
    } else if (directive != '\0' && absl::StrContains(kDirectives, directive)) {
      compiled.tokens_.push_back({directive, 0});
      seen.push_back(directive);
    } else {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", format, "\" is no date format; expected %Y, %m, %d, %H, %M, %S, %b, %y or %z after each %"));
    }
  }
  const auto has = [&](char directive) { return absl::StrContains(seen, directive); };
  if (!(has('Y') || has('y')) || !(has('m') || has('b')) || !has('d')) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", format, "\" lacks a year, a month or a day; expected one as %Y-%m-%d or %d/%m/%Y"));
  }
  compiled.has_time_ = has('H');
  compiled.has_zone_ = has('z');
  compiled.iso_date_ = format == "%Y-%m-%d";
  ASSIGN_OR_RETURN(compiled.time_zone_, Zone(time_zone));
  ASSIGN_OR_RETURN(compiled.local_zone_, Zone(local_zone));
  compiled.same_zone_ = time_zone == local_zone;
  return compiled;
}

bool DateFormat::Match(const Token& token, bool tight, absl::string_view& text, Moment& moment) const {
  const std::size_t least = tight ? 2 : 1;
  switch (token.directive) {
    case 'Y':
      return TakeNumber(text, 4, 4, moment.date.year);
    case 'y':
      if (!TakeNumber(text, 2, 2, moment.date.year)) return false;
      moment.date.year += moment.date.year < 50 ? 2000 : 1900;
      return true;
    case 'm':
      return TakeNumber(text, least, 2, moment.date.month);
    case 'b':
      moment.date.month = TakeMonthName(text);
      return moment.date.month != 0;
    case 'd':
      return TakeNumber(text, least, 2, moment.date.day);
    case 'H':
      return TakeNumber(text, least, 2, moment.hour) && moment.hour < 24;
    case 'M':
      return TakeNumber(text, 2, 2, moment.minute) && moment.minute < 60;
    case 'S': {
      int fraction = 0;
      if (!TakeNumber(text, 2, 2, moment.second) || moment.second > 60) return false;
      if (text.size() < 2 || text[0] != '.' || !IsDigit(text[1])) return true;
      text.remove_prefix(1);
      return TakeNumber(text, 1, 9, fraction);
    }
    default:
      return TakeOffset(text, moment.offset_seconds);
  }
}

std::optional<Day> DateFormat::Parse(absl::string_view text) const {
  if (iso_date_) {
    if (const auto day = ParseIsoDay(text)) return day;
  }
  text = absl::StripAsciiWhitespace(text);
  Moment moment;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    // Digits that touch those of a neighbour can only be told apart by their number.
    const auto is_number = [&](std::size_t at) {
      return at < tokens_.size() && tokens_[at].directive != 0 && tokens_[at].directive != 'z';
    };
    const bool tight = is_number(i + 1) || (i > 0 && is_number(i - 1));
    if (token.directive != 0) {
      if (!Match(token, tight, text, moment)) return std::nullopt;
    } else if (token.literal == ' ') {
      text = absl::StripLeadingAsciiWhitespace(text);
    } else {
      if (text.empty() || text[0] != token.literal) return std::nullopt;
      text.remove_prefix(1);
    }
  }
  if (!text.empty()) return std::nullopt;
  return DayOfMoment(moment);
}

std::optional<Day> DateFormat::DayOfMoment(const Moment& moment) const {
  // Beyond the years that base/day.h knows, only whether there is such a date is asked.
  CivilDate date = moment.date;
  const bool far = date.year > 2150;
  if (far) date.year = 2000 + date.year % 100;
  const std::optional<Day> day = DayOf(date);
  if (!day) return std::nullopt;
  if (far) return kFarFuture;
  if (!has_time_ || (!has_zone_ && same_zone_)) return day;
  const absl::CivilSecond second(date.year, date.month, date.day, moment.hour, moment.minute, moment.second);
  // A local time that the clocks skip or repeat is taken as it was before they changed.
  const absl::Time at =
      has_zone_ ? absl::FromCivil(second, absl::UTCTimeZone()) - absl::Seconds(moment.offset_seconds)
                : time_zone_.At(second).pre;
  const absl::CivilDay local = absl::ToCivilDay(at, local_zone_);
  return DayOf({.year = static_cast<int>(local.year()), .month = local.month(), .day = local.day()});
}

}  // namespace waymark::node
