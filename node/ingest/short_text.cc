#include "node/ingest/short_text.h"

#include <algorithm>
#include <cstring>

namespace waymark::node {
namespace {

constexpr std::size_t kRoomBlock = std::size_t{64} << 10;

// Up to eight bytes, the first the most significant.
std::uint64_t Word(const char* bytes, std::size_t size) {
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

// MurmurHash3's 64-bit finaliser (Austin Appleby, public domain).
std::uint64_t Mix(std::uint64_t word) {
  word = (word ^ word >> 33U) * 0xFF51AFD7ED558CCD;
  word = (word ^ word >> 33U) * 0xC4CEB9FE1A85EC53;
  return word ^ word >> 33U;
}

// A NUL at the end would be lost.
bool Fits(absl::string_view text) {
  return text.empty() ||
         (text.size() <= 8 && text.back() != '\0' && static_cast<unsigned char>(text.front()) != 0xFF);
}

}  // namespace

std::uint64_t HashOf(absl::string_view text) {
  std::uint64_t hash = text.size() * 0x9E3779B97F4A7C15;
  while (text.size() > 8) {
    hash = Mix(hash ^ Word(text.data(), 8));
    text.remove_prefix(8);
  }
  return Mix(hash ^ Word(text.data(), text.size()));
}

const char* TextRoom::Put(absl::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  const std::size_t need = sizeof size + text.size();
  if (left_ < need) {
    left_ = std::max(kRoomBlock, need);
    next_ = blocks_.emplace_back(std::make_unique_for_overwrite<char[]>(left_)).get();
  }
  char* const at = next_;
  std::memcpy(at, &size, sizeof size);
  std::memcpy(at + sizeof size, text.data(), text.size());
  next_ += need;
  left_ -= need;
  return at;
}

ShortText::ShortText(absl::string_view text, TextRoom& room) {
  if (Fits(text)) {
    word_ = text.empty() ? 0 : Word(text.data(), text.size());
  } else {
    word_ = kInRoom << 56U | reinterpret_cast<std::uintptr_t>(room.Put(text));
  }
}

absl::string_view ShortText::Unpack(char (&bytes)[8]) const {
  if (in_room()) {
    const auto* const at = reinterpret_cast<const char*>(word_ & ~(kInRoom << 56U));
    std::uint32_t size = 0;
    std::memcpy(&size, at, sizeof size);
    return {at + sizeof size, size};
  }
  const std::uint64_t big_endian = __builtin_bswap64(word_);
  std::memcpy(bytes, &big_endian, sizeof bytes);
  // As many bytes as are left when the zeros at the end are off.
  const int zeros = word_ == 0 ? 64 : __builtin_ctzll(word_);
  return {bytes, static_cast<std::size_t>(8 - zeros / 8)};
}

bool ShortText::Is(absl::string_view text) const {
  if (Fits(text)) return word_ == (text.empty() ? 0 : Word(text.data(), text.size()));
  char bytes[8];
  return in_room() && Unpack(bytes) == text;
}

bool operator<(const ShortText& a, const ShortText& b) {
  if (!a.in_room() && !b.in_room()) return a.word_ < b.word_;
  char a_bytes[8];
  char b_bytes[8];
  return a.Unpack(a_bytes) < b.Unpack(b_bytes);
}

bool operator==(const ShortText& a, const ShortText& b) {
  if (a.word_ == b.word_) return true;
  if (!a.in_room() || !b.in_room()) return false;
  char a_bytes[8];
  char b_bytes[8];
  return a.Unpack(a_bytes) == b.Unpack(b_bytes);
}

}  // namespace waymark::node
