// The files by which a node is known: key.pem, certificate.pem and authority.pem in its identity directory,
// and how a new pair of key and certificate takes the place of another, whatever kills the node in between.
// For the .cc files of this folder only.
#ifndef WAYMARK_NODE_LINK_IDENTITY_FILES_H_
#define WAYMARK_NODE_LINK_IDENTITY_FILES_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/certificate.h"
#include "crypto/secret.h"

namespace waymark::node {

inline constexpr std::size_t kMaxPemBytes = 64 << 10;
inline constexpr absl::string_view kAuthorityFile = "authority.pem";
inline constexpr absl::string_view kCertificateFile = "certificate.pem";

// Whom a certificate is for, by its one URI waymark://FEDERATION/council/COUNCIL. Nothing where it has
// another, or several.
struct Certified {
  std::string federation;
  std::string council;
};
std::optional<Certified> CertifiedOf(const crypto::CertificateFacts& facts);

// The key and request that were begun, or new ones: on disk before they are used, so that a call that was cut
// off is made again with the same.
absl::StatusOr<crypto::RequestWithKey> PendingRequest(const std::string& directory);

// What is wrong with the certificate, or nothing: it must be for this key, issued by this authority, with the
// one URI waymark://…/council/COUNCIL.
std::string WrongWithCertificate(absl::string_view certificate_pem, absl::string_view council,
                                 const crypto::SecretBytes& private_key_pem, absl::string_view authority_pem);

// Puts the certificate and the pending key in the place of those that are there. Killed in between, the next
// FinishReplacing ends it.
absl::Status ReplacePair(const std::string& directory, absl::string_view certificate_pem);
// Nothing where nothing was begun.
absl::Status FinishReplacing(const std::string& directory);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_LINK_IDENTITY_FILES_H_
