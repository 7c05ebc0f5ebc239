// What the values of a column mean, for the few short values that columns of codes are full of.
#ifndef WAYMARK_NODE_INGEST_VALUE_CACHE_H_
#define WAYMARK_NODE_INGEST_VALUE_CACHE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "absl/strings/string_view.h"
#include "node/journey/records.h"

namespace waymark::node {

struct Meaning {
  Code code = kNoCode;
  absl::string_view text = {};  // lives as long as the program
};

// Values of up to 16 bytes, each at the place that a hash gives it, from which another may drive it out. Not
// thread-safe.
class ValueCache {
 public:
  // Null where it is not known, or is too long to be.
  const Meaning* Find(absl::string_view value) const {
    if (value.size() > kMostBytes || entries_.empty()) return nullptr;
    const Key key(value);
    const Entry& entry = entries_[key.Place()];
    return entry.key == key ? &entry.meaning : nullptr;
  }

  void Put(absl::string_view value, const Meaning& meaning) {
    if (value.size() > kMostBytes) return;
    if (entries_.empty()) entries_.resize(kEntries);
    const Key key(value);
    entries_[key.Place()] = {key, meaning};
  }

 private:
  static constexpr std::size_t kMostBytes = 16;
  static constexpr std::size_t kEntries = 256;

  // Every byte of the value is in it, some of them twice.
  struct Key {
    Key() = default;
    explicit Key(absl::string_view value) : size(value.size()) {
      const char* const bytes = value.data();
      if (size >= 8) {
        std::memcpy(&front, bytes, 8);
        std::memcpy(&back, bytes + size - 8, 8);
      } else if (size >= 4) {
        std::memcpy(&front, bytes, 4);
        std::memcpy(&back, bytes + size - 4, 4);
      } else if (size > 0) {
        const auto byte = [bytes](std::size_t i) {
          return std::uint64_t{static_cast<unsigned char>(bytes[i])};
        };
        front = byte(0) | byte(size / 2) << 8U | byte(size - 1) << 16U;
      }
    }
    std::size_t Place() const {
      return static_cast<std::size_t>((front * 0x9E3779B97F4A7C15 ^ (back + size) * 0xC2B2AE3D27D4EB4F) >>
                                      56U);
    }
    friend bool operator==(const Key& a, const Key& b) = default;

    std::uint64_t front = 0;
    std::uint64_t back = 0;
    std::size_t size = ~std::size_t{0};  // of no value
  };
  struct Entry {
    Key key;
    Meaning meaning;
  };
  static_assert(kEntries == 256, "Place gives eight bits");

  std::vector<Entry> entries_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_VALUE_CACHE_H_
