#include "http/target.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/status.h"

namespace waymark::http {
namespace {

constexpr std::size_t kMostParameters = 64;

enum class Part { kPath, kName, kQueryValue, kFormValue };

bool IsAllowed(char c, Part part) {
  if (part == Part::kFormValue && (c == '\n' || c == '\r' || c == '\t')) return true;
  return !absl::ascii_iscntrl(static_cast<unsigned char>(c));
}

absl::StatusOr<std::string> Decoded(absl::string_view text, Part part) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 1])) ||
          !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 2])))
        return absl::InvalidArgumentError("the address has a % that no two hexadecimal digits follow");
      c = absl::HexStringToBytes(text.substr(i + 1, 2))[0];
      i += 2;
    } else if (c == '+' && part != Part::kPath) {
      c = ' ';
    }
    if (!IsAllowed(c, part)) return absl::InvalidArgumentError("the address has a control character");
    decoded += c;
  }
  return decoded;
}

absl::StatusOr<Words> ParseWords(absl::string_view text, Part value_part) {
  Words words;
  for (const absl::string_view part : absl::StrSplit(text, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    ASSIGN_OR_RETURN(std::string name, Decoded(pair.first, Part::kName));
    ASSIGN_OR_RETURN(std::string value, Decoded(pair.second, value_part));
    words.emplace(std::move(name), std::move(value));
    if (words.size() > kMostParameters)
      return absl::InvalidArgumentError(
          absl::StrCat("the address has more than ", kMostParameters, " parameters"));
  }
  return words;
}

}  // namespace

absl::StatusOr<Request> ParseTarget(absl::string_view target) {
  if (target.empty() || target[0] != '/') return absl::InvalidArgumentError("the address begins with no /");
  const std::pair<absl::string_view, absl::string_view> halves =
      absl::StrSplit(target, absl::MaxSplits('?', 1));
  Request request;
  ASSIGN_OR_RETURN(request.path, Decoded(halves.first, Part::kPath));
  ASSIGN_OR_RETURN(request.query, ParseWords(halves.second, Part::kQueryValue));
  return request;
}

absl::StatusOr<Words> ParseForm(absl::string_view body) {
  return ParseWords(body, Part::kFormValue);
}

std::string EncodeForAddress(absl::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("-._~", c)) {
      encoded += c;
    } else {
      absl::StrAppendFormat(&encoded, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

}  // namespace waymark::http
