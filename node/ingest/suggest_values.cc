#include "node/ingest/suggest_values.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace waymark::node {
namespace {

// Ways to write a day; of two that fit as well the first is taken, so that day/month goes before month/day.
constexpr const char* kDateFormats[] = {"%Y-%m-%d",
                                        "%d/%m/%Y",
                                        "%Y-%m-%d %H:%M:%S",
                                        "%Y-%m-%dT%H:%M:%S",
                                        "%d/%m/%Y %H:%M:%S",
                                        "%d/%m/%Y %H:%M",
                                        "%Y-%m-%d %H:%M",
                                        "%d-%b-%Y",
                                        "%d %b %Y",
                                        "%d.%m.%Y",
                                        "%d-%m-%Y",
                                        "%Y/%m/%d",
                                        "%Y%m%d",
                                        "%d/%m/%y",
                                        "%d-%b-%y",
                                        "%Y-%m-%d %H:%M:%S%z",
                                        "%Y-%m-%dT%H:%M:%S%z",
                                        "%m/%d/%Y",
                                        "%m/%d/%Y %H:%M:%S",
                                        "%m/%d/%Y %H:%M"};
constexpr std::pair<absl::string_view, absl::string_view> kOtherWay[] = {
    {"%d/%m/%Y", "%m/%d/%Y"},
    {"%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S"},
    {"%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"}};

}  // namespace

DateFormat CompiledFormat(absl::string_view format) {
  return *DateFormat::Compile(format, "Europe/London", "Europe/London");  // of the table above: always OK
}

bool IsBlank(absl::string_view value) {
  return value.empty() || absl::EqualsIgnoreCase(value, "null");
}

std::optional<double> DateShare(const std::vector<std::string>& values, absl::string_view format) {
  const DateFormat compiled = CompiledFormat(format);
  return Share(values, [&](const std::string& value) { return compiled.Parse(value).has_value(); });
}

absl::string_view FormatOfColumn(const std::vector<std::string>& values) {
  for (const char* const format : kDateFormats) {
    if (DateShare(values, format).value_or(0) >= kMostly) return format;
  }
  return "";
}

absl::string_view MostUsed(const std::vector<absl::string_view>& formats) {
  absl::string_view best;
  std::ptrdiff_t most = 0;
  for (const absl::string_view format : kDateFormats) {
    const auto votes = std::count(formats.begin(), formats.end(), format);
    if (votes <= most) continue;
    most = votes;
    best = format;
  }
  return best;
}

absl::string_view MonthFirst(absl::string_view format) {
  for (const auto& [day_first, month_first] : kOtherWay) {
    if (format == day_first) return month_first;
  }
  return "";
}

std::map<std::string, std::int64_t> Counts(const std::vector<std::string>& values) {
  std::map<std::string, std::int64_t> counts;
  for (const std::string& value : values) {
    if (!IsBlank(value)) ++counts[value];
  }
  return counts;
}

std::string TomlText(absl::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20 || byte == 0x7F) {
      absl::StrAppendFormat(&out, "\\u%04x", byte);
    } else {
      out.push_back(c);
    }
  }
  return absl::StrCat(out, "\"");
}

}  // namespace waymark::node
