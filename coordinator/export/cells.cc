#include "coordinator/export/cells.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/csv.h"

namespace waymark::coordinator {

ExportCell NumberCell(bool present, double number) {
  if (!present) return {};
  if (number == std::floor(number) && std::fabs(number) < 1e15) return static_cast<std::int64_t>(number);
  return number;
}

std::string CsvCellOf(const ExportCell& cell) {
  if (const auto* const whole = std::get_if<std::int64_t>(&cell)) return absl::StrCat(*whole);
  // As few digits as give the number back.
  if (const auto* const number = std::get_if<double>(&cell)) return nlohmann::json(*number).dump();
  const auto* const text = std::get_if<std::string>(&cell);
  if (text == nullptr) return "";
  const bool is_formula = !text->empty() && absl::StrContains("=+-@\t\r", text->substr(0, 1));
  return CsvField(is_formula ? absl::StrCat("'", *text) : *text);
}

std::string UtcText(std::int64_t unix_s) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(unix_s), absl::UTCTimeZone());
}

}  // namespace waymark::coordinator
