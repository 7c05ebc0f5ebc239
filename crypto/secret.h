// Bytes that must not outlive their use: private keys, seeds, tokens. Move-only, cleansed on destruction, no
// stream operator, no operator==. Whoever reads the bytes must say so: RevealSecret is easy to search for.
#ifndef WAYMARK_CRYPTO_SECRET_H_
#define WAYMARK_CRYPTO_SECRET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "crypto/random.h"

namespace waymark::crypto {

// Not thread-safe.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(absl::string_view bytes);
  explicit SecretBytes(std::size_t size);  // zeros
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  static absl::StatusOr<SecretBytes> Random(std::size_t size, RandomSource& random);

  SecretBytes Clone() const;
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }

  // The bytes, for the primitive that needs them. They live as long as this object.
  absl::Span<const std::uint8_t> RevealSecret() const { return bytes_; }
  absl::string_view RevealSecretText() const;
  absl::Span<std::uint8_t> MutableSecret() { return absl::MakeSpan(bytes_); }

 private:
  void Cleanse();
  std::vector<std::uint8_t> bytes_;  // never grows, so that no copy is left behind
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECRET_H_
