// Keys made of what a person remembers: scrypt (RFC 7914), by OpenSSL. Slow and wide on purpose, so that who
// has stolen a file of hashes can try few guesses. Thread-safe.
#ifndef WAYMARK_CRYPTO_PASSPHRASE_H_
#define WAYMARK_CRYPTO_PASSPHRASE_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/secret.h"

namespace waymark::crypto {

// Memory: 128 · r · 2^log_n bytes; as given here 128 MiB, and about half a second.
struct ScryptCost {
  std::uint32_t log_n = 17;
  std::uint32_t r = 8;
  std::uint32_t p = 1;
};
inline constexpr std::uint64_t kMostScryptBytes = std::uint64_t{1} << 28;

// `bytes` (at most 64) of key. INVALID_ARGUMENT on a cost of 0, one that needs more than kMostScryptBytes, or
// p over 16; INTERNAL where OpenSSL fails, or there is not enough memory.
absl::StatusOr<SecretBytes> KeyOfPassphrase(const SecretBytes& passphrase, absl::string_view salt,
                                            const ScryptCost& cost, std::size_t bytes);

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_PASSPHRASE_H_
