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
    for (std::size_t bytes = 1; bytes < masks.size(); ++bytes) masks[bytes] = ~std::uint64_t{0};
    for (std::size_t bytes = 1; bytes < 8; ++bytes) masks[bytes] >>= 8 * (8 - bytes);
    return masks;
  }();
};

// Short values, each at a place of its own: where two would share one, another hash is taken, or a larger
// table. In a column of more values than that can be done for, one drives out another. Not thread-safe.
class ValueCache {
 public:
  // Null where it is not known, or is too long to be.
  const Meaning* Find(const ShortValue& value) const {
    const Entry& entry = entries_[PlaceOf(value)];
    const bool is_it = (entry.front == value.front) & (entry.back == value.back) & (entry.size == value.size);
    return is_it ? &entry.meaning : nullptr;
  }

  void Put(const ShortValue& value, const Meaning& meaning) {
    if (value.size > ShortValue::kMostBytes) return;
    const Entry entry{value.front, value.back, value.size, meaning};
    if (entries_[PlaceOf(value)].size == kFree || full_) {
      entries_[PlaceOf(value)] = entry;
    } else {
      SpreadOut(entry);
    }
  }

 private:
  static constexpr std::size_t kFree = ~std::size_t{0};
  static constexpr std::size_t kFirstEntries = 64;
  static constexpr std::size_t kMostEntries = 4096;
  static constexpr int kHashesEach = 64;

  struct Entry {
    std::uint64_t front = 0;
    std::uint64_t back = 0;
    std::size_t size = kFree;
    Meaning meaning = {};
  };

  template <typename Value>
  std::size_t PlaceOf(const Value& value) const {
    const std::uint64_t mixed = (value.front ^ value.back * 0xC2B2AE3D27D4EB4F) * factor_;
    return static_cast<std::size_t>(mixed >> 32U) & (entries_.size() - 1);
  }
  // All that are known, and one more.
  void SpreadOut(const Entry& more) {
    std::vector<Entry> known = {more};
    for (const Entry& entry : entries_) {
      if (entry.size != kFree) known.push_back(entry);
    }
    for (std::size_t size = entries_.size(); size <= kMostEntries; size *= 2) {
      for (int i = 0; i < kHashesEach; ++i) {
        factor_ = factor_ * 0x5851F42D4C957F2D + 2;  // odd, as it was
        entries_.assign(size, {});
        if (std::all_of(known.begin(), known.end(), [this](const Entry& entry) { return Place(entry); }))
          return;
      }
    }
    full_ = true;
    for (const Entry& entry : known) entries_[PlaceOf(entry)] = entry;
  }
  // False where the place is taken.
  bool Place(const Entry& entry) {
    Entry& place = entries_[PlaceOf(entry)];
    const bool is_free = place.size == kFree;
    if (is_free) place = entry;
    return is_free;
  }

  std::vector<Entry> entries_ = std::vector<Entry>(kFirstEntries);
  std::uint64_t factor_ = 0x9E3779B97F4A7C15;
  bool full_ = false;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_VALUE_CACHE_H_
