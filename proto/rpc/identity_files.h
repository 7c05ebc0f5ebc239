// The files by which a program is known: key.pem, certificate.pem and authority.pem in its identity
// directory, and how a new pair of key and certificate takes the place of another, whatever kills the program
// in between. Whoever changes them holds the directory's lock for that time, so that several programs may use
// one identity at once.
#ifndef WAYMARK_PROTO_RPC_IDENTITY_FILES_H_
#define WAYMARK_PROTO_RPC_IDENTITY_FILES_H_

#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "crypto/certificate.h"
#include "crypto/secret.h"
#include "proto/rpc/tls.h"

namespace waymark::rpc {

inline constexpr std::size_t kMaxPemBytes = 64 << 10;
inline constexpr absl::string_view kAuthorityFile = "authority.pem";
inline constexpr absl::string_view kCertificateFile = "certificate.pem";
inline constexpr absl::string_view kCouncilRole = "council";

// Whom a certificate is for, by its one URI waymark://FEDERATION/ROLE/NAME. Nothing where it has another, or
// several.
struct Certified {
  std::string federation;
  std::string role;
  std::string name;
};
std::optional<Certified> CertifiedOf(const crypto::CertificateFacts& facts);

// The key and request that were begun, or new ones: on disk before they are used, so that a call that was cut
// off is made again with the same.
absl::StatusOr<crypto::RequestWithKey> PendingRequest(const std::string& directory);

// What is wrong with the certificate, or nothing: it must be for this key, issued by this authority, with the
// one URI waymark://…/ROLE/NAME.
std::string WrongWithCertificate(absl::string_view certificate_pem, absl::string_view role,
                                 absl::string_view name, const crypto::SecretBytes& private_key_pem,
                                 absl::string_view authority_pem);

// Puts the certificate and the pending key in the place of those that are there, each its owner's alone.
// Killed in between, the next OpenIdentity ends it.
absl::Status ReplacePair(const std::string& directory, absl::string_view certificate_pem);

// LoadIdentity, once what was begun is ended.
absl::StatusOr<Identity> OpenIdentity(const std::string& directory);

// A call that gets the certificate for a request.
using AskForCertificate = absl::FunctionRef<absl::StatusOr<std::string>(const std::string& request_pem)>;

// Asks for a certificate for a new key, checks that it is whose the old one is (`held`), and puts both in the
// place of the old. Where there is another certificate than `held` in the directory by now, changes nothing:
// another program was quicker. FAILED_PRECONDITION where what came is no such certificate: nothing was
// written over; otherwise errors of the call and of the files.
absl::Status RenewIdentity(const std::string& directory, absl::string_view held, AskForCertificate ask);

}  // namespace waymark::rpc

#endif  // WAYMARK_PROTO_RPC_IDENTITY_FILES_H_
