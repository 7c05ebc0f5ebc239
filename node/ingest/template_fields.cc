#include "node/ingest/template_fields.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace waymark::node {
namespace {

constexpr std::int64_t kThousand = 1000;
constexpr std::int64_t kLargest = 1'000'000'000;  // of a score, a number of staff or a cost, in whole units
constexpr std::int64_t kMostDays = 3660;

// A decimal number in units of 1 / `per` (10, 100, 1000); nothing where it is none, has more decimals, or is
// out of range. "1,234.5" is none: a comma may stand for either.
std::optional<std::int64_t> Scaled(absl::string_view text, std::int64_t per) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const absl::string_view whole = text.substr(0, point);
  const absl::string_view rest = point < text.size() ? text.substr(point + 1) : absl::string_view();
  const auto digits = [](absl::string_view part) {
    return std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  std::int64_t value = 0;
  if (!digits(whole) || !digits(rest) || whole.size() + rest.size() == 0) return std::nullopt;
  if (!whole.empty() && (!absl::SimpleAtoi(whole, &value) || value > kLargest)) return std::nullopt;
  value *= per;
  for (const char c : rest) {
    per /= 10;
    if (per == 0 && c != '0') return std::nullopt;
    value += per * (c - '0');
  }
  return negative ? -value : value;
}

std::optional<bool> YesNo(absl::string_view text) {
  for (const char* const yes : {"yes", "y", "true", "1"}) {
    if (absl::EqualsIgnoreCase(text, yes)) return true;
  }
  for (const char* const no : {"no", "n", "false", "0"}) {
    if (absl::EqualsIgnoreCase(text, no)) return false;
  }
  return std::nullopt;
}

std::optional<std::int64_t> OneOf(absl::string_view text, std::initializer_list<absl::string_view> words) {
  std::int64_t number = 0;
  for (const absl::string_view word : words) {
    if (absl::EqualsIgnoreCase(text, word)) return number;
    ++number;
  }
  return std::nullopt;
}

bool TakeNumber(const std::optional<std::int64_t>& number, TemplateValue& value) {
  value.number = number.value_or(0);
  return number.has_value();
}

}  // namespace

const TemplateValue& TemplateRow::operator[](absl::string_view name) const {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (table_.columns[i].name == name) return values_[i];
  }
  static const auto* const none = new TemplateValue();
  return *none;
}

TemplateFields::TemplateFields(const SourceConfig& config, const TemplateTable& table, TableReader& reader,
                               RecordBuilder& builder)
    : config_(config), table_(table), reader_(reader), builder_(builder) {
  for (const TemplateColumn& column : table.columns) {
    const std::vector<std::string> names = {std::string(column.name)};
    columns_.push_back(column.required ? reader.Required(names) : reader.Optional(names));
  }
}

std::string TemplateFields::Read(std::vector<TemplateValue>& values) const {
  values.assign(columns_.size(), {});
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const TemplateColumn& column = table_.columns[i];
    const absl::string_view text = reader_.Get(columns_[i]);
    if (text.empty()) {
      if (column.required) return absl::StrCat(column.name, ": blank");
      continue;
    }
    values[i].filled = true;
    if (!Take(column, text, values[i])) {
      return absl::StrCat(column.name, ": expected ", TypeInWords(column.type));
    }
  }
  return "";
}

bool TemplateFields::Take(const TemplateColumn& column, absl::string_view text, TemplateValue& value) const {
  switch (column.type) {
    case TemplateType::kChild:
      value.text = std::string(builder_.LinkedId(text));
      return true;
    case TemplateType::kId:
      value.text = std::string(text);
      return true;
    case TemplateType::kText:
      value.text = Renamed(column.name, text);
      return true;
    case TemplateType::kDate:
      return TakeDay(text, value.day);
    case TemplateType::kDecimal:
      return TakeNumber(Scaled(text, kThousand), value);
    case TemplateType::kMoney:
      return TakeNumber(Scaled(text, 100), value) && value.number >= 0;
    case TemplateType::kDays:
      return TakeNumber(Scaled(text, 1), value) && value.number >= 1 && value.number <= kMostDays;
    case TemplateType::kOutcome:
      value.number = OutcomeNumber(text);
      return value.number != 0;
    case TemplateType::kYesNo: {
      const std::optional<bool> yes = YesNo(text);
      value.number = yes.value_or(false) ? 1 : 0;
      return yes.has_value();
    }
    case TemplateType::kDirection:
      return TakeNumber(OneOf(text, {"low", "high"}), value);
    case TemplateType::kResponse:
      return TakeNumber(OneOf(text, {"", "positive", "neutral", "negative"}), value);
  }
  return false;
}

bool TemplateFields::TakeDay(absl::string_view text, Day& day) const {
  for (const DateFormat& format : config_.dates) {
    if (const auto read = format.Parse(text)) {
      day = *read;
      return true;
    }
  }
  return false;
}

std::string TemplateFields::Renamed(absl::string_view column, absl::string_view text) const {
  const auto renames = config_.renames.find(std::string(column));
  if (renames == config_.renames.end()) return std::string(text);
  const auto renamed = renames->second.find(std::string(text));
  return renamed == renames->second.end() ? std::string(text) : renamed->second;
}

}  // namespace waymark::node
