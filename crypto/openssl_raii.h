// Internal to crypto (and the TLS probe in proto/rpc): OpenSSL's objects in std::unique_ptr, and its errors
// as absl::Status. OpenSSL keeps errors in a queue for each thread, and gRPC reads the same queue to learn
// how a handshake went, so whatever calls OpenSSL leaves the queue empty: by OpensslError, or by an
// ErrorQueueGuard in its scope.
#ifndef WAYMARK_CRYPTO_OPENSSL_RAII_H_
#define WAYMARK_CRYPTO_OPENSSL_RAII_H_

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace waymark::crypto::internal {

template <auto kFree>
struct OpensslDeleter {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};

template <typename T, auto kFree>
using OpensslPtr = std::unique_ptr<T, OpensslDeleter<kFree>>;

using BioPtr = OpensslPtr<BIO, &BIO_free_all>;
using CipherContextPtr = OpensslPtr<EVP_CIPHER_CTX, &EVP_CIPHER_CTX_free>;
using MdContextPtr = OpensslPtr<EVP_MD_CTX, &EVP_MD_CTX_free>;
using KeyPtr = OpensslPtr<EVP_PKEY, &EVP_PKEY_free>;
using CertificatePtr = OpensslPtr<X509, &X509_free>;
using RequestPtr = OpensslPtr<X509_REQ, &X509_REQ_free>;
using NamePtr = OpensslPtr<X509_NAME, &X509_NAME_free>;
using ExtensionPtr = OpensslPtr<X509_EXTENSION, &X509_EXTENSION_free>;
using GeneralNamePtr = OpensslPtr<GENERAL_NAME, &GENERAL_NAME_free>;
using GeneralNamesPtr = OpensslPtr<GENERAL_NAMES, &GENERAL_NAMES_free>;
using Ia5StringPtr = OpensslPtr<ASN1_IA5STRING, &ASN1_IA5STRING_free>;
using OctetStringPtr = OpensslPtr<ASN1_OCTET_STRING, &ASN1_OCTET_STRING_free>;
using IntegerPtr = OpensslPtr<ASN1_INTEGER, &ASN1_INTEGER_free>;
using TimePtr = OpensslPtr<ASN1_TIME, &ASN1_TIME_free>;
using BignumPtr = OpensslPtr<BIGNUM, &BN_free>;

// Empties this thread's error queue on leaving the scope.
class ErrorQueueGuard {
 public:
  ErrorQueueGuard() = default;
  ErrorQueueGuard(const ErrorQueueGuard&) = delete;
  ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;
  ~ErrorQueueGuard() { ERR_clear_error(); }
};

// Text as OpenSSL takes it.
inline const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// INTERNAL: "OpenSSL could not DOING: reason"; empties the queue.
absl::Status OpensslError(absl::string_view doing);

// For the few functions without a status, where OpenSSL can fail only because the installation is broken or
// memory has run out (SHA-256 over bytes in memory): logs and ends the process. Never reached by what a peer
// or a file sent.
[[noreturn]] void DieOfOpenssl(absl::string_view doing);

}  // namespace waymark::crypto::internal

#endif  // WAYMARK_CRYPTO_OPENSSL_RAII_H_
