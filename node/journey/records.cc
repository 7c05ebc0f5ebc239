#include "node/journey/records.h"

namespace waymark::node {

std::uint32_t Dictionary::Intern(absl::string_view text) {
  const auto [at, is_new] =
      numbers_.try_emplace(std::string(text), static_cast<std::uint32_t>(texts_.size()));
  if (is_new) texts_.push_back(at->first);
  return at->second;
}

}  // namespace waymark::node
