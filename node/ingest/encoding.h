// The two ways in which councils' files write letters.
#ifndef WAYMARK_NODE_INGEST_ENCODING_H_
#define WAYMARK_NODE_INGEST_ENCODING_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace waymark::node {

enum class Encoding {
  kUtf8,
  // Also serves ISO-8859-1, of which it is a superset in practice (WHATWG Encoding Standard, "windows-1252").
  kWindows1252,
};

// The place of the first byte that is not valid UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing
// above U+10FFFF), or npos.
std::size_t FirstInvalidUtf8(absl::string_view text);

// Appends one character, below U+10000, to `out` as UTF-8.
void AppendCodePoint(std::uint32_t code, std::string& out);

// Appends `text`, which is Windows-1252, to `out` as UTF-8. Every byte has a meaning: the five undefined ones
// become the control characters of the same number, as the WHATWG standard has it. At most 3 bytes out for
// one in.
void AppendWindows1252AsUtf8(absl::string_view text, std::string& out);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_ENCODING_H_
