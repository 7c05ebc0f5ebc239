// Ed25519 signatures (RFC 8032), by OpenSSL.
#ifndef WAYMARK_CRYPTO_SIGNATURE_H_
#define WAYMARK_CRYPTO_SIGNATURE_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/random.h"
#include "crypto/secret.h"

struct evp_pkey_st;  // OpenSSL's key

namespace waymark::crypto {

inline constexpr std::size_t kEd25519PublicKeyBytes = 32;
inline constexpr std::size_t kEd25519SeedBytes = 32;
inline constexpr std::size_t kEd25519SignatureBytes = 64;

// Move-only. Thread-safe once made.
class SigningKey {
 public:
  static absl::StatusOr<SigningKey> Generate(RandomSource& random);
  // `seed`: the 32-byte private key of RFC 8032. INVALID_ARGUMENT on another length.
  static absl::StatusOr<SigningKey> FromSeed(const SecretBytes& seed);
  // Reads the seed from `path` (mode 0600), or generates it and writes it there.
  static absl::StatusOr<SigningKey> LoadOrCreate(const std::string& path, RandomSource& random);

  const std::string& public_key() const { return public_key_; }  // 32 bytes
  const SecretBytes& seed() const { return seed_; }

  // 64 bytes. INTERNAL where OpenSSL fails.
  absl::StatusOr<std::string> Sign(absl::string_view message) const;

 private:
  struct FreeKey {
    void operator()(evp_pkey_st* key) const;
  };
  using Key = std::unique_ptr<evp_pkey_st, FreeKey>;
  SigningKey(Key key, SecretBytes seed, std::string public_key);
  Key key_;  // kept, since making it costs as much as a signature
  SecretBytes seed_;
  std::string public_key_;
};

// OK where `signature` is `public_key`'s over `message`; UNAUTHENTICATED where it is not; INVALID_ARGUMENT on
// a wrong length.
absl::Status VerifySignature(absl::string_view public_key, absl::string_view message,
                             absl::string_view signature);

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SIGNATURE_H_
