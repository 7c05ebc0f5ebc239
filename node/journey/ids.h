// Texts by number, close together in memory: the ids of persons, families and records.
#ifndef WAYMARK_NODE_JOURNEY_IDS_H_
#define WAYMARK_NODE_JOURNEY_IDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace waymark::node {

// Numbers are given in order of addition. Takes the text's bytes and one and a half more; an index only once
// Intern is asked. Not thread-safe while it is added to.
class Ids {
 public:
  // The next number, whether or not another has the same text.
  std::uint32_t Add(absl::string_view text);
  // All of another's texts, in its order.
  void Append(const Ids& other);
  // The number of `text`, given to it now if it has none.
  std::uint32_t Intern(absl::string_view text);
  // Until the next addition.
  absl::string_view Text(std::uint32_t number) const;
  std::size_t size() const { return sizes_.size(); }
  void Reserve(std::size_t texts, std::size_t bytes);
  // Keeps the memory.
  void Clear();
  std::size_t bytes() const { return bytes_.size(); }

 private:
  static constexpr std::size_t kBlock = 16;  // texts of which only the first one's beginning is known
  static constexpr std::uint8_t kLong = 255;

  void AddSize(std::size_t size, std::size_t begin);
  std::size_t SizeOf(std::size_t number) const;

  std::vector<char> bytes_;
  std::vector<std::uint64_t> begins_;  // of each block's first text
  std::vector<std::uint8_t> sizes_;    // kLong: it stands in long_sizes_
  absl::flat_hash_map<std::uint32_t, std::size_t> long_sizes_;
  absl::flat_hash_map<std::uint64_t, std::vector<std::uint32_t>> by_hash_;  // of the first indexed_ texts
  std::size_t indexed_ = 0;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_JOURNEY_IDS_H_
