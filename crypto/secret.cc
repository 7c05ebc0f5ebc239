#include "crypto/secret.h"

#include <openssl/crypto.h>

#include <utility>

#include "base/status.h"

namespace waymark::crypto {

SecretBytes::SecretBytes(absl::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}

SecretBytes::SecretBytes(std::size_t size) : bytes_(size) {}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    Cleanse();
    bytes_ = std::exchange(other.bytes_, {});
  }
  return *this;
}

SecretBytes::~SecretBytes() {
  Cleanse();
}

absl::StatusOr<SecretBytes> SecretBytes::Random(std::size_t size, RandomSource& random) {
  SecretBytes made(size);
  RETURN_IF_ERROR(random.Fill(made.MutableSecret()));
  return made;
}

SecretBytes SecretBytes::Clone() const {
  return SecretBytes(RevealSecretText());
}

absl::string_view SecretBytes::RevealSecretText() const {
  return absl::string_view(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
}

void SecretBytes::Cleanse() {
  if (!bytes_.empty()) OPENSSL_cleanse(bytes_.data(), bytes_.size());
  bytes_.clear();
}

}  // namespace waymark::crypto
