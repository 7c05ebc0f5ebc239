#include "published/years.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace waymark::published {
namespace {

constexpr int kFirstYear = 1990;
constexpr int kLastYear = 2100;

bool Digits(absl::string_view text, int& number) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return absl::SimpleAtoi(text, &number);
}

// The later year that the text names; nothing where it names none.
std::optional<int> LaterYear(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  text = text.substr(0, text.find(' '));  // "2016-17 (OT)": outturn
  int first = 0;
  if (text.size() < 4 || !Digits(text.substr(0, 4), first)) return std::nullopt;
  if (first < kFirstYear || first > kLastYear) return std::nullopt;
  absl::string_view rest = text.substr(4);
  if (rest.empty()) return first;
  if (rest.size() == 3 && (rest[0] == '-' || rest[0] == '/')) rest.remove_prefix(1);
  int second = 0;
  if (rest.size() != 2 || !Digits(rest, second) || second != (first + 1) % 100) return std::nullopt;
  return first + 1;
}

Period Span(std::string label, CivilDate first, CivilDate last) {
  return {.label = std::move(label), .first = *DayOf(first), .last = *DayOf(last)};
}

}  // namespace

std::optional<Period> YearOf(absl::string_view text, v1::PublishedMeasure::Year year) {
  const std::optional<int> later = LaterYear(text);
  if (!later.has_value()) return std::nullopt;
  const int y = *later;
  switch (year) {
    case v1::PublishedMeasure::YEAR_FINANCIAL:
      return Span(absl::StrFormat("%d-%02d", y - 1, y % 100), {y - 1, 4, 1}, {y, 3, 31});
    case v1::PublishedMeasure::YEAR_ACADEMIC:
      return Span(absl::StrFormat("%d/%02d", y - 1, y % 100), {y - 1, 9, 1}, {y, 8, 31});
    case v1::PublishedMeasure::YEAR_CALENDAR:
      return Span(absl::StrCat(y), {y, 1, 1}, {y, 12, 31});
    case v1::PublishedMeasure::YEAR_31_MARCH:
      return Span(absl::StrCat("31 March ", y), {y, 3, 31}, {y, 3, 31});
    case v1::PublishedMeasure::YEAR_30_JUNE:
      return Span(absl::StrCat("30 June ", y), {y, 6, 30}, {y, 6, 30});
    case v1::PublishedMeasure::YEAR_TO_30_SEPTEMBER:
      return Span(absl::StrCat("year to 30 September ", y), {y - 1, 10, 1}, {y, 9, 30});
    default:
      return std::nullopt;
  }
}

}  // namespace waymark::published
