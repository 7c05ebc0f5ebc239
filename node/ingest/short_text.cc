#include "node/ingest/short_text.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace waymark::node {
namespace {

constexpr std::size_t kRoomBlock = std::size_t{64} << 10;
constexpr std::size_t kFirstSlots = 64;

constexpr std::uint64_t kSizeFactor = 0x9E3779B97F4A7C15;

// MurmurHash3's 64-bit finaliser (Austin Appleby, public domain).
std::uint64_t Mix(std::uint64_t word) {
  word = (word ^ word >> 33U) * 0xFF51AFD7ED558CCD;
  word = (word ^ word >> 33U) * 0xC4CEB9FE1A85EC53;
  return word ^ word >> 33U;
}

// What stands at a place that TextRoom::Put returned.
absl::string_view TextAt(const char* at) {
  std::uint32_t size = 0;
  std::memcpy(&size, at, sizeof size);
  return {at + sizeof size, size};
}

}  // namespace

std::uint64_t HashOf(absl::string_view text) {
  std::uint64_t hash = text.size() * kSizeFactor;
  while (text.size() > 8) {
    hash = Mix(hash ^ ShortText::Word(text.substr(0, 8)));
    text.remove_prefix(8);
  }
  return Mix(hash ^ ShortText::Word(text));
}

const char* TextRoom::Put(absl::string_view text) {
  if (4 * (texts_ + 1) > 3 * slots_.size()) Grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = static_cast<std::size_t>(HashOf(text)) & mask;
  while (slots_[at] != nullptr && TextAt(slots_[at]) != text) at = (at + 1) & mask;
  if (slots_[at] == nullptr) {
    slots_[at] = Write(text);
    ++texts_;
  }
  return slots_[at];
}

void TextRoom::Grow() {
  std::vector<const char*> grown(std::max(kFirstSlots, 2 * slots_.size()), nullptr);
  const std::size_t mask = grown.size() - 1;
  for (const char* const text : slots_) {
    if (text == nullptr) continue;
    std::size_t at = static_cast<std::size_t>(HashOf(TextAt(text))) & mask;
    while (grown[at] != nullptr) at = (at + 1) & mask;
    grown[at] = text;
  }
  slots_ = std::move(grown);
}

const char* TextRoom::Write(absl::string_view text) {
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
  if (in_room()) return TextAt(reinterpret_cast<const char*>(word_ & ~(kInRoom << 56U)));
  const std::uint64_t big_endian = __builtin_bswap64(word_);
  std::memcpy(bytes, &big_endian, sizeof bytes);
  return {bytes, BytesOf(word_)};
}

std::uint64_t ShortText::Hash() const {
  if (!in_room()) return Mix(BytesOf(word_) * kSizeFactor ^ word_);
  char bytes[8];
  return HashOf(Unpack(bytes));
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
