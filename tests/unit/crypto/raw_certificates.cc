#include "tests/unit/crypto/raw_certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <iostream>
#include <memory>

namespace waymark::testing {
namespace {

template <typename T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

void FreeBio(BIO* bio) {
  BIO_free(bio);
}

// A test that cannot make its own input has nothing to say.
void Must(bool good, const char* what) {
  if (good) return;
  std::cerr << "test helper: " << what << " failed\n";
  std::abort();
}

Owned<BIO> Reader(absl::string_view text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &FreeBio};
}

Owned<BIO> Writer() {
  return {BIO_new(BIO_s_mem()), &FreeBio};
}

std::string Text(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

Owned<X509> ReadCertificate(absl::string_view pem) {
  const auto bio = Reader(pem);
  Owned<X509> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free);
  Must(certificate != nullptr, "reading a certificate");
  return certificate;
}

Owned<EVP_PKEY> MakeKey(const std::string& algorithm) {
  EVP_PKEY* key = nullptr;
  if (algorithm == "RSA") {
    key = EVP_RSA_gen(2048);
  } else if (algorithm == "ED25519") {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  } else {
    key = EVP_EC_gen(algorithm.c_str());
  }
  Must(key != nullptr, "generating a key");
  return {key, &EVP_PKEY_free};
}

void AddName(X509_NAME* name, const std::string& common_name) {
  Must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(common_name.data()),
                                  static_cast<int>(common_name.size()), -1, 0) == 1,
       "naming");
}

void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()),
                                        &X509_EXTENSION_free);
  Must(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1, value.c_str());
}

}  // namespace

crypto::CertificateWithKey MakeRawCertificate(const crypto::CertificateWithKey& authority,
                                              const RawCertificate& wanted) {
  const auto issuer = ReadCertificate(authority.certificate_pem);
  const auto key_text = Reader(authority.private_key_pem.RevealSecretText());
  const Owned<EVP_PKEY> issuer_key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr),
                                   &EVP_PKEY_free);
  const auto key = MakeKey("P-256");
  const Owned<X509> certificate(X509_new(), &X509_free);
  X509* const made = certificate.get();
  static int serial = 0;
  Must(X509_set_version(made, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial) == 1 &&
           X509_set_issuer_name(made, X509_get_subject_name(issuer.get())) == 1 &&
           X509_set_pubkey(made, key.get()) == 1 &&
           ASN1_TIME_set(X509_getm_notBefore(made), absl::ToTimeT(wanted.not_before)) != nullptr &&
           ASN1_TIME_set(X509_getm_notAfter(made), absl::ToTimeT(wanted.not_after)) != nullptr,
       "filling a certificate");
  if (!wanted.common_name.empty()) AddName(X509_get_subject_name(made), wanted.common_name);
  if (!wanted.alternative_names.empty()) {
    AddExtension(made, issuer.get(), NID_subject_alt_name,
                 (wanted.common_name.empty() ? "critical," : "") + wanted.alternative_names);
  }
  if (!wanted.extended_usage.empty()) {
    AddExtension(made, issuer.get(), NID_ext_key_usage, wanted.extended_usage);
  }
  Must(X509_sign(made, issuer_key.get(), EVP_sha256()) > 0, "signing");

  const auto certificate_text = Writer();
  const auto private_text = Writer();
  Must(PEM_write_bio_X509(certificate_text.get(), made) == 1 &&
           PEM_write_bio_PKCS8PrivateKey(private_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                         nullptr) == 1,
       "writing");
  return {Text(certificate_text.get()), crypto::SecretBytes(Text(private_text.get()))};
}

std::string MakeRawRequest(const std::string& algorithm, const std::string& name) {
  const auto key = MakeKey(algorithm);
  const Owned<X509_REQ> request(X509_REQ_new(), &X509_REQ_free);
  AddName(X509_REQ_get_subject_name(request.get()), name);
  STACK_OF(X509_EXTENSION)* extensions = sk_X509_EXTENSION_new_null();
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, nullptr, nullptr, request.get(), nullptr, 0);
  for (const auto& [nid, value] : {std::pair{NID_basic_constraints, "critical,CA:TRUE"},
                                   std::pair{NID_subject_alt_name, "URI:waymark://other,DNS:example.org"},
                                   std::pair{NID_key_usage, "keyCertSign"}}) {
    sk_X509_EXTENSION_push(extensions, X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  }
  Must(X509_REQ_add_extensions(request.get(), extensions) == 1, "adding extensions");
  sk_X509_EXTENSION_pop_free(extensions, &X509_EXTENSION_free);
  Must(X509_REQ_set_pubkey(request.get(), key.get()) == 1 &&
           X509_REQ_sign(request.get(), key.get(), algorithm == "ED25519" ? nullptr : EVP_sha256()) > 0,
       "signing a request");
  const auto text = Writer();
  Must(PEM_write_bio_X509_REQ(text.get(), request.get()) == 1, "writing a request");
  return Text(text.get());
}

std::string VerifyChain(absl::string_view certificate_pem, absl::string_view authority_pem, Purpose purpose,
                        absl::Time at) {
  const auto certificate = ReadCertificate(certificate_pem);
  const auto authority = ReadCertificate(authority_pem);
  const Owned<X509_STORE> store(X509_STORE_new(), &X509_STORE_free);
  const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new(), &X509_STORE_CTX_free);
  Must(X509_STORE_add_cert(store.get(), authority.get()) == 1 &&
           X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr) == 1 &&
           X509_STORE_CTX_set_purpose(context.get(), purpose == Purpose::kClient
                                                         ? X509_PURPOSE_SSL_CLIENT
                                                         : X509_PURPOSE_SSL_SERVER) == 1,
       "setting up verification");
  X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
  X509_VERIFY_PARAM_set_time(parameters, absl::ToTimeT(at));
  X509_VERIFY_PARAM_set_auth_level(parameters, 2);
  X509_verify_cert(context.get());
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

std::string CertificateText(absl::string_view certificate_pem) {
  const auto certificate = ReadCertificate(certificate_pem);
  const auto text = Writer();
  Must(X509_print(text.get(), certificate.get()) == 1, "printing");
  return Text(text.get());
}

}  // namespace waymark::testing
