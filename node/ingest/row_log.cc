#include "node/ingest/row_log.h"

#include <algorithm>
#include <cstring>

namespace waymark::node {
namespace {

constexpr std::size_t kFirstBlock = 512;
constexpr std::size_t kBlock = std::size_t{16} << 10;
// More than any row takes beside its id: nine numbers of five bytes, seven codes of three, a hash.
constexpr std::size_t kMostBytes = 96;
// 2020-01-01: days near it take two bytes.
constexpr Day kNearDay = 18262;

// The first byte: type in bits 0 and 1, part in bits 2 and 3, and
constexpr unsigned kCounts = 1U << 4U;
constexpr unsigned kHasId = 1U << 5U;
constexpr unsigned kNewFile = 1U << 6U;
constexpr unsigned kHasReferral = 1U << 7U;

constexpr std::size_t CodesOf(RowType type) {
  constexpr std::size_t kCodes[] = {kRowCodes, 5, 3, 3};
  return kCodes[static_cast<std::size_t>(type)];
}

// Seven bits a byte, the lowest first; the high bit says that there is more.
void Write(std::uint32_t number, char*& at) {
  while (number >= 0x80) {
    *at++ = static_cast<char>(number | 0x80U);
    number >>= 7U;
  }
  *at++ = static_cast<char>(number);
}

std::uint32_t Read(const char*& at) {
  std::uint32_t number = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    number |= std::uint32_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return number;
  }
}

// Small numbers of either sign to small numbers.
std::uint32_t Folded(std::int64_t number) {
  const auto bits = static_cast<std::uint32_t>(number);
  return bits << 1U ^ (number < 0 ? 0xFFFFFFFFU : 0U);
}

std::int32_t Unfolded(std::uint32_t number) {
  return static_cast<std::int32_t>(number >> 1U ^ (0U - (number & 1U)));
}

}  // namespace

void RowLog::Add(const LoggedRow& row) {
  ++counts_[static_cast<std::size_t>(row.type)];
  const std::size_t most = kMostBytes + row.id.size();
  if (blocks_.empty() || blocks_.back().size - blocks_.back().used < most) {
    const std::size_t size = std::max(blocks_.empty() ? kFirstBlock : kBlock, most);
    blocks_.push_back({.bytes = std::make_unique_for_overwrite<char[]>(size), .size = size});
  }
  Block& block = blocks_.back();
  char* const begin = block.bytes.get() + block.used;
  char* at = begin + 1;
  unsigned head = static_cast<unsigned>(row.type) | static_cast<unsigned>(row.part) << 2U;
  if (row.counts) head |= kCounts;
  if (row.file != last_.file) {
    head |= kNewFile;
    Write(row.file, at);
    last_ = {.file = row.file};
  }
  Write(row.person, at);
  // Lines rise but for events, which come person by person; a difference may wrap around, and back.
  Write(Folded(static_cast<std::int32_t>(row.line - last_.line)), at);
  last_.line = row.line;
  Write(Folded(std::int64_t{row.start} - kNearDay), at);
  Write(row.end == kNoDay ? 0 : static_cast<std::uint32_t>(row.end - row.start) + 1, at);
  if (row.referral != kNoDay) {
    head |= kHasReferral;
    Write(Folded(std::int64_t{row.referral} - row.start), at);
  }
  for (std::size_t i = 0; i < CodesOf(row.type); ++i) {
    Write(static_cast<std::uint16_t>(row.codes[i] + 1), at);
  }
  if (row.id.empty()) {
    std::memcpy(at, &row.hash, sizeof row.hash);
    at += sizeof row.hash;
  } else {
    head |= kHasId;
    Write(static_cast<std::uint32_t>(row.id.size()), at);
    std::memcpy(at, row.id.data(), row.id.size());
    at += row.id.size();
  }
  *begin = static_cast<char>(head);
  block.used += static_cast<std::size_t>(at - begin);
}

const char* RowLog::Read(const char* at, Place& last, LoggedRow& row) {
  const auto head = static_cast<unsigned char>(*at++);
  row.type = static_cast<RowType>(head & 3U);
  row.part = static_cast<std::uint8_t>(head >> 2U & 3U);
  row.counts = (head & kCounts) != 0;
  if ((head & kNewFile) != 0) last = {.file = static_cast<std::uint16_t>(node::Read(at))};
  row.file = last.file;
  row.person = node::Read(at);
  last.line += static_cast<std::uint32_t>(Unfolded(node::Read(at)));
  row.line = last.line;
  row.start = Unfolded(node::Read(at)) + kNearDay;
  const std::uint32_t days = node::Read(at);
  if (days > 0) row.end = row.start + static_cast<Day>(days - 1);
  if ((head & kHasReferral) != 0) row.referral = row.start + Unfolded(node::Read(at));
  for (std::size_t i = 0; i < CodesOf(row.type); ++i) {
    row.codes[i] = static_cast<Code>(node::Read(at) - 1);
  }
  if ((head & kHasId) != 0) {
    const std::uint32_t size = node::Read(at);
    row.id = {at, size};
    at += size;
  } else {
    std::memcpy(&row.hash, at, sizeof row.hash);
    at += sizeof row.hash;
  }
  return at;
}

}  // namespace waymark::node
