#include "node/measure/categories.h"

#include <algorithm>
#include <functional>

#include "base/period.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMaxCategoryBytes = 120;  // two and a '|' keep within a row name's 256
constexpr Code kCommonCodes = 1 << 16;
constexpr std::uint32_t kUnmet = 0xFFFFFFFF;

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

// Where `text` stands among a fixed field's categories; "not known" where it is not one of the codes.
std::uint32_t PlaceOf(Field field, absl::string_view text) {
  const std::vector<std::string>& fixed = FixedCategories(field);
  const absl::string_view category = IsListed(field, text) ? text : kNotKnown;
  return static_cast<std::uint32_t>(std::lower_bound(fixed.begin(), fixed.end(), category, std::less<>()) -
                                    fixed.begin());
}

}  // namespace

CategoryMask MaskOf(Field field, const google::protobuf::RepeatedPtrField<std::string>& texts) {
  CategoryMask mask = 0;
  for (const std::string& text : texts) {
    if (text.empty() || IsListed(field, text)) mask |= CategoryMask{1} << PlaceOf(field, text);
  }
  return mask;
}

std::uint32_t LocalNames::NumberOf(Field field, absl::string_view text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Numbered& numbered = fields_[static_cast<std::size_t>(field)];
  std::string name = CategoryOf(text);
  const auto found = numbered.numbers.find(name);
  if (found != numbered.numbers.end()) return found->second;
  if (numbered.names.size() >= kTooMany) return kTooMany;
  const auto number = static_cast<std::uint32_t>(numbered.names.size());
  numbered.names.push_back(name);
  numbered.numbers.emplace(std::move(name), number);
  return number;
}

std::uint32_t Categories::NotKnown(Field field) {
  return PlaceOf(field, "");
}

std::uint32_t Categories::Number(Field field, Code code) const {
  const std::string& text = journeys_.Text(code);
  return FixedCategories(field).empty() ? names_.NumberOf(field, text) : PlaceOf(field, text);
}

std::uint32_t Categories::Of(Field field, Code code) {
  Known& known = fields_[static_cast<std::size_t>(field)];
  const Code place = code + 1;  // kNoCode is the first
  if (place >= kCommonCodes) {
    const auto [at, is_new] = known.others.try_emplace(code, 0);
    if (is_new) at->second = Number(field, code);
    return at->second;
  }
  if (place >= known.common.size()) known.common.resize(std::size_t{place} + 1, kUnmet);
  std::uint32_t& number = known.common[place];
  if (number == kUnmet) number = Number(field, code);
  return number;
}

std::uint32_t Categories::Of(Field field, const Counting& counting, const Candidate& candidate) {
  switch (field) {
    case Field::kAgeBand:
      return AgeBandOf(journeys_.person(candidate.person).birth, candidate.event);
    case Field::kStepDown:
      return candidate.step_down;
    case Field::kQuarter:
      return static_cast<std::uint32_t>(QuarterNumberOf(candidate.event));
    default:
      return Of(field, CodeOf(journeys_, counting, candidate, field));
  }
}

}  // namespace waymark::node
