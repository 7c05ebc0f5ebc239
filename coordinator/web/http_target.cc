#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "coordinator/web/http_server.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kMostParameters = 64;

absl::StatusOr<std::string> Decoded(absl::string_view text, bool is_query) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 1])) ||
          !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 2])))
        return absl::InvalidArgumentError("the address has a % that no two hexadecimal digits follow");
      c = absl::HexStringToBytes(text.substr(i + 1, 2))[0];
      i += 2;
    } else if (c == '+' && is_query) {
      c = ' ';
    }
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c)))
      return absl::InvalidArgumentError("the address has a control character");
    decoded += c;
  }
  return decoded;
}

}  // namespace

absl::StatusOr<HttpRequest> ParseTarget(const std::string& target) {
  if (target.empty() || target[0] != '/') return absl::InvalidArgumentError("the address begins with no /");
  const std::pair<absl::string_view, absl::string_view> halves =
      absl::StrSplit(target, absl::MaxSplits('?', 1));
  HttpRequest request;
  ASSIGN_OR_RETURN(request.path, Decoded(halves.first, /*is_query=*/false));
  for (const absl::string_view part : absl::StrSplit(halves.second, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    ASSIGN_OR_RETURN(std::string name, Decoded(pair.first, /*is_query=*/true));
    ASSIGN_OR_RETURN(std::string value, Decoded(pair.second, /*is_query=*/true));
    request.query.emplace(std::move(name), std::move(value));
    if (request.query.size() > kMostParameters)
      return absl::InvalidArgumentError(
          absl::StrCat("the address has more than ", kMostParameters, " parameters"));
  }
  return request;
}

}  // namespace waymark::coordinator
