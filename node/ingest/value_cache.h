// What the values of a column mean, for the few short values that columns of codes are full of.
#ifndef WAYMARK_NODE_INGEST_VALUE_CACHE_H_
#define WAYMARK_NODE_INGEST_VALUE_CACHE_H_

#include <algorithm>
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

// A value of up to 16 bytes as two numbers and its size. The numbers are zero beyond the size.
struct ShortValue {
  static constexpr std::size_t kMostBytes = 16;

  // `readable`: kMostBytes may be read from the value's first on, which is quicker: no branch hangs on its
  // size.
  ShortValue(absl::string_view value, bool readable) : size(value.size()) {
    if (readable) {
      std::memcpy(&front, value.data(), 8);
      std::memcpy(&back, value.data() + 8, 8);
      front &= kMasks[std::min(size, kMostBytes)];
      back &= kMasks[std::max<std::size_t>(std::min(size, kMostBytes), 8) - 8];
    } else if (size > 0 && size <= kMostBytes) {
      char bytes[kMostBytes] = {};
      std::memcpy(bytes, value.data(), size);
      std::memcpy(&front, bytes, 8);
      std::memcpy(&back, bytes + 8, 8);
    }
  }

  std::uint64_t front = 0;
  std::uint64_t back = 0;
  std::size_t size = 0;

 private:
  // By size: the bytes that count.
  static constexpr auto kMasks = [] {
    std::array<std::uint64_t, kMostBytes + 1> masks{};
    for (std::size_t size = 1; size < masks.size(); ++size) masks[size] = ~std::uint64_t{0};
    for (std::size_t size = 1; size < 8; ++size) masks[size] >>= 8 * (8 - size);
    return masks;
  }();
};

// The first few thousand different short values of a column. Not thread-safe.
class ValueCache {
 public:
  // Null where it is not known, or is too long to be.
  const Meaning* Find(const ShortValue& value) const {
    for (std::size_t at = PlaceOf(value);; at = (at + 1) & (entries_.size() - 1)) {
      const Entry& entry = entries_[at];
      if (entry.front == value.front && entry.back == value.back && entry.size == value.size) {
        return &entry.meaning;
      }
      if (entry.size == kFree) return nullptr;
    }
  }

  void Put(const ShortValue& value, const Meaning& meaning) {
    if (value.size > ShortValue::kMostBytes || known_ == kMostValues || Find(value) != nullptr) return;
    if (2 * ++known_ > entries_.size()) Grow();
    Place({value.front, value.back, value.size, meaning});
  }

 private:
  static constexpr std::size_t kFree = ~std::size_t{0};
  static constexpr std::size_t kFirstEntries = 64;
  static constexpr std::size_t kMostValues = 4096;

  struct Entry {
    std::uint64_t front = 0;
    std::uint64_t back = 0;
    std::size_t size = kFree;
    Meaning meaning = {};
  };

  template <typename Value>
  std::size_t PlaceOf(const Value& value) const {
    const std::uint64_t mixed = (value.front ^ value.back * 0xC2B2AE3D27D4EB4F) * 0x9E3779B97F4A7C15;
    return static_cast<std::size_t>(mixed >> 32U) & (entries_.size() - 1);
  }
  void Place(const Entry& entry) {
    std::size_t at = PlaceOf(entry);
    while (entries_[at].size != kFree) at = (at + 1) & (entries_.size() - 1);
    entries_[at] = entry;
  }
  void Grow() {
    std::vector<Entry> before(2 * entries_.size());
    before.swap(entries_);
    for (const Entry& entry : before) {
      if (entry.size != kFree) Place(entry);
    }
  }

  std::vector<Entry> entries_ = std::vector<Entry>(kFirstEntries);  // in open addressing, at most half full
  std::size_t known_ = 0;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_VALUE_CACHE_H_
