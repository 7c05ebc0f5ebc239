#include "node/ingest/encoding.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace waymark::node {
namespace {

// Code points of bytes 0x80 to 0x9F; the rest of Windows-1252 is Latin-1.
constexpr std::array<std::uint16_t, 32> kHighControls = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

std::uint8_t Byte(absl::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<std::uint8_t>(text[at]) : 0;
}

bool IsContinuation(std::uint8_t byte) {
  return (byte & 0xC0) == 0x80;
}

// Length of the sequence that begins at `at` with a byte above 0x7F; 0 if it is none. The ranges of the
// second byte are those of RFC 3629, section 4.
std::size_t SequenceLength(absl::string_view text, std::size_t at) {
  const std::uint8_t first = Byte(text, at);
  const std::uint8_t second = Byte(text, at + 1);
  if (first >= 0xC2 && first <= 0xDF) return IsContinuation(second) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const std::uint8_t least = first == 0xE0 ? 0xA0 : 0x80;
    const std::uint8_t most = first == 0xED ? 0x9F : 0xBF;
    return second >= least && second <= most && IsContinuation(Byte(text, at + 2)) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const std::uint8_t least = first == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t most = first == 0xF4 ? 0x8F : 0xBF;
    return second >= least && second <= most && IsContinuation(Byte(text, at + 2)) &&
                   IsContinuation(Byte(text, at + 3))
               ? 4
               : 0;
  }
  return 0;
}

}  // namespace

std::size_t FirstInvalidUtf8(absl::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::size_t at = 0;
  while (at < text.size()) {
    if (Byte(text, at) < 0x80) {
      std::uint64_t next = kHighBits;
      if (text.size() - at >= sizeof next) std::memcpy(&next, text.data() + at, sizeof next);
      at += (next & kHighBits) == 0 ? sizeof next : 1;
      continue;
    }
    const std::size_t length = SequenceLength(text, at);
    if (length == 0) return at;
    at += length;
  }
  return absl::string_view::npos;
}

void AppendCodePoint(std::uint32_t code, std::string& out) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0U | (code >> 6U)));
    out.push_back(static_cast<char>(0x80U | (code & 0x3FU)));
  } else {
    out.push_back(static_cast<char>(0xE0U | (code >> 12U)));
    out.push_back(static_cast<char>(0x80U | ((code >> 6U) & 0x3FU)));
    out.push_back(static_cast<char>(0x80U | (code & 0x3FU)));
  }
}

void AppendWindows1252AsUtf8(absl::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint8_t byte = Byte(text, i);
    AppendCodePoint(byte >= 0x80 && byte < 0xA0 ? kHighControls[byte - 0x80U] : byte, out);
  }
}

}  // namespace waymark::node
