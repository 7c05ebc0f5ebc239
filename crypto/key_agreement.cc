#include "crypto/key_agreement.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/proverr.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/openssl_raii.h"

namespace waymark::crypto {
namespace {

using internal::Bytes;
using internal::ErrorQueueGuard;
using internal::OpensslError;
using KeyContextPtr = internal::OpensslPtr<EVP_PKEY_CTX, &EVP_PKEY_CTX_free>;
using KdfContextPtr = internal::OpensslPtr<EVP_KDF_CTX, &EVP_KDF_CTX_free>;

constexpr std::size_t kMostDerivedBytes = 255 * kSha256Bytes;

absl::Status WrongLength(absl::string_view what, std::size_t size) {
  return absl::InvalidArgumentError(
      absl::StrCat("an X25519 ", what, " key has ", kX25519KeyBytes, " bytes, this has ", size));
}

// A clamped key has its low three bits clear, so those from 2^255 − 19 on are two: all other bits of the
// first byte but bit 3 set, and all of the rest.
bool IsBelowThePrime(absl::Span<const std::uint8_t> clamped) {
  std::uint8_t all = static_cast<std::uint8_t>(clamped[0] | 0x0F);
  for (std::size_t i = 1; i + 1 < kX25519KeyBytes; ++i) all = static_cast<std::uint8_t>(all & clamped[i]);
  return (all & (clamped[kX25519KeyBytes - 1] | 0x80)) != 0xFF;
}

// Fetched once: looking it up costs more than deriving a key. Never freed, like SHA-256 in hash.cc.
EVP_KDF* HkdfAlgorithm() {
  static EVP_KDF* const algorithm = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  return algorithm;
}

OSSL_PARAM Octets(const char* name, absl::string_view bytes) {
  // OpenSSL's parameters are not const, but the derivation only reads them.
  return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(bytes.data()), bytes.size());
}

}  // namespace

void AgreementKey::FreeKey::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

AgreementKey::AgreementKey(Key key, SecretBytes private_key, std::string public_key)
    : key_(std::move(key)), private_key_(std::move(private_key)), public_key_(std::move(public_key)) {}

absl::StatusOr<AgreementKey> AgreementKey::Generate(RandomSource& random) {
  ASSIGN_OR_RETURN(SecretBytes drawn, SecretBytes::Random(kX25519KeyBytes, random));
  const absl::Span<std::uint8_t> bytes = drawn.MutableSecret();
  bytes[0] &= 0xF8;
  bytes[kX25519KeyBytes - 1] = static_cast<std::uint8_t>((bytes[kX25519KeyBytes - 1] & 0x7F) | 0x40);
  if (!IsBelowThePrime(bytes)) {  // once in 2^250 draws
    return absl::InternalError("X25519: the random generator gave nothing but ones, so it is broken");
  }
  return FromPrivate(drawn);
}

absl::StatusOr<AgreementKey> AgreementKey::FromPrivate(const SecretBytes& private_key) {
  if (private_key.size() != kX25519KeyBytes) return WrongLength("private", private_key.size());
  const ErrorQueueGuard guard;
  Key key(EVP_PKEY_new_raw_private_key_ex(nullptr, "X25519", nullptr, private_key.RevealSecret().data(),
                                          private_key.size()));
  if (key == nullptr) return OpensslError("take the X25519 private key");
  unsigned char public_key[kX25519KeyBytes];
  std::size_t size = sizeof public_key;
  if (EVP_PKEY_get_raw_public_key(key.get(), public_key, &size) != 1 || size != kX25519KeyBytes) {
    return OpensslError("derive the X25519 public key");
  }
  return AgreementKey(std::move(key), private_key.Clone(),
                      std::string(reinterpret_cast<const char*>(public_key), size));
}

absl::StatusOr<SecretBytes> AgreementKey::Agree(absl::string_view peer_public_key) const {
  if (peer_public_key.size() != kX25519KeyBytes) return WrongLength("public", peer_public_key.size());
  const ErrorQueueGuard guard;
  const internal::KeyPtr peer(EVP_PKEY_new_raw_public_key_ex(nullptr, "X25519", nullptr,
                                                             Bytes(peer_public_key), peer_public_key.size()));
  if (peer == nullptr) return OpensslError("take the X25519 public key");
  const KeyContextPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  if (context == nullptr) return OpensslError("allocate an X25519 context");
  if (EVP_PKEY_derive_init(context.get()) != 1 || EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1) {
    return OpensslError("begin an X25519 agreement");
  }
  SecretBytes shared(kX25519KeyBytes);
  std::size_t size = shared.size();
  if (EVP_PKEY_derive(context.get(), shared.MutableSecret().data(), &size) != 1) {
    // OpenSSL's name for a shared secret of all zeros (RFC 7748, section 6.1).
    if (ERR_GET_REASON(ERR_peek_error()) != PROV_R_FAILED_DURING_DERIVATION)
      return OpensslError("agree by X25519");
    return absl::InvalidArgumentError(
        "the peer's X25519 public key is of small order, so there is no secret with it; refuse the peer");
  }
  if (size != kX25519KeyBytes) return OpensslError("agree by X25519");
  return shared;
}

absl::StatusOr<SecretBytes> HkdfSha256(const SecretBytes& key, absl::string_view salt, absl::string_view info,
                                       std::size_t bytes) {
  if (key.empty()) return absl::InvalidArgumentError("HKDF: the key is empty");
  if (bytes < 1 || bytes > kMostDerivedBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("HKDF-SHA-256 gives 1 to ", kMostDerivedBytes, " bytes, asked were ", bytes));
  }
  const ErrorQueueGuard guard;
  const KdfContextPtr context(EVP_KDF_CTX_new(HkdfAlgorithm()));
  if (context == nullptr) return OpensslError("allocate an HKDF context");
  // What is empty is left out: OpenSSL's default for either is the empty string of RFC 5869.
  OSSL_PARAM parameters[5];
  OSSL_PARAM* next = parameters;
  *next++ = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, const_cast<char*>("SHA256"), 0);
  *next++ = Octets(OSSL_KDF_PARAM_KEY, key.RevealSecretText());
  if (!salt.empty()) *next++ = Octets(OSSL_KDF_PARAM_SALT, salt);
  if (!info.empty()) *next++ = Octets(OSSL_KDF_PARAM_INFO, info);
  *next = OSSL_PARAM_construct_end();
  SecretBytes derived(bytes);
  if (EVP_KDF_derive(context.get(), derived.MutableSecret().data(), derived.size(), parameters) != 1) {
    return OpensslError("derive a key by HKDF");
  }
  return derived;
}

}  // namespace waymark::crypto
