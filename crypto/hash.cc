#include "crypto/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "crypto/openssl_raii.h"

namespace waymark::crypto {
namespace {

// Fetched once: looking an algorithm up costs more than hashing a short message. Never freed, so that it
// outlives every static object that might still hash.
const EVP_MD* Sha256Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (algorithm == nullptr) internal::DieOfOpenssl("find SHA-256");
  return algorithm;
}

}  // namespace

std::string Sha256(absl::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, Sha256Algorithm(), nullptr) != 1 ||
      size != kSha256Bytes) {
    internal::DieOfOpenssl("compute SHA-256");
  }
  return std::string(reinterpret_cast<const char*>(digest), size);
}

std::string HmacSha256(const SecretBytes& key, absl::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  std::size_t size = 0;
  // A null key would mean "the key before"; an empty key is a key.
  static constexpr unsigned char kEmpty[1] = {0};
  const unsigned char* const key_data = key.empty() ? kEmpty : key.RevealSecret().data();
  if (EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key_data, key.size(), internal::Bytes(bytes),
                bytes.size(), digest, sizeof digest, &size) == nullptr ||
      size != kSha256Bytes) {
    internal::DieOfOpenssl("compute HMAC-SHA-256");
  }
  return std::string(reinterpret_cast<const char*>(digest), size);
}

bool ConstantTimeEqual(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace waymark::crypto
