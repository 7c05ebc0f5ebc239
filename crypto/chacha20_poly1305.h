// Internal to crypto: ChaCha20-Poly1305 (RFC 8439) with any nonce, so that published vectors can be checked.
// sealing.h is what the rest uses.
#ifndef WAYMARK_CRYPTO_CHACHA20_POLY1305_H_
#define WAYMARK_CRYPTO_CHACHA20_POLY1305_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/secret.h"

namespace waymark::crypto::internal {

using ChachaNonce = std::array<std::uint8_t, 12>;

// As Seal and OpenSealed, but for the nonce. A nonce must not be used twice with one key. Thread-safe.
absl::StatusOr<std::string> SealWithNonce(const SecretBytes& key, const ChachaNonce& nonce,
                                          absl::string_view associated, const SecretBytes& plain);
absl::StatusOr<SecretBytes> OpenWithNonce(const SecretBytes& key, const ChachaNonce& nonce,
                                          absl::string_view associated, absl::string_view sealed);

}  // namespace waymark::crypto::internal

#endif  // WAYMARK_CRYPTO_CHACHA20_POLY1305_H_
