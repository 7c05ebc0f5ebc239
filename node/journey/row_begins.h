// Where each person's rows begin in a table that is sorted by person, in five quarters of a byte a person.
#ifndef WAYMARK_NODE_JOURNEY_ROW_BEGINS_H_
#define WAYMARK_NODE_JOURNEY_ROW_BEGINS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

namespace waymark::node {

// First told how many rows each person has, then asked. Of sixteen persons at a time the first one's place is
// known, and of each how far from there. Where sixteen have more rows than a byte can say, places take four
// bytes each instead. Thread-safe while it is asked.
class RowBegins {
 public:
  // Of nobody: no rows.
  RowBegins() = default;
  // Of so many persons, none of whom has a row yet.
  explicit RowBegins(std::size_t persons);

  // Once a person; thread-safe for different persons.
  void SetCount(std::size_t person, std::size_t count);
  // After the last count, before anything is asked.
  void Finish();

  bool empty() const { return offsets_.empty() && wide_.empty(); }
  // Where the person's rows begin; of the number of persons: how many rows there are.
  std::size_t Of(std::size_t person) const {
    return wide_.empty() ? std::size_t{blocks_[person / kBlock]} + offsets_[person] : wide_[person];
  }

 private:
  static constexpr std::size_t kBlock = 16;
  static constexpr std::uint8_t kMany = 255;

  // Counts that do not go into a byte.
  struct Many {
    absl::Mutex mutex;
    absl::flat_hash_map<std::size_t, std::size_t> counts;
  };

  void Widen(std::size_t first, std::size_t begin);

  std::vector<std::uint8_t> offsets_;  // before Finish counts; kMany: it stands in many_
  std::vector<std::uint32_t> blocks_;  // of each block's first person
  std::vector<std::uint32_t> wide_;    // instead of both
  std::unique_ptr<Many> many_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_JOURNEY_ROW_BEGINS_H_
