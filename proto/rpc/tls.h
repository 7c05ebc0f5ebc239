// Mutual TLS 1.3 for every connection. Debian's gRPC has no setting for the TLS version; the process's
// OpenSSL defaults have, so RequireTls13 sets those before the first connection, and CheckTls12IsRefused
// proves it by trying.
#ifndef WAYMARK_PROTO_RPC_TLS_H_
#define WAYMARK_PROTO_RPC_TLS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace waymark::rpc {

// Makes TLS 1.3 the only protocol of every TLS context that this process makes from now on, whatever the
// system's OpenSSL configuration says of versions (and of the rest of its `system_default` section, which
// this replaces). Call first in main, before there are other threads. INTERNAL where OpenSSL does not take
// it.
absl::Status RequireTls13();

// OK where the server at `address` ("host:port") on this machine answers a client that is limited to TLS 1.3
// and refuses one that is limited to TLS 1.2; FAILED_PRECONDITION where it begins to shake hands in TLS 1.2
// (whatever comes of it later for want of a client certificate) or speaks no TLS; UNAVAILABLE where nothing
// listens, or nothing answers within seconds. Thread-safe.
absl::Status CheckTls12IsRefused(const std::string& address);

// The files of one identity: authority.pem (whom to trust), certificate.pem and key.pem (who I am).
struct Identity {
  std::string authority_pem;
  std::string certificate_pem;
  std::string private_key_pem;  // gRPC takes it as a string; read it late, keep it short
};
// Reads and checks the three. NOT_FOUND, PERMISSION_DENIED (key.pem must be its owner's alone, mode 0600),
// INVALID_ARGUMENT where one is no PEM of its kind, FAILED_PRECONDITION where key and certificate do not
// belong together; every message names the file and the fix.
absl::StatusOr<Identity> LoadIdentity(const std::string& directory);

}  // namespace waymark::rpc

#endif  // WAYMARK_PROTO_RPC_TLS_H_
