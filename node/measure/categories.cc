#include "node/measure/categories.h"

#include <algorithm>
#include <functional>

#include "node/measure/follow_up.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMaxCategoryBytes = 120;  // two and a '|' keep within a row name's 256

// Where `text` stands among a fixed field's categories; "not known" where it is not one of the codes.
std::uint32_t PlaceOf(Field field, absl::string_view text) {
  const std::vector<std::string>& fixed = FixedCategories(field);
  const absl::string_view category = IsListed(field, text) ? text : kNotKnown;
  return static_cast<std::uint32_t>(std::lower_bound(fixed.begin(), fixed.end(), category, std::less<>()) -
                                    fixed.begin());
}

}  // namespace

std::string LocalCategory(absl::string_view text) {
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

EarlierSocialCare EarlierSocialCareOf(const History& history, Day start) {
  const Coverage& covered = history.journeys().records().social_care;
  const Day first = start - catalogue::kEarlierSocialCareDays;
  const Day last = std::min(start - 1, covered.extract);  // what was open then may have ended since
  if (first <= last && AnyOpen(history, v1::LEVEL_SOCIAL_CARE, first, last)) return kSomeEarlier;
  return covered.from <= first && last == start - 1 ? kNoneEarlier : kEarlierNotKnown;
}

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
  std::string name = LocalCategory(text);
  const auto found = numbered.numbers.find(name);
  if (found != numbered.numbers.end()) return found->second;
  if (numbered.names.size() >= kTooMany) return kTooMany;
  const auto number = static_cast<std::uint32_t>(numbered.names.size());
  numbered.names.push_back(name);
  numbered.numbers.emplace(std::move(name), number);
  return number;
}

void Categories::Learn(Field field, Code code) {
  std::vector<std::uint32_t>& known = fields_[static_cast<std::size_t>(field)];
  const std::size_t place = static_cast<Code>(code + 1);
  if (place >= known.size()) known.resize(place + 1, kUnmet);
  const std::string& text = journeys_.Text(code);
  known[place] = FixedCategories(field).empty() ? names_.NumberOf(field, text) : PlaceOf(field, text);
}

}  // namespace waymark::node
