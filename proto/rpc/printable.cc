#include "proto/rpc/printable.h"

#include <cstdint>

namespace waymark::rpc {
namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 0;  // 0: no well-formed UTF-8 here
};

// The first character of `text` (RFC 3629).
CodePoint Decode(absl::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {};
  std::uint32_t value = lead & (0x7Fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte(i) & 0x3Fu);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kLeast[bytes] || value > 0x10FFFF || surrogate) return {};
  return {value, bytes};
}

bool IsVisible(std::uint32_t c) {
  if (c < 0xA0) return c >= 0x20 && c < 0x7F;
  const bool directs =
      (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F);
  return !directs && c != 0xAD && c != 0x61C && c != 0xFEFF && !(c >= 0xE000 && c <= 0xF8FF) &&
         !(c >= 0xFFF0 && c <= 0xFFFF) && c < 0xE0000;
}

}  // namespace

std::string Printable(absl::string_view text) {
  std::string out;
  while (!text.empty()) {
    const CodePoint c = Decode(text);
    const std::size_t taken = c.bytes == 0 ? 1 : c.bytes;
    absl::string_view shown = "?";
    if (c.bytes == 1 && (text[0] == '\n' || text[0] == '\t' || text[0] == '\r')) {
      shown = " ";
    } else if (c.bytes > 0 && IsVisible(c.value)) {
      shown = text.substr(0, c.bytes);
    }
    if (out.size() + shown.size() > kMaxStatusMessageBytes) break;
    out.append(shown.data(), shown.size());
    text.remove_prefix(taken);
  }
  return out;
}

}  // namespace waymark::rpc
