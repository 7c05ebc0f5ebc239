// Mutual TLS 1.3 for every connection. Debian's gRPC has no setting for the TLS version; the process's OpenSSL defaults
// have, so RequireTls13 sets those before the first connection, and Tls12IsRefused proves it by trying.
#ifndef WAYMARK_PROTO_RPC_TLS_H_
#define WAYMARK_PROTO_RPC_TLS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace waymark::rpc {

// Makes TLS 1.3 the only protocol of every TLS context that this process makes from now on. Call first in main.
absl::Status RequireTls13();

// OK where a client limited to TLS 1.2 fails to shake hands with `address` ("host:port") on this machine;
// FAILED_PRECONDITION where it succeeds; UNAVAILABLE where nothing listens.
absl::Status CheckTls12IsRefused(const std::string& address);

// The files of one identity: authority.pem (whom to trust), certificate.pem and key.pem (who I am).
struct Identity {
  std::string authority_pem;
  std::string certificate_pem;
  std::string private_key_pem;  // gRPC takes it as a string; read it late, keep it short
};
absl::StatusOr<Identity> LoadIdentity(const std::string& directory);

}  // namespace waymark::rpc

#endif  // WAYMARK_PROTO_RPC_TLS_H_
