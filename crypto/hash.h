// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104). Thread-safe.
#ifndef WAYMARK_CRYPTO_HASH_H_
#define WAYMARK_CRYPTO_HASH_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "crypto/secret.h"

namespace waymark::crypto {

inline constexpr std::size_t kSha256Bytes = 32;

// 32 bytes.
std::string Sha256(absl::string_view bytes);

// 32 bytes; `key` of any length. The result may be public.
std::string HmacSha256(const SecretBytes& key, absl::string_view bytes);

// Whether two byte strings are equal, in time that depends on their lengths alone.
bool ConstantTimeEqual(absl::string_view a, absl::string_view b);

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_HASH_H_
