// Texts by number, close together in memory: the ids of persons, families and records.
#ifndef WAYMARK_NODE_JOURNEY_IDS_H_
#define WAYMARK_NODE_JOURNEY_IDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace waymark::node {

// Numbers are given in order of addition. Takes the text's bytes and four more; an index only once Intern is
// asked. Not thread-safe while it is added to.
class Ids {
 public:
  // The next number, whether or not another has the same text.
  std::uint32_t Add(absl::string_view text);
  // The number of `text`, given to it now if it has none.
  std::uint32_t Intern(absl::string_view text);
  // Until the next addition.
  absl::string_view Text(std::uint32_t number) const {
    return {bytes_.data() + Begin(number), Begin(number + std::size_t{1}) - Begin(number)};
  }
  std::size_t size() const { return begins_.size() - 1; }
  void Reserve(std::size_t texts, std::size_t bytes);
  // Keeps the memory.
  void Clear();
  std::size_t bytes() const { return bytes_.size(); }

 private:
  static constexpr std::size_t kBlock = 256;  // texts whose beginnings are counted from one base

  std::size_t Begin(std::size_t number) const { return bases_[number / kBlock] + begins_[number]; }

  std::vector<char> bytes_;
  std::vector<std::uint64_t> bases_ = {0};
  std::vector<std::uint32_t> begins_ = {0};                                 // one more than there are texts
  absl::flat_hash_map<std::uint64_t, std::vector<std::uint32_t>> by_hash_;  // of the first indexed_ texts
  std::size_t indexed_ = 0;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_JOURNEY_IDS_H_
