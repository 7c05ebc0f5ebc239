#include "node/ingest/short_text.h"

#include <algorithm>
#include <cstring>

namespace waymark::node {
namespace {

constexpr std::size_t kRoomBlock = std::size_t{64} << 10;

// MurmurHash3's 64-bit finaliser (Austin Appleby, public domain).
std::uint64_t Mix(std::uint64_t word) {
  word = (word ^ word >> 33U) * 0xFF51AFD7ED558CCD;
  word = (word ^ word >> 33U) * 0xC4CEB9FE1A85EC53;
  return word ^ word >> 33U;
}

}  // namespace

std::uint64_t HashOf(absl::string_view text) {
  std::uint64_t hash = text.size() * 0x9E3779B97F4A7C15;
  while (text.size() > 8) {
    hash = Mix(hash ^ ShortText::Word(text.substr(0, 8)));
    text.remove_prefix(8);
  }
  return Mix(hash ^ ShortText::Word(text));
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

ShortText::ShortText(absl::string_view text, TextRoom& room)
    : word_(Fits(text) ? Word(text) : kInRoom << 56U | reinterpret_cast<std::uintptr_t>(room.Put(text))) {}

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

bool ShortText::IsLong(absl::string_view text) const {
  char bytes[8];
  return in_room() && Unpack(bytes) == text;
}

bool ShortText::IsBefore(const ShortText& other) const {
  char bytes[8];
  char other_bytes[8];
  return Unpack(bytes) < other.Unpack(other_bytes);
}

bool ShortText::IsSame(const ShortText& other) const {
  char bytes[8];
  char other_bytes[8];
  return Unpack(bytes) == other.Unpack(other_bytes);
}

}  // namespace waymark::node
