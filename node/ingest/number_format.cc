#include "node/ingest/number_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

namespace waymark::node {
namespace {

constexpr std::int64_t kSecondsADay = 86'400;
constexpr double kLastSerial = 2'958'466;  // 1 January 10000, from 1900
constexpr std::int64_t kFalseLeapDay = 60;
constexpr std::int64_t kFrom1904 = 1462;                 // days from the one beginning to the other
constexpr double kLargestExact = 9'007'199'254'740'992;  // 2^53

// The letters of a format code that stand for something: without texts in quotes, characters after a
// backslash, an underscore or an asterisk, and brackets (colours, conditions, locales, spans of time as [h]).
// Only the part for positive numbers.
std::string Letters(absl::string_view code) {
  std::string letters;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = absl::ascii_tolower(static_cast<unsigned char>(code[i]));
    if (c == ';') break;
    if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == '"' || c == '[') {
      i = std::min(code.size(), code.find(c == '"' ? '"' : ']', i + 1));
    } else if (absl::ascii_isalpha(static_cast<unsigned char>(c))) {
      letters.push_back(c);
    }
  }
  return letters;
}

}  // namespace

bool IsDateFormat(int number) {
  // 18 to 21 and 45 to 47 are times; 27 to 36 and 50 to 58 are dates in East Asian locales.
  return (number >= 14 && number <= 17) || number == 22 || (number >= 27 && number <= 31) || number == 36 ||
         (number >= 50 && number <= 54) || number == 57 || number == 58;
}

bool IsDateFormat(absl::string_view code) {
  const std::string letters = Letters(code);
  if (letters == "general") return false;
  // "mmm yy" has a year, "dd mmm" a day. An m alone may be minutes, and a month alone is no date.
  return letters.find_first_of("yd") != std::string::npos;
}

std::optional<std::string> SerialDate(double serial, bool from_1904) {
  if (!(serial >= 0) || serial >= kLastSerial) return std::nullopt;
  const auto seconds = static_cast<std::int64_t>(std::llround(serial * static_cast<double>(kSecondsADay)));
  std::int64_t days = seconds / kSecondsADay;
  const std::int64_t time = seconds % kSecondsADay;
  if (from_1904) days += kFrom1904;
  std::string text;
  if (days == kFalseLeapDay) {
    text = "1900-02-29";
  } else if (days == 0) {
    return std::nullopt;  // a time of day without a day
  } else {
    const absl::CivilDay day = absl::CivilDay(1899, 12, 31) + (days > kFalseLeapDay ? days - 1 : days);
    if (day.year() > 9999) return std::nullopt;
    text = absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
  }
  if (time == 0) return text;
  return absl::StrCat(text, absl::StrFormat(" %02d:%02d:%02d", time / 3600, time / 60 % 60, time % 60));
}

std::string NumberText(absl::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  double number = 0;
  if (plain || !absl::SimpleAtod(text, &number) || !std::isfinite(number)) return std::string(text);
  if (number == std::floor(number) && std::abs(number) <= kLargestExact) {
    return absl::StrCat(static_cast<std::int64_t>(number));
  }
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return std::string(digits.data(), end.ptr);
}

}  // namespace waymark::node
