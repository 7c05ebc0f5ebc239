#include "node/journey/ids.h"

#include "absl/hash/hash.h"

namespace waymark::node {

std::uint32_t Ids::Add(absl::string_view text) {
  bytes_.insert(bytes_.end(), text.begin(), text.end());
  const auto number = static_cast<std::uint32_t>(size());
  if (begins_.size() % kBlock == 0) bases_.push_back(bytes_.size());
  begins_.push_back(static_cast<std::uint32_t>(bytes_.size() - bases_.back()));
  return number;
}

std::uint32_t Ids::Intern(absl::string_view text) {
  const auto hash = absl::Hash<absl::string_view>();
  for (; indexed_ < size(); ++indexed_) {
    const auto number = static_cast<std::uint32_t>(indexed_);
    by_hash_[hash(Text(number))].push_back(number);
  }
  for (const std::uint32_t number : by_hash_[hash(text)]) {
    if (Text(number) == text) return number;
  }
  return Add(text);
}

void Ids::Reserve(std::size_t texts, std::size_t bytes) {
  bytes_.reserve(bytes);
  begins_.reserve(texts + 1);
  bases_.reserve(texts / kBlock + 1);
}

void Ids::Clear() {
  bytes_.clear();
  bases_.resize(1);
  begins_.resize(1);
  by_hash_.clear();
  indexed_ = 0;
}

}  // namespace waymark::node
