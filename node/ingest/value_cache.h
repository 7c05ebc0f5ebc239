// What the values of a column mean, for the few short values that columns of codes are full of.
#ifndef WAYMARK_NODE_INGEST_VALUE_CACHE_H_
#define WAYMARK_NODE_INGEST_VALUE_CACHE_H_

#include <algorithm>
#include <array>
#include <bit>
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
  ShortValue(absl::string_view value, bool readable)
      : ShortValue(readable ? ShortValue(value.data(), value.size()) : Copied(value)) {}

  std::uint64_t front;
  std::uint64_t back;
  std::size_t size;

 private:
  // As many bytes that count, and then as many that do not, as a value may have.
  static constexpr auto kMask = [] {
    std::array<unsigned char, 2 * kMostBytes> mask{};
    for (std::size_t i = 0; i < kMostBytes; ++i) mask[i] = 0xFF;
    return mask;
  }();

  ShortValue(const char* bytes, std::size_t value_size)
      : front(At(bytes) & At(MaskOf(value_size))),
        back(At(bytes + sizeof front) & At(MaskOf(value_size) + sizeof front)),
        size(value_size) {}

  static const unsigned char* MaskOf(std::size_t value_size) {
    return kMask.data() + kMostBytes - std::min(value_size, kMostBytes);
  }
  template <typename Byte>
  static std::uint64_t At(const Byte* bytes) {
    std::uint64_t number = 0;
    std::memcpy(&number, bytes, sizeof number);
    return number;
  }
  [[gnu::noinline]] static ShortValue Copied(absl::string_view value) {
    char bytes[kMostBytes] = {};
    if (!value.empty()) std::memcpy(bytes, value.data(), std::min(value.size(), kMostBytes));
    return {bytes, value.size()};
  }
};

// Short values, each at a place of its own: where two would share one, another hash is taken, or a larger
// table. In a column of more values than that can be done for, one drives out another. Not thread-safe.
class ValueCache {
 public:
  // Null where it is not known, or is too long to be.
  const Meaning* Find(const ShortValue& value) const {
    const Entry& entry = entries_.data()[PlaceOf(value)];
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

  // What leaves as many bits of a hash as a table of a power of two has places.
  static constexpr int ShiftFor(std::size_t size) { return 64 - std::countr_zero(size); }

  template <typename Value>
  std::size_t PlaceOf(const Value& value) const {
    const std::uint64_t mixed = (value.front ^ value.back * 0xC2B2AE3D27D4EB4F) * factor_;
    return static_cast<std::size_t>(mixed >> shift_);
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
        shift_ = ShiftFor(size);
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
  int shift_ = ShiftFor(kFirstEntries);
  std::uint64_t factor_ = 0x9E3779B97F4A7C15;
  bool full_ = false;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_VALUE_CACHE_H_
