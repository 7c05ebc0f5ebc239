#include "http/routes.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "http/problem.h"

namespace waymark::http {

std::optional<std::string> VariableIn(absl::string_view path, absl::string_view pattern) {
  const std::size_t open = pattern.find('{');
  if (open == absl::string_view::npos) return path == pattern ? std::optional<std::string>("") : std::nullopt;
  const absl::string_view after = pattern.substr(pattern.find('}') + 1);
  if (!absl::ConsumePrefix(&path, pattern.substr(0, open)) || !absl::ConsumeSuffix(&path, after))
    return std::nullopt;
  if (path.empty() || absl::StrContains(path, "/")) return std::nullopt;
  return std::string(path);
}

absl::Status CheckWords(const Words& words, const std::vector<std::string>& known) {
  for (const auto& [name, value] : words) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", name, "\" is no parameter here; ",
          known.empty() ? "there are none" : absl::StrCat("there are ", absl::StrJoin(known, ", "))));
    }
    if (words.count(name) > 1) return absl::InvalidArgumentError(absl::StrCat(name, ": given twice"));
  }
  return absl::OkStatus();
}

Response OnlyRead() {
  Response refused = Problem(405, "METHOD_NOT_ALLOWED", "only GET and HEAD are answered here");
  refused.headers["Allow"] = "GET, HEAD";
  return refused;
}

Response RedirectTo(const std::string& address) {
  return {.status = 303, .headers = {{"Location", address}, {"Cache-Control", "no-store"}}};
}

std::string OwnAddress(const std::string& address) {
  // "//elsewhere" and "/\\elsewhere" would be another server's.
  if (address.empty() || address[0] != '/' || absl::StartsWith(address, "//") ||
      absl::StrContains(address, "\\") || std::any_of(address.begin(), address.end(), [](char c) {
        return absl::ascii_iscntrl(static_cast<unsigned char>(c));
      }))
    return "/";
  return address;
}

}  // namespace waymark::http
