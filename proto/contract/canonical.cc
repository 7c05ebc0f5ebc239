#include "proto/contract/canonical.h"

namespace waymark::contract {

CanonicalWriter& CanonicalWriter::Unsigned(std::uint64_t value) {
  char bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(value >> (56 - 8 * i));
  bytes_.append(bytes, sizeof bytes);
  return *this;
}

CanonicalWriter& CanonicalWriter::Signed(std::int64_t value) {
  return Unsigned(static_cast<std::uint64_t>(value));
}

CanonicalWriter& CanonicalWriter::Bool(bool value) {
  bytes_ += value ? '\1' : '\0';
  return *this;
}

CanonicalWriter& CanonicalWriter::Text(absl::string_view value) {
  Unsigned(value.size());
  bytes_.append(value.data(), value.size());
  return *this;
}

}  // namespace waymark::contract
