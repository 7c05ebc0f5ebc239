// Key agreement by X25519 (RFC 7748) and key derivation by HKDF-SHA-256 (RFC 5869), by OpenSSL.
#ifndef WAYMARK_CRYPTO_KEY_AGREEMENT_H_
#define WAYMARK_CRYPTO_KEY_AGREEMENT_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/random.h"
#include "crypto/secret.h"

struct evp_pkey_st;  // OpenSSL's key

namespace waymark::crypto {

inline constexpr std::size_t kX25519KeyBytes = 32;

// A private key for one agreement or several, and its public key. Move-only. Thread-safe once made.
class AgreementKey {
 public:
  // The private key is clamped (RFC 7748, section 5), and as a little-endian number below 2^255 − 19, so that
  // it can be shared by secret_sharing.h as it is. INTERNAL where `random` failed.
  static absl::StatusOr<AgreementKey> Generate(RandomSource& random);
  // INVALID_ARGUMENT on another length than 32 bytes.
  static absl::StatusOr<AgreementKey> FromPrivate(const SecretBytes& private_key);

  const std::string& public_key() const { return public_key_; }    // 32 bytes
  const SecretBytes& private_key() const { return private_key_; }  // 32 bytes

  // The 32 bytes that the owner of `peer_public_key` has too. They are no key yet: derive keys from them by
  // HkdfSha256. INVALID_ARGUMENT on another length than 32 bytes, and on a peer key of small order, with
  // which everybody has the shared secret of all zeros.
  absl::StatusOr<SecretBytes> Agree(absl::string_view peer_public_key) const;

 private:
  struct FreeKey {
    void operator()(evp_pkey_st* key) const;
  };
  using Key = std::unique_ptr<evp_pkey_st, FreeKey>;
  AgreementKey(Key key, SecretBytes private_key, std::string public_key);
  Key key_;  // kept, since making it costs as much as an agreement
  SecretBytes private_key_;
  std::string public_key_;
};

// `bytes` bytes, 1 to 8160, from `key`, which is not empty; INVALID_ARGUMENT otherwise. Thread-safe.
absl::StatusOr<SecretBytes> HkdfSha256(const SecretBytes& key, absl::string_view salt, absl::string_view info,
                                       std::size_t bytes);

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_KEY_AGREEMENT_H_
