#include "crypto/passphrase.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "crypto/openssl_raii.h"

namespace waymark::crypto {
namespace {

using internal::OpensslError;
using KdfPtr = internal::OpensslPtr<EVP_KDF, &EVP_KDF_free>;
using KdfContextPtr = internal::OpensslPtr<EVP_KDF_CTX, &EVP_KDF_CTX_free>;

constexpr std::size_t kMostKeyBytes = 64;
constexpr std::uint32_t kMostP = 16;
constexpr std::uint32_t kMostLogN = 24;

// OpenSSL only reads what it is given, and does not say so.
OSSL_PARAM OctetParam(const char* name, absl::string_view bytes) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(bytes.data()), bytes.size());
}

}  // namespace

absl::StatusOr<SecretBytes> KeyOfPassphrase(const SecretBytes& passphrase, absl::string_view salt,
                                            const ScryptCost& cost, std::size_t bytes) {
  const bool is_small = cost.log_n >= 1 && cost.log_n <= kMostLogN && cost.r >= 1 && cost.r <= 1024 &&
                        cost.p >= 1 && cost.p <= kMostP &&
                        ((std::uint64_t{128} * cost.r) << cost.log_n) <= kMostScryptBytes;
  if (!is_small || bytes == 0 || bytes > kMostKeyBytes) {
    return absl::InvalidArgumentError(absl::StrCat("scrypt: a cost of log_n ", cost.log_n, ", r ", cost.r,
                                                   ", p ", cost.p, " for ", bytes,
                                                   " bytes of key is not taken"));
  }
  const internal::ErrorQueueGuard guard;
  const KdfPtr kdf(EVP_KDF_fetch(nullptr, "SCRYPT", nullptr));
  const KdfContextPtr context(kdf == nullptr ? nullptr : EVP_KDF_CTX_new(kdf.get()));
  if (context == nullptr) return OpensslError("find scrypt");
  std::uint64_t n = std::uint64_t{1} << cost.log_n;
  std::uint32_t r = cost.r, p = cost.p;
  std::uint64_t most = 2 * kMostScryptBytes;
  // A null pointer would mean that there is none.
  const absl::string_view pass = passphrase.empty() ? "" : passphrase.RevealSecretText();
  const OSSL_PARAM parameters[] = {OctetParam(OSSL_KDF_PARAM_PASSWORD, pass),
                                   OctetParam(OSSL_KDF_PARAM_SALT, salt.empty() ? "" : salt),
                                   OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
                                   OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
                                   OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
                                   OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &most),
                                   OSSL_PARAM_construct_end()};
  SecretBytes key(bytes);
  if (EVP_KDF_derive(context.get(), key.MutableSecret().data(), bytes, parameters) != 1)
    return OpensslError("run scrypt");
  return key;
}

}  // namespace waymark::crypto
