#include "http/message.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "crypto/hash.h"

namespace waymark::http {

absl::StatusOr<std::string> OneOf(const Words& words, absl::string_view name) {
  const auto [begin, end] = words.equal_range(std::string(name));
  if (begin == end) return std::string();
  if (std::next(begin) != end) return absl::InvalidArgumentError(absl::StrCat(name, ": given twice"));
  return begin->second;
}

std::string CookieNamed(const Request& request, absl::string_view name) {
  std::string value;
  for (absl::string_view each : absl::StrSplit(request.cookie, ';')) {
    each = absl::StripAsciiWhitespace(each);
    if (!absl::ConsumePrefix(&each, name) || !absl::ConsumePrefix(&each, "=")) continue;
    if (!value.empty()) return "";
    value = std::string(each);
  }
  return value;
}

bool TakesGzip(const Request& request) {
  for (const absl::string_view each : absl::StrSplit(request.accept_encoding, ',')) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(each, absl::MaxSplits(';', 1));
    if (absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(parts.first), "gzip"))
      return !absl::StartsWith(absl::StripAsciiWhitespace(parts.second), "q=0") ||
             absl::StartsWith(absl::StripAsciiWhitespace(parts.second), "q=0.");
  }
  return false;
}

bool IsFromOwnPage(const Request& request) {
  if (!request.fetch_site.empty()) return request.fetch_site == "same-origin";
  if (request.origin.empty() || request.host.empty()) return false;
  return request.origin == absl::StrCat(request.is_https ? "https://" : "http://", request.host);
}

bool NamesTag(absl::string_view header, absl::string_view tag) {
  for (absl::string_view each : absl::StrSplit(header, ',')) {
    each = absl::StripAsciiWhitespace(each);
    absl::ConsumePrefix(&each, "W/");
    if (each == tag || each == "*") return true;
  }
  return false;
}

std::string TagOf(absl::string_view body) {
  return absl::StrCat("\"", absl::BytesToHexString(crypto::Sha256(body).substr(0, 16)), "\"");
}

}  // namespace waymark::http
