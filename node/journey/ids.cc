#include "node/journey/ids.h"

#include <algorithm>

#include "absl/hash/hash.h"

namespace waymark::node {

// Of the next text.
inline void Ids::AddSize(std::size_t size, std::size_t begin) {
  if (sizes_.size() % kBlock == 0) begins_.push_back(begin);
  if (size >= kLong) long_sizes_[static_cast<std::uint32_t>(sizes_.size())] = size;
  sizes_.push_back(static_cast<std::uint8_t>(std::min<std::size_t>(size, kLong)));
}

inline std::size_t Ids::SizeOf(std::size_t number) const {
  const std::uint8_t size = sizes_[number];
  return size < kLong ? size : long_sizes_.at(static_cast<std::uint32_t>(number));
}

std::uint32_t Ids::Add(absl::string_view text) {
  const auto number = static_cast<std::uint32_t>(size());
  AddSize(text.size(), bytes_.size());
  bytes_.insert(bytes_.end(), text.begin(), text.end());
  return number;
}

void Ids::Append(const Ids& other) {
  std::size_t begin = bytes_.size();
  for (std::size_t i = 0; i < other.size(); ++i) {
    if ((size() + i) % kBlock == 0) begins_.push_back(begin);
    begin += other.SizeOf(i);
  }
  for (const auto& [number, long_size] : other.long_sizes_) {
    long_sizes_[static_cast<std::uint32_t>(size() + number)] = long_size;
  }
  sizes_.insert(sizes_.end(), other.sizes_.begin(), other.sizes_.end());
  bytes_.insert(bytes_.end(), other.bytes_.begin(), other.bytes_.end());
}

absl::string_view Ids::Text(std::uint32_t number) const {
  std::size_t begin = begins_[number / kBlock];
  for (std::size_t i = number / kBlock * kBlock; i < number; ++i) begin += SizeOf(i);
  return {bytes_.data() + begin, SizeOf(number)};
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
  sizes_.reserve(texts);
  begins_.reserve(texts / kBlock + 1);
}

void Ids::Clear() {
  bytes_.clear();
  begins_.clear();
  sizes_.clear();
  if (!long_sizes_.empty()) long_sizes_.clear();
  by_hash_.clear();
  indexed_ = 0;
}

}  // namespace waymark::node
