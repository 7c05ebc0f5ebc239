// What the values of a column are: dates and in what form, blanks, how often each stands there, and how it
// is written in a proposal. For
// suggest_mapping.h.
#ifndef WAYMARK_NODE_INGEST_SUGGEST_VALUES_H_
#define WAYMARK_NODE_INGEST_SUGGEST_VALUES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "node/ingest/date_format.h"

namespace waymark::node {

// A share at least as large counts as all: a few values are typing errors.
inline constexpr double kMostly = 0.9;

bool IsBlank(absl::string_view value);

// The share of a column's values, blanks apart, for which `is` holds; nothing where all are blank.
template <typename Is>
std::optional<double> Share(const std::vector<std::string>& values, const Is& is) {
  std::int64_t all = 0, held = 0;
  for (const std::string& value : values) {
    if (IsBlank(value)) continue;
    ++all;
    if (is(value)) ++held;
  }
  if (all == 0) return std::nullopt;
  return static_cast<double>(held) / static_cast<double>(all);
}

// By text, blanks apart.
std::map<std::string, std::int64_t> Counts(const std::vector<std::string>& values);

// A format of those that FormatOfColumn gives, or MonthFirst of one.
DateFormat CompiledFormat(absl::string_view format);
// Nothing where all values are blank.
std::optional<double> DateShare(const std::vector<std::string>& values, absl::string_view format);
// The format in which a column is dates, or "". Of two that fit as well, day/month goes before month/day.
absl::string_view FormatOfColumn(const std::vector<std::string>& values);
// The format of most columns; "" where none has one.
absl::string_view MostUsed(const std::vector<absl::string_view>& formats);
// The same with the month before the day, for a format that could be meant so; else "".
absl::string_view MonthFirst(absl::string_view format);

// A value, or any text, as a TOML string.
std::string TomlText(absl::string_view text);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_SUGGEST_VALUES_H_
