// Internal to crypto: the parts that certificates are made of. Everything here speaks OpenSSL's types; errors
// as in certificate.h.
#ifndef WAYMARK_CRYPTO_CERTIFICATE_PARTS_H_
#define WAYMARK_CRYPTO_CERTIFICATE_PARTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "crypto/openssl_raii.h"
#include "crypto/secret.h"

namespace waymark::crypto::internal {

// A new P-256 key, its curve encoded by name.
absl::StatusOr<KeyPtr> GenerateP256();
bool IsNamedP256(const EVP_PKEY* key);

// PEM that came from outside; INVALID_ARGUMENT where it is larger than 64 KiB or is not what it should be.
absl::StatusOr<CertificatePtr> ParseCertificate(absl::string_view pem);
absl::StatusOr<RequestPtr> ParseRequest(absl::string_view pem);
absl::StatusOr<KeyPtr> ParsePrivateKey(const SecretBytes& pem);

absl::StatusOr<std::string> CertificatePem(const X509* certificate);
absl::StatusOr<std::string> RequestPem(const X509_REQ* request);
absl::StatusOr<SecretBytes> PrivateKeyPem(const EVP_PKEY* key);

// A v3 certificate with a random serial number of 127 bits, the dates and the subject's key; no extensions
// yet. INVALID_ARGUMENT on dates that are the wrong way round or outside the years 1950 to 9999.
absl::StatusOr<CertificatePtr> BeginCertificate(absl::Time not_before, absl::Time not_after,
                                                EVP_PKEY* subject_key);

// Sets subject, or issuer, to "CN = common_name"; 1 to 64 bytes of UTF-8.
absl::StatusOr<NamePtr> CommonName(absl::string_view common_name);

// Adds an extension as openssl's configuration files write it. `value` is a constant of ours, never from
// outside.
absl::Status AddExtension(X509* certificate, X509* issuer, int nid, const char* value);

// One URI; printable ASCII with a scheme, at most 1,024 bytes.
absl::StatusOr<GeneralNamePtr> UriName(absl::string_view uri);
// A DNS name (a wildcard only as its whole first label) or an IPv4 or IPv6 address.
absl::StatusOr<GeneralNamePtr> HostName(const std::string& name);
absl::Status AddAlternativeNames(X509* certificate, std::vector<GeneralNamePtr> names, bool critical);

absl::StatusOr<absl::Time> FromAsn1(const ASN1_TIME* time);

}  // namespace waymark::crypto::internal

#endif  // WAYMARK_CRYPTO_CERTIFICATE_PARTS_H_
