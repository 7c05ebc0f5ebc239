// The canonical byte encoding that signatures and hashes are made over (docs/protocol.md, "Canonical
// encoding"). It is injective: two different sequences of fields never give the same bytes.
#ifndef WAYMARK_BASE_CANONICAL_H_
#define WAYMARK_BASE_CANONICAL_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace waymark {

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

// Reads what a CanonicalWriter wrote, from bytes that nobody vouches for. The first thing that is not as it
// should be is remembered, and every later field is then 0 or empty, so that one look at Finish() is enough.
// The texts that it gives are views of `bytes`.
class CanonicalReader {
 public:
  CanonicalReader(absl::string_view bytes, absl::string_view label);

  std::uint64_t Unsigned(std::uint64_t most);
  absl::string_view Text(std::size_t most);   // at most so many bytes
  absl::string_view Fixed(std::size_t size);  // a text of exactly so many bytes
  std::size_t Count(std::size_t most) { return Unsigned(most); }

  // OK where all fields were there and nothing follows; else INVALID_ARGUMENT naming the label and the byte.
  absl::Status Finish() const;

 private:
  absl::string_view Take(std::size_t size);
  void Fail(absl::string_view what);

  const std::string label_;
  const absl::string_view bytes_;
  std::size_t at_ = 0;
  absl::Status error_;
};

}  // namespace waymark

#endif  // WAYMARK_BASE_CANONICAL_H_
