#include "coordinator/export/figure_words.h"

#include <cmath>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

std::string Number(double value, int decimals) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  return buffer;
}

int DecimalsOf(const v1::Figure& figure) {
  if (figure.display_unit() == "%") return 1;
  return figure.display_unit() == "days" ? 0 : 2;
}

}  // namespace

std::string ValueText(const v1::Figure& figure) {
  if (figure.status() != v1::FIGURE_STATUS_SHOWN) return std::string(contract::ShorthandOf(figure.status()));
  if (!figure.has_value()) return "[x]";
  const std::string number = Number(figure.value(), DecimalsOf(figure));
  if (figure.display_unit() == "%") return number + "%";
  return figure.display_unit() == "days" ? number + " days" : number;
}

std::string SpanText(const v1::Figure& figure, double lower, double upper) {
  const int decimals = DecimalsOf(figure);
  return absl::StrCat(Number(lower, decimals), " to ", Number(upper, decimals));
}

std::string IntervalText(const v1::Figure& figure) {
  if (figure.status() != v1::FIGURE_STATUS_SHOWN || !figure.has_lower()) return "";
  return figure.has_upper() ? SpanText(figure, figure.lower(), figure.upper())
                            : Number(figure.lower(), DecimalsOf(figure)) + " or more";
}

std::string CountText(bool present, double count) {
  if (!present) return "";
  return Number(count, count == std::floor(count) ? 0 : 1);
}

absl::string_view TravelText(v1::Travel travel) {
  switch (travel) {
    case v1::TRAVEL_NO_CLEAR_CHANGE:
      return "no clear change";
    case v1::TRAVEL_BETTER:
      return "better";
    case v1::TRAVEL_WORSE:
      return "worse";
    case v1::TRAVEL_UP:
      return "up";
    case v1::TRAVEL_DOWN:
      return "down";
    default:
      return "not tested";
  }
}

}  // namespace waymark::coordinator
