// Certificates as a test wants them, good and bad, and a verifier: by plain OpenSSL calls that share no code
// with crypto/certificate.h.
#ifndef WAYMARK_TESTS_UNIT_CRYPTO_RAW_CERTIFICATES_H_
#define WAYMARK_TESTS_UNIT_CRYPTO_RAW_CERTIFICATES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "crypto/certificate.h"

namespace waymark::testing {

struct RawCertificate {
  std::string common_name = "";               // empty: no subject
  std::string alternative_names = "";         // as in openssl's configuration: "URI:a://b,DNS:c"; empty: none
  std::string extended_usage = "clientAuth";  // empty: none
  absl::Time not_before = absl::UnixEpoch();
  absl::Time not_after = absl::UnixEpoch();
};

// Signed by `authority`, with a new P-256 key.
crypto::CertificateWithKey MakeRawCertificate(const crypto::CertificateWithKey& authority,
                                              const RawCertificate& wanted);

// A request for a key of `algorithm` ("P-256", "P-384", "RSA", "ED25519") that asks to be an authority named
// `name`.
std::string MakeRawRequest(const std::string& algorithm, const std::string& name);

enum class Purpose { kClient, kServer };

// What X509_verify_cert says in its strict mode: "ok" or the reason.
std::string VerifyChain(absl::string_view certificate_pem, absl::string_view authority_pem, Purpose purpose,
                        absl::Time at);

// The certificate as `openssl x509 -text` prints it.
std::string CertificateText(absl::string_view certificate_pem);

}  // namespace waymark::testing

#endif  // WAYMARK_TESTS_UNIT_CRYPTO_RAW_CERTIFICATES_H_
