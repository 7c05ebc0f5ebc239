#include "coordinator/web/page.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "http/target.h"

namespace waymark::coordinator {

std::string AddressWords(const std::vector<std::pair<std::string, std::string>>& words) {
  std::string text;
  for (const auto& [name, value] : words) {
    if (!value.empty())
      absl::StrAppend(&text, text.empty() ? "?" : "&", name, "=", http::EncodeForAddress(value));
  }
  return text;
}

std::string DayText(std::int64_t unix_s) {
  return absl::FormatTime("%-d %B %Y", absl::FromUnixSeconds(unix_s), absl::UTCTimeZone());
}

}  // namespace waymark::coordinator
