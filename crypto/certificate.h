// X.509 certificates for mutual TLS: a federation's own authority, certificate requests (PKCS#10, RFC 2986),
// and certificates whose only identity is one URI in the subject alternative name (RFC 5280, 4.2.1.6). Keys
// are P-256. Everything is PEM. Thread-safe.
#ifndef WAYMARK_CRYPTO_CERTIFICATE_H_
#define WAYMARK_CRYPTO_CERTIFICATE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "crypto/secret.h"

namespace waymark::crypto {

struct CertificateWithKey {
  std::string certificate_pem;
  SecretBytes private_key_pem;  // PKCS#8
};

struct Validity {
  absl::Time not_before;
  absl::Time not_after;
};

// A self-signed authority that may sign certificates and revocation lists and nothing else (path length 0).
absl::StatusOr<CertificateWithKey> CreateAuthority(absl::string_view common_name, Validity validity);

// A private key and a request for it; the authority decides what stands in the certificate.
struct RequestWithKey {
  std::string request_pem;
  SecretBytes private_key_pem;
};
absl::StatusOr<RequestWithKey> CreateRequest();

// A client certificate for the request's key with `uri` as its one subject alternative name; nothing else of
// the request is taken over. INVALID_ARGUMENT where the request is no PKCS#10, is not signed by its own key,
// or its key is neither P-256 nor Ed25519; FAILED_PRECONDITION where the authority's files do not fit, or it
// ends before the certificate would.
absl::StatusOr<std::string> IssueClientCertificate(const CertificateWithKey& authority,
                                                   absl::string_view request_pem, absl::string_view uri,
                                                   Validity validity);

// A server certificate with a new key; `names` are DNS names or IP addresses. Errors as above.
absl::StatusOr<CertificateWithKey> IssueServerCertificate(const CertificateWithKey& authority,
                                                          const std::vector<std::string>& names,
                                                          Validity validity);

struct CertificateFacts {
  std::vector<std::string> uris;  // of the subject alternative name, in order
  absl::Time not_before;
  absl::Time not_after;
  std::string fingerprint;  // SHA-256 of the DER, 32 bytes
};
absl::StatusOr<CertificateFacts> InspectCertificate(absl::string_view certificate_pem);
// Time for the next one: less than a third of its time is left.
bool IsInLastThird(const CertificateFacts& facts, absl::Time now);

// OK where the certificate was issued for this key; FAILED_PRECONDITION where it was not; INVALID_ARGUMENT
// where either is not what it should be.
absl::Status CheckKeyBelongs(absl::string_view certificate_pem, const SecretBytes& private_key_pem);

// OK where the authority's key signed the certificate; FAILED_PRECONDITION where it did not; INVALID_ARGUMENT
// where either is not what it should be. Dates are not looked at.
absl::Status CheckIssuedBy(absl::string_view certificate_pem, absl::string_view authority_pem);

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_CERTIFICATE_H_
