// What every gRPC server of a federation sets: who may connect, how much it may send, how long it may stay;
// and who it was that called.
#ifndef WAYMARK_PROTO_RPC_SERVER_H_
#define WAYMARK_PROTO_RPC_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/rpc/channel.h"
#include "proto/rpc/tls.h"

namespace waymark::rpc {

enum class ClientCertificate {
  kRequired,  // one that the identity's authority signed; members and their commands
  kNone,      // never asked for; a server with public read access behind TLS
};

// The identity's certificate for whoever connects. Call RequireTls13 before.
std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const Identity& identity,
                                                               ClientCertificate client_certificate);

// For the enrolment port alone: a council that has no certificate yet can connect, so every call there must
// carry a token.
std::shared_ptr<grpc::ServerCredentials> MakeEnrolmentServerCredentials(const Identity& identity);

// The one URI in the subject alternative name of the caller's certificate; the common name counts for
// nothing. UNAUTHENTICATED where the caller showed no certificate that was verified, or one with no URI or
// several. Thread-safe.
absl::StatusOr<std::string> PeerUri(const grpc::ServerContext& context);

// The caller's certificate in PEM, as OpenSSL writes it; "" where it showed none.
std::string PeerCertificate(const grpc::ServerContext& context);

// Whether the caller showed a certificate that was verified; whether the connection is TLS at all.
bool ShowedCertificate(const grpc::ServerContext& context);
bool IsTls(const grpc::ServerContext& context);

// The caller's address without its port.
std::string PeerAddress(const grpc::ServerContext& context);

// What the caller sent under a name of metadata, each time.
std::vector<std::string> MetadataOf(const grpc::ServerContext& context, absl::string_view name);

// Limits of one server; the defaults suit a coordinator of 152 councils.
struct ServerLimits {
  int max_message_bytes = kMaxMessageBytes;         // of a request
  int max_streams_per_connection = 32;              // calls at once over one connection
  std::size_t memory_bytes = std::size_t{1} << 30;  // that gRPC may use for all connections together
  int threads = 256;                                // that may serve calls
};

// Sets all of: size of messages and metadata, no compression (so none can inflate), calls at once, time for
// the handshake, age of a connection, the rules for pings, memory and threads, and that no second process can
// share the port. Call once for a builder, before BuildAndStart.
void ConfigureServer(grpc::ServerBuilder& builder, const ServerLimits& limits = ServerLimits());

}  // namespace waymark::rpc

#endif  // WAYMARK_PROTO_RPC_SERVER_H_
