// The canonical byte encoding that signatures and hashes are made over (docs/protocol.md, "Canonical
// encoding"). It is injective: two different sequences of fields never give the same bytes.
#ifndef WAYMARK_PROTO_CONTRACT_CANONICAL_H_
#define WAYMARK_PROTO_CONTRACT_CANONICAL_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace waymark::contract {

// Appends fields in a fixed order: integers as eight bytes, big-endian, two's complement; booleans as one
// byte; texts and bytes after their length as an integer; a list after its number of elements. The encoding
// begins with a label that says what is encoded and in which version, so that bytes signed for one purpose
// serve no other.
class CanonicalWriter {
 public:
  explicit CanonicalWriter(absl::string_view label) { Text(label); }

  CanonicalWriter& Unsigned(std::uint64_t value);
  CanonicalWriter& Signed(std::int64_t value);
  CanonicalWriter& Bool(bool value);
  CanonicalWriter& Text(absl::string_view value);  // bytes too
  // Writes how many elements follow; the caller writes them.
  CanonicalWriter& Count(std::size_t elements) { return Unsigned(elements); }

  const std::string& bytes() const& { return bytes_; }
  std::string bytes() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_CANONICAL_H_
