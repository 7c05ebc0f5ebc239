// Authenticated encryption of one message to one receiver: ChaCha20-Poly1305 (RFC 8439). A key seals ONE
// message ever, so the nonce is always zero; whoever seals a second one under the same key gives both away.
// Thread-safe.
#ifndef WAYMARK_CRYPTO_SEALING_H_
#define WAYMARK_CRYPTO_SEALING_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/secret.h"

namespace waymark::crypto {

inline constexpr std::size_t kSealingKeyBytes = 32;
inline constexpr std::size_t kSealingOverheadBytes = 16;
inline constexpr std::size_t kMostSealingBytes = std::size_t{1}
                                                 << 24;  // of a message, and of what goes with it

// `plain` encrypted, and a tag over it and `associated`, which goes along in the clear or is known to both.
// INVALID_ARGUMENT on another key length than 32 bytes, or a part of more than 16 MiB.
absl::StatusOr<std::string> Seal(const SecretBytes& key, absl::string_view associated,
                                 const SecretBytes& plain);

// What was sealed. UNAUTHENTICATED where the key, `associated` or a byte of `sealed` is not as it was then;
// INVALID_ARGUMENT as above.
absl::StatusOr<SecretBytes> OpenSealed(const SecretBytes& key, absl::string_view associated,
                                       absl::string_view sealed);

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SEALING_H_
