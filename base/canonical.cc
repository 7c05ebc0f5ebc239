#include "base/canonical.h"

#include <endian.h>

#include "absl/strings/str_cat.h"

namespace waymark {

CanonicalWriter& CanonicalWriter::Unsigned(std::uint64_t value) {
  const std::uint64_t bytes = htobe64(value);  // a release has a hundred thousand of them
  bytes_.append(reinterpret_cast<const char*>(&bytes), sizeof bytes);
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

CanonicalReader::CanonicalReader(absl::string_view bytes, absl::string_view label)
    : label_(label), bytes_(bytes) {
  if (Text(label.size()) != label) Fail("another kind of message");
}

absl::string_view CanonicalReader::Take(std::size_t size) {
  if (!error_.ok()) return {};
  if (size > bytes_.size() - at_) {
    Fail("it ends too early");
    return {};
  }
  at_ += size;
  return bytes_.substr(at_ - size, size);
}

std::uint64_t CanonicalReader::Unsigned(std::uint64_t most) {
  std::uint64_t value = 0;
  for (const char byte : Take(8)) value = value << 8 | static_cast<std::uint8_t>(byte);
  if (value <= most) return value;
  Fail(absl::StrCat("a number above ", most));
  return 0;
}

absl::string_view CanonicalReader::Text(std::size_t most) {
  return Take(Unsigned(most));
}

absl::string_view CanonicalReader::Fixed(std::size_t size) {
  const absl::string_view text = Text(size);
  if (text.size() != size) Fail(absl::StrCat("a text that has not ", size, " bytes"));
  return text;
}

void CanonicalReader::Fail(absl::string_view what) {
  if (!error_.ok()) return;
  error_ = absl::InvalidArgumentError(absl::StrCat(label_, ": ", what, ", before byte ", at_));
}

absl::Status CanonicalReader::Finish() const {
  if (error_.ok() && at_ != bytes_.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat(label_, ": more bytes than it should have, from byte ", at_));
  }
  return error_;
}

}  // namespace waymark
