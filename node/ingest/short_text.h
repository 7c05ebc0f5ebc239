// A text in eight bytes: those of up to eight bytes in themselves, longer ones as the place where they stand.
// Most councils' ids of children, families and cases are short.
#ifndef WAYMARK_NODE_INGEST_SHORT_TEXT_H_
#define WAYMARK_NODE_INGEST_SHORT_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"

namespace waymark::node {

// The same for the same text in every run: the order of persons rests on it.
std::uint64_t HashOf(absl::string_view text);

// Where long texts stand; they stay where they are as long as this lives. Not thread-safe.
class TextRoom {
 public:
  const char* Put(absl::string_view text);  // its length (four bytes) and its bytes

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t left_ = 0;
  char* next_ = nullptr;
};

class ShortText {
 public:
  ShortText() = default;  // ""
  ShortText(absl::string_view text, TextRoom& room);

  bool empty() const { return word_ == 0; }
  // `bytes` is where a short text is unpacked to; the result is good as long as `bytes` and the room are.
  absl::string_view Unpack(char (&bytes)[8]) const;
  bool Is(absl::string_view text) const;

  // By bytes.
  friend bool operator<(const ShortText& a, const ShortText& b);
  friend bool operator==(const ShortText& a, const ShortText& b);

 private:
  bool in_room() const { return word_ >> 56U == kInRoom; }

  // No UTF-8 text begins with this byte.
  static constexpr std::uint64_t kInRoom = 0xFF;

  std::uint64_t word_ = 0;  // the bytes, the first the most significant; or kInRoom and an address
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_SHORT_TEXT_H_
