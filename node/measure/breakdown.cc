#include "node/measure/breakdown.h"

#include <algorithm>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "proto/contract/table.h"

namespace waymark::node {
namespace {

absl::Status TooManyRows(const v1::Metric& metric, const Breakdown& breakdown) {
  return absl::ResourceExhaustedError(
      absl::StrCat("metric ", metric.id(), " by ", absl::StrJoin(breakdown.dimensions, "|"), ": more than ",
                   contract::kMaxRows, " rows; map the field to fewer categories"));
}

std::vector<NamedRow> QuartersOf(const Period& period) {
  std::vector<NamedRow> quarters;
  for (int number = QuarterNumberOf(period.first); number <= QuarterNumberOf(period.last); ++number) {
    quarters.push_back({.name = QuarterNumbered(number).label, .number = static_cast<std::uint32_t>(number)});
  }
  return quarters;
}

// The categories that a table has in one field, where `seen` are those that somebody is in.
std::vector<NamedRow> CategoriesOf(Field field, const Period& period, const std::set<std::uint32_t>& seen,
                                   const LocalNames& names) {
  if (field == Field::kQuarter) return QuartersOf(period);
  std::vector<NamedRow> categories;
  const std::vector<std::string>& fixed = FixedCategories(field);
  for (std::uint32_t i = 0; i < fixed.size(); ++i) categories.push_back({.name = fixed[i], .number = i});
  if (!fixed.empty()) return categories;
  for (const std::uint32_t number : seen) {
    categories.push_back({.name = names.Names(field)[number], .number = number});
  }
  if (categories.empty()) categories.push_back({.name = std::string(kNotKnown), .number = kNobody});
  return categories;
}

std::vector<NamedRow> Crossed(const RowNumbers& numbers, const std::vector<NamedRow>& first,
                              const std::vector<NamedRow>& second) {
  std::vector<NamedRow> rows;
  rows.reserve(first.size() * second.size());
  for (const NamedRow& a : first) {
    for (const NamedRow& b : second) {
      rows.push_back(
          {.name = absl::StrCat(a.name, "|", b.name), .number = numbers.Find({a.number, b.number})});
    }
  }
  return rows;
}

}  // namespace

absl::StatusOr<Breakdown> ParseBreakdown(const v1::Metric& metric, const std::string& text) {
  Breakdown breakdown;
  if (text.empty()) return breakdown;
  const auto& listed = metric.breakdowns();
  if (std::find(listed.begin(), listed.end(), text) == listed.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("metric ", metric.id(), " has no breakdown \"", text,
                     "\"; it has: ", listed.empty() ? "none" : absl::StrJoin(listed, ", ")));
  }
  for (const absl::string_view name : absl::StrSplit(text, '|')) {
    const std::optional<Field> field = FieldNamed(name);
    if (!field.has_value() || !HasField(CountingOf(metric.cohort()), *field)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "metric ", metric.id(), ": this version does not know how to break it down by \"", name, "\""));
    }
    breakdown.dimensions.emplace_back(name);
    breakdown.fields.push_back(*field);
  }
  if (breakdown.fields.size() > 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("metric ", metric.id(), ": at most two fields can be crossed, got \"", text, "\""));
  }
  return breakdown;
}

std::uint32_t RowNumbers::OfPair(std::uint64_t pair) {
  const auto [at, is_new] = numbers_.try_emplace(pair, static_cast<std::uint32_t>(pairs_.size()));
  if (is_new) pairs_.push_back(pair);
  return at->second;
}

std::uint32_t RowNumbers::Of(const RowNumbers& other, std::uint32_t row) {
  return fields_.size() == 2 ? OfPair(other.pairs_[row]) : row;
}

std::vector<std::uint32_t> RowNumbers::CategoriesOf(std::uint32_t row) const {
  if (fields_.size() < 2) return std::vector<std::uint32_t>(fields_.size(), row);
  return {static_cast<std::uint32_t>(pairs_[row] >> kCategoryBits), static_cast<std::uint32_t>(pairs_[row])};
}

std::uint32_t RowNumbers::Find(const std::vector<std::uint32_t>& categories) const {
  const auto at = numbers_.find(Pair(categories[0], categories[1]));
  return at == numbers_.end() ? kNobody : at->second;
}

absl::StatusOr<std::vector<NamedRow>> RowsOf(const RowsAsked& asked, const RowNumbers& numbers,
                                             const std::vector<std::uint32_t>& seen,
                                             const LocalNames& names) {
  const Breakdown& breakdown = asked.breakdown;
  if (breakdown.fields.empty()) return std::vector<NamedRow>{{.name = "", .number = 0}};
  std::vector<std::vector<NamedRow>> categories;
  for (std::size_t i = 0; i < breakdown.fields.size(); ++i) {
    std::set<std::uint32_t> in_field;
    for (const std::uint32_t row : seen) in_field.insert(numbers.CategoriesOf(row)[i]);
    if (in_field.contains(LocalNames::kTooMany)) return TooManyRows(asked.metric, breakdown);
    categories.push_back(CategoriesOf(breakdown.fields[i], asked.period, in_field, names));
  }
  const bool crossed = categories.size() == 2;
  const std::size_t count = categories[0].size() * (crossed ? categories[1].size() : 1);
  if (count > contract::kMaxRows) return TooManyRows(asked.metric, breakdown);
  std::vector<NamedRow> rows =
      crossed ? Crossed(numbers, categories[0], categories[1]) : std::move(categories[0]);
  std::sort(rows.begin(), rows.end(), [](const NamedRow& a, const NamedRow& b) { return a.name < b.name; });
  return rows;
}

}  // namespace waymark::node
