#include "node/measure/breakdown.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "proto/contract/table.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMaxCategoryBytes = 120;  // two and a '|' keep within a row name's 256

// A local text as a category: '|' joins crossed names, so it cannot stand inside one.
std::string CategoryOf(absl::string_view text) {
  if (text.empty()) return std::string(kNotKnown);
  std::string category(text.substr(0, kMaxCategoryBytes));
  // Not in the middle of a UTF-8 character.
  if (text.size() > kMaxCategoryBytes) {
    std::size_t end = kMaxCategoryBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    category.resize(end);
  }
  std::replace(category.begin(), category.end(), '|', '/');
  return category;
}

// Gives each category the place it has among all in order of their bytes.
Rows Ordered(const std::map<std::string, std::uint32_t>& numbers, std::vector<std::uint32_t> of_member) {
  Rows rows;
  std::vector<std::uint32_t> place(numbers.size());
  for (const auto& [name, number] : numbers) {
    place[number] = static_cast<std::uint32_t>(rows.names.size());
    rows.names.push_back(name);
  }
  for (std::uint32_t& row : of_member) row = place[row];
  rows.of_member = std::move(of_member);
  return rows;
}

Rows AgeRows(const Journeys& journeys, absl::Span<const Member> members) {
  const std::vector<std::string>& bands = FixedCategories(Field::kAgeBand);
  Rows rows{.names = bands, .of_member = {}};
  rows.of_member.reserve(members.size());
  for (const Member& member : members) {
    const absl::string_view band = AgeBand(journeys.person(member.person).birth, member.event);
    const auto at = std::lower_bound(bands.begin(), bands.end(), band, std::less<>());
    rows.of_member.push_back(static_cast<std::uint32_t>(at - bands.begin()));
  }
  return rows;
}

Rows CodedRows(const Journeys& journeys, v1::Cohort::Base base, Field field,
               absl::Span<const Member> members) {
  const std::vector<std::string>& fixed = FixedCategories(field);
  std::map<std::string, std::uint32_t> numbers;
  const auto number_of = [&numbers](const std::string& name) {
    return numbers.try_emplace(name, static_cast<std::uint32_t>(numbers.size())).first->second;
  };
  for (const std::string& category : fixed) number_of(category);
  if (members.empty()) number_of(std::string(kNotKnown));

  std::unordered_map<Code, std::uint32_t> of_code;  // texts are looked at once a code
  std::vector<std::uint32_t> of_member;
  of_member.reserve(members.size());
  for (const Member& member : members) {
    const Code code = CodeOf(journeys, base, member, field);
    const auto [at, is_new] = of_code.try_emplace(code, 0);
    if (is_new) {
      const std::string& text = journeys.Text(code);
      const bool known = fixed.empty() || IsListed(field, text);
      at->second = number_of(known ? CategoryOf(text) : std::string(kNotKnown));
    }
    of_member.push_back(at->second);
  }
  return Ordered(numbers, std::move(of_member));
}

Rows RowsOfField(const Journeys& journeys, v1::Cohort::Base base, Field field,
                 absl::Span<const Member> members) {
  return field == Field::kAgeBand ? AgeRows(journeys, members) : CodedRows(journeys, base, field, members);
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
    if (!field.has_value() || !HasField(metric.cohort().base(), *field)) {
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

absl::StatusOr<Rows> RowsOf(const Journeys& journeys, const v1::Metric& metric, const Breakdown& breakdown,
                            absl::Span<const Member> members) {
  if (breakdown.fields.empty())
    return Rows{.names = {""}, .of_member = std::vector<std::uint32_t>(members.size())};
  const v1::Cohort::Base base = metric.cohort().base();
  Rows first = RowsOfField(journeys, base, breakdown.fields[0], members);
  if (breakdown.fields.size() == 2) {
    const Rows second = RowsOfField(journeys, base, breakdown.fields[1], members);
    const auto width = static_cast<std::uint32_t>(second.names.size());
    if (first.names.size() * second.names.size() > contract::kMaxRows) {
      return absl::ResourceExhaustedError(
          absl::StrCat("metric ", metric.id(), " by ", absl::StrJoin(breakdown.dimensions, "|"),
                       ": more than ", contract::kMaxRows, " rows; map the field to fewer categories"));
    }
    std::map<std::string, std::uint32_t> numbers;
    for (std::uint32_t a = 0; a < first.names.size(); ++a) {
      for (std::uint32_t b = 0; b < width; ++b) {
        numbers.emplace(absl::StrCat(first.names[a], "|", second.names[b]), a * width + b);
      }
    }
    std::vector<std::uint32_t> of_member(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      of_member[i] = first.of_member[i] * width + second.of_member[i];
    }
    return Ordered(numbers, std::move(of_member));
  }
  if (first.names.size() > contract::kMaxRows) {
    return absl::ResourceExhaustedError(absl::StrCat("metric ", metric.id(), " by ", breakdown.dimensions[0],
                                                     ": more than ", contract::kMaxRows,
                                                     " rows; map the field to fewer categories"));
  }
  return first;
}

}  // namespace waymark::node
