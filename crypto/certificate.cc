#include "crypto/certificate.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/certificate_parts.h"
#include "crypto/hash.h"
#include "crypto/openssl_raii.h"

namespace waymark::crypto {
namespace {

using internal::AddExtension;
using internal::CertificatePtr;
using internal::ErrorQueueGuard;
using internal::GeneralNamePtr;
using internal::GeneralNamesPtr;
using internal::KeyPtr;
using internal::NamePtr;
using internal::OpensslError;
using internal::RequestPtr;

constexpr std::size_t kMostServerNames = 100;

struct Authority {
  CertificatePtr certificate;
  KeyPtr key;
};

absl::StatusOr<Authority> OpenAuthority(const CertificateWithKey& authority) {
  Authority opened;
  ASSIGN_OR_RETURN(opened.certificate, internal::ParseCertificate(authority.certificate_pem));
  ASSIGN_OR_RETURN(opened.key, internal::ParsePrivateKey(authority.private_key_pem));
  if (X509_check_private_key(opened.certificate.get(), opened.key.get()) != 1) {
    return absl::FailedPreconditionError(
        "the authority's certificate and private key do not belong together; restore both from the same "
        "backup");
  }
  if (X509_check_ca(opened.certificate.get()) != 1 || !internal::IsNamedP256(opened.key.get())) {
    return absl::FailedPreconditionError(
        "the authority's certificate is not that of a P-256 certificate authority; use the one that made the "
        "federation");
  }
  return opened;
}

absl::Status Sign(X509* certificate, EVP_PKEY* key) {
  if (X509_sign(certificate, key, EVP_sha256()) <= 0) return OpensslError("sign a certificate");
  return absl::OkStatus();
}

absl::Status CheckWithin(const Authority& authority, Validity validity) {
  ASSIGN_OR_RETURN(const absl::Time end, internal::FromAsn1(X509_get0_notAfter(authority.certificate.get())));
  if (validity.not_after <= end) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "the certificate would end ", absl::FormatTime(validity.not_after), ", after its authority (",
      absl::FormatTime(end), "); ask for an earlier end or renew the authority"));
}

// A certificate for `key` with `names` as its whole identity: the subject stays empty, so by RFC 5280
// (4.1.2.6) the alternative names are critical.
absl::StatusOr<CertificatePtr> Issue(const Authority& authority, EVP_PKEY* key,
                                     std::vector<GeneralNamePtr> names, const char* extended_usage,
                                     Validity validity) {
  RETURN_IF_ERROR(CheckWithin(authority, validity));
  ASSIGN_OR_RETURN(CertificatePtr certificate,
                   internal::BeginCertificate(validity.not_before, validity.not_after, key));
  X509* const made = certificate.get();
  X509* const issuer = authority.certificate.get();
  if (X509_set_issuer_name(made, X509_get_subject_name(issuer)) != 1) return OpensslError("name the issuer");
  RETURN_IF_ERROR(internal::AddAlternativeNames(made, std::move(names), /*critical=*/true));
  RETURN_IF_ERROR(AddExtension(made, issuer, NID_basic_constraints, "critical,CA:FALSE"));
  RETURN_IF_ERROR(AddExtension(made, issuer, NID_key_usage, "critical,digitalSignature"));
  RETURN_IF_ERROR(AddExtension(made, issuer, NID_ext_key_usage, extended_usage));
  RETURN_IF_ERROR(AddExtension(made, issuer, NID_subject_key_identifier, "hash"));
  RETURN_IF_ERROR(AddExtension(made, issuer, NID_authority_key_identifier, "keyid:always"));
  RETURN_IF_ERROR(Sign(made, authority.key.get()));
  return certificate;
}

// Where X509_get_ext_d2i cannot decode the extension, or finds it twice, that shows in `critical` only.
absl::StatusOr<std::vector<std::string>> UrisOf(const X509* certificate) {
  int critical = 0;
  const GeneralNamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nullptr)));
  std::vector<std::string> uris;
  if (names == nullptr) {
    if (critical == -1) return uris;  // there is none
    return absl::InvalidArgumentError(
        "the certificate's subject alternative names are damaged or stand there twice");
  }
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const void* const value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
    if (type != GEN_URI) continue;
    const auto* const text = static_cast<const ASN1_IA5STRING*>(value);
    uris.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                      static_cast<std::size_t>(ASN1_STRING_length(text)));
  }
  return uris;
}

}  // namespace

