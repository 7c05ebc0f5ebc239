#include "base/period.h"

#include <cstdio>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace waymark {
namespace {

constexpr int kLongestSpanDays = 3660;
// Far enough inside what DayOf takes that a look-back and a follow-up of decades stay inside it too.
constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2100;

Day Must(int year, int month, int day) {
  return *DayOf({year, month, day});
}

bool Number(absl::string_view text, int& out) {
  out = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    out = out * 10 + (c - '0');
  }
  return !text.empty() && text.size() <= 4;
}

std::string YearLabel(int year) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d", year, (year + 1) % 100);
  return buffer;
}

Period FinancialYear(int year) {
  return {.label = YearLabel(year), .first = Must(year, 4, 1), .last = Must(year + 1, 3, 31)};
}

// `quarter` 1 to 4; the fourth lies in the next calendar year.
Period FinancialQuarter(int year, int quarter) {
  const int month = quarter == 4 ? 1 : 3 * quarter + 1;
  const int in_year = quarter == 4 ? year + 1 : year;
  const Day next = quarter == 3 ? Must(year + 1, 1, 1) : Must(in_year, month + 3, 1);
  return {.label = absl::StrCat(YearLabel(year), "-Q", quarter),
          .first = Must(in_year, month, 1),
          .last = next - 1};
}

absl::Status BadPeriod(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("period \"", text, "\": ", why,
                   "; write 2024-25 (financial year), 2024-25-Q1 (its quarter), 2024 (calendar year) or "
                   "2024-01-01..2024-06-30"));
}

}  // namespace

absl::StatusOr<Period> ParsePeriod(absl::string_view text) {
  if (const auto dots = text.find(".."); dots != absl::string_view::npos) {
    const auto first = ParseIsoDay(text.substr(0, dots));
    const auto last = ParseIsoDay(text.substr(dots + 2));
    if (!first || !last) return BadPeriod(text, "a date is missing or impossible");
    if (CivilDateOf(*first).year < kFirstYear || CivilDateOf(*last).year > kLastYear) {
      return BadPeriod(text, "the year is outside 1900 to 2100");
    }
    if (*last < *first) return BadPeriod(text, "it ends before it starts");
    if (*last - *first >= kLongestSpanDays) return BadPeriod(text, "it is longer than ten years");
    return Period{.label = std::string(text), .first = *first, .last = *last};
  }
  int year = 0;
  if (text.size() < 4 || !Number(text.substr(0, 4), year)) return BadPeriod(text, "not a period");
  if (year < kFirstYear || year > kLastYear) return BadPeriod(text, "the year is outside 1900 to 2100");
  if (text.size() == 4) {
    return Period{.label = std::string(text), .first = Must(year, 1, 1), .last = Must(year, 12, 31)};
  }
  int following = 0;
  if (text.size() < 7 || text[4] != '-' || !Number(text.substr(5, 2), following)) {
    return BadPeriod(text, "not a period");
  }
  if (following != (year + 1) % 100) {
    return BadPeriod(text,
                     absl::StrCat("a financial year spans two years that follow, as ", YearLabel(year)));
  }
  if (text.size() == 7) return FinancialYear(year);
  if (text.size() != 10 || text.substr(7, 2) != "-Q" || text[9] < '1' || text[9] > '4') {
    return BadPeriod(text, "quarters are -Q1 to -Q4");
  }
  return FinancialQuarter(year, text[9] - '0');
}

Period FinancialYearOf(Day day) {
  const CivilDate date = CivilDateOf(day);
  return FinancialYear(date.month >= 4 ? date.year : date.year - 1);
}

Period FinancialQuarterOf(Day day) {
  const CivilDate date = CivilDateOf(day);
  const int year = date.month >= 4 ? date.year : date.year - 1;
  const int quarter = date.month >= 4 ? (date.month - 1) / 3 : 4;
  return FinancialQuarter(year, quarter);
}

int QuarterNumberOf(Day day) {
  const CivilDate date = CivilDateOf(day);
  return (date.year - kFirstYear) * 4 + (date.month - 1) / 3;
}

Period QuarterNumbered(int number) {
  return FinancialQuarterOf(Must(kFirstYear + number / 4, number % 4 * 3 + 1, 1));
}

std::vector<Period> QuartersWithin(const Period& period) {
  std::vector<Period> quarters;
  for (Period q = FinancialQuarterOf(period.first); q.last <= period.last;
       q = FinancialQuarterOf(q.last + 1)) {
    if (q.first >= period.first) quarters.push_back(q);
  }
  return quarters;
}

}  // namespace waymark
