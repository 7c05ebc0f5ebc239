#include "node/journey/records.h"

namespace waymark::node {

Code Dictionary::Intern(absl::string_view text) {
  if (const auto known = numbers_.find(text); known != numbers_.end()) return known->second;
  if (is_full()) return kNoCode;
  const auto number = static_cast<Code>(texts_.size());
  texts_.emplace_back(text);
  numbers_.emplace(texts_.back(), number);
  return number;
}

}  // namespace waymark::node