absl::StatusOr<CertificateWithKey> CreateAuthority(absl::string_view common_name, Validity validity) {
  const ErrorQueueGuard guard;
  ASSIGN_OR_RETURN(const NamePtr name, internal::CommonName(common_name));
  ASSIGN_OR_RETURN(const KeyPtr key, internal::GenerateP256());
  ASSIGN_OR_RETURN(const CertificatePtr certificate,
                   internal::BeginCertificate(validity.not_before, validity.not_after, key.get()));
  X509* const made = certificate.get();
  if (X509_set_subject_name(made, name.get()) != 1 || X509_set_issuer_name(made, name.get()) != 1) {
    return OpensslError("name the authority");
  }
  RETURN_IF_ERROR(AddExtension(made, made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0"));
  RETURN_IF_ERROR(AddExtension(made, made, NID_key_usage, "critical,keyCertSign,cRLSign"));
  RETURN_IF_ERROR(AddExtension(made, made, NID_subject_key_identifier, "hash"));
  RETURN_IF_ERROR(Sign(made, key.get()));
  CertificateWithKey authority;
  ASSIGN_OR_RETURN(authority.certificate_pem, internal::CertificatePem(made));
  ASSIGN_OR_RETURN(authority.private_key_pem, internal::PrivateKeyPem(key.get()));
  return authority;
}

absl::StatusOr<RequestWithKey> CreateRequest() {
  const ErrorQueueGuard guard;
  ASSIGN_OR_RETURN(const KeyPtr key, internal::GenerateP256());
  const RequestPtr request(X509_REQ_new());
  if (request == nullptr || X509_REQ_set_version(request.get(), 0) != 1 ||
      X509_REQ_set_pubkey(request.get(), key.get()) != 1 ||
      X509_REQ_sign(request.get(), key.get(), EVP_sha256()) <= 0) {
    return OpensslError("make a certificate request");
  }
  RequestWithKey made;
  ASSIGN_OR_RETURN(made.request_pem, internal::RequestPem(request.get()));
  ASSIGN_OR_RETURN(made.private_key_pem, internal::PrivateKeyPem(key.get()));
  return made;
}

absl::StatusOr<std::string> IssueClientCertificate(const CertificateWithKey& authority,
                                                   absl::string_view request_pem, absl::string_view uri,
                                                   Validity validity) {
  const ErrorQueueGuard guard;
  ASSIGN_OR_RETURN(const Authority opened, OpenAuthority(authority));
  ASSIGN_OR_RETURN(const RequestPtr request, internal::ParseRequest(request_pem));
  EVP_PKEY* const key = X509_REQ_get0_pubkey(request.get());
  if (key == nullptr || !(internal::IsNamedP256(key) || EVP_PKEY_is_a(key, "ED25519") == 1)) {
    return absl::InvalidArgumentError(
        "the certificate request's key is neither P-256 (named curve) nor Ed25519; make a new request");
  }
  if (X509_REQ_verify(request.get(), key) != 1) {
    return absl::InvalidArgumentError(
        "the certificate request is not signed by its own key; it is damaged, make a new request");
  }
  std::vector<GeneralNamePtr> names(1);
  ASSIGN_OR_RETURN(names[0], internal::UriName(uri));
  ASSIGN_OR_RETURN(const CertificatePtr certificate,
                   Issue(opened, key, std::move(names), "clientAuth", validity));
  return internal::CertificatePem(certificate.get());
}

absl::StatusOr<CertificateWithKey> IssueServerCertificate(const CertificateWithKey& authority,
                                                          const std::vector<std::string>& names,
                                                          Validity validity) {
  const ErrorQueueGuard guard;
  if (names.empty() || names.size() > kMostServerNames) {
    return absl::InvalidArgumentError(
        absl::StrCat("a server certificate needs 1 to ", kMostServerNames, " names, but got ", names.size()));
  }
  ASSIGN_OR_RETURN(const Authority opened, OpenAuthority(authority));
  std::vector<GeneralNamePtr> general_names;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(GeneralNamePtr general_name, internal::HostName(name));
    general_names.push_back(std::move(general_name));
  }
  ASSIGN_OR_RETURN(const KeyPtr key, internal::GenerateP256());
  ASSIGN_OR_RETURN(const CertificatePtr certificate,
                   Issue(opened, key.get(), std::move(general_names), "serverAuth", validity));
  CertificateWithKey issued;
  ASSIGN_OR_RETURN(issued.certificate_pem, internal::CertificatePem(certificate.get()));
  ASSIGN_OR_RETURN(issued.private_key_pem, internal::PrivateKeyPem(key.get()));
  return issued;
}

absl::StatusOr<CertificateFacts> InspectCertificate(absl::string_view certificate_pem) {
  const ErrorQueueGuard guard;
  ASSIGN_OR_RETURN(const CertificatePtr certificate, internal::ParseCertificate(certificate_pem));
  CertificateFacts facts;
  ASSIGN_OR_RETURN(facts.uris, UrisOf(certificate.get()));
  ASSIGN_OR_RETURN(facts.not_before, internal::FromAsn1(X509_get0_notBefore(certificate.get())));
  ASSIGN_OR_RETURN(facts.not_after, internal::FromAsn1(X509_get0_notAfter(certificate.get())));
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (X509_digest(certificate.get(), EVP_sha256(), digest, &size) != 1 || size != kSha256Bytes) {
    return OpensslError("make a certificate's fingerprint");
  }
  facts.fingerprint.assign(reinterpret_cast<const char*>(digest), size);
  return facts;
}

bool IsInLastThird(const CertificateFacts& facts, absl::Time now) {
  return now >= facts.not_after - (facts.not_after - facts.not_before) / 3;
}

absl::Status CheckKeyBelongs(absl::string_view certificate_pem, const SecretBytes& private_key_pem) {
  const ErrorQueueGuard guard;
  ASSIGN_OR_RETURN(const CertificatePtr certificate, internal::ParseCertificate(certificate_pem));
  ASSIGN_OR_RETURN(const KeyPtr key, internal::ParsePrivateKey(private_key_pem));
  if (X509_check_private_key(certificate.get(), key.get()) == 1) return absl::OkStatus();
  return absl::FailedPreconditionError("the certificate was issued for another private key");
}

absl::Status CheckIssuedBy(absl::string_view certificate_pem, absl::string_view authority_pem) {
  const ErrorQueueGuard guard;
  ASSIGN_OR_RETURN(const CertificatePtr certificate, internal::ParseCertificate(certificate_pem));
  ASSIGN_OR_RETURN(const CertificatePtr authority, internal::ParseCertificate(authority_pem));
  if (X509_check_issued(authority.get(), certificate.get()) == X509_V_OK &&
      X509_verify(certificate.get(), X509_get0_pubkey(authority.get())) == 1) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError("the certificate was not issued by this authority");
}

}  // namespace waymark::crypto
