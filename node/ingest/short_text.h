// A text in eight bytes: those of up to eight bytes in themselves, longer ones as the place where they stand.
// Most councils' ids of children, families and cases are short.
#ifndef WAYMARK_NODE_INGEST_SHORT_TEXT_H_
#define WAYMARK_NODE_INGEST_SHORT_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"

namespace waymark::node {

// The same for the same text in every run: the order of persons rests on it.
std::uint64_t HashOf(absl::string_view text);

// Where long texts stand, each once; they stay where they are as long as this lives. Not thread-safe.
class TextRoom {
 public:
  const char* Put(absl::string_view text);  // its length (four bytes) and its bytes

 private:
  const char* Write(absl::string_view text);
  void Grow();

  std::vector<const char*> slots_;  // by hash, in open addressing; null: free
  std::size_t texts_ = 0;
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
  bool Is(absl::string_view text) const { return Fits(text) ? word_ == Word(text) : IsLong(text); }
  std::uint64_t Hash() const;  // HashOf the text

  bool is_short() const { return !in_room(); }
  // As one number, and back: good as long as the room is. Numbers of short texts are in the texts' order.
  std::uint64_t word() const { return word_; }
  static ShortText OfWord(std::uint64_t word) {
    ShortText text;
    text.word_ = word;
    return text;
  }
  // How many bytes of the word count, from the most significant on; the others are zero.
  static std::size_t BytesOf(std::uint64_t word) {
    return word == 0 ? 0 : 8 - static_cast<std::size_t>(__builtin_ctzll(word)) / 8;
  }

  // Up to eight bytes as a number, the first the most significant.
  static std::uint64_t Word(absl::string_view text);

  // By bytes.
  friend bool operator<(const ShortText& a, const ShortText& b) {
    return a.in_room() || b.in_room() ? a.IsBefore(b) : a.word_ < b.word_;
  }
  friend bool operator==(const ShortText& a, const ShortText& b) {
    return a.word_ == b.word_ || (a.in_room() && b.in_room() && a.IsSame(b));
  }

 private:
  bool in_room() const { return word_ >> 56U == kInRoom; }
  bool IsLong(absl::string_view text) const;
  bool IsBefore(const ShortText& other) const;
  bool IsSame(const ShortText& other) const;
  // A NUL at the end would be lost.
  static bool Fits(absl::string_view text) {
    return text.empty() ||
           (text.size() <= 8 && text.back() != '\0' && static_cast<unsigned char>(text.front()) != kInRoom);
  }

  // No UTF-8 text begins with this byte.
  static constexpr std::uint64_t kInRoom = 0xFF;

  std::uint64_t word_ = 0;  // the bytes, the first the most significant; or kInRoom and an address
};

inline std::uint64_t ShortText::Word(absl::string_view text) {
  const char* const bytes = text.data();
  const std::size_t size = text.size();
  if (size >= 4) {
    // Two loads that overlap.
    std::uint32_t front = 0;
    std::uint32_t back = 0;
    std::memcpy(&front, bytes, 4);
    std::memcpy(&back, bytes + size - 4, 4);
    const std::uint64_t low = std::uint64_t{__builtin_bswap32(back)} << (8 * (8 - size));
    return std::uint64_t{__builtin_bswap32(front)} << 32U | (low & 0xFFFFFFFFU);
  }
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i) {
    word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (56 - 8 * i);
  }
  return word;
}

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_SHORT_TEXT_H_
