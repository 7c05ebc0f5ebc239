// gRPC channels and errors, the same on both sides.
#ifndef WAYMARK_PROTO_RPC_CHANNEL_H_
#define WAYMARK_PROTO_RPC_CHANNEL_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "proto/rpc/tls.h"

namespace waymark::rpc {

inline constexpr int kMaxMessageBytes = 64 << 20;

// A channel with mutual TLS to "host:port". With `https_proxy` "host:port" (or "user:password@host:port") not
// empty, through an HTTP CONNECT proxy; else straight, whatever proxy the environment names. One thing comes
// from the environment still: gRPC goes straight to a host that the variable no_proxy names. Where the
// identity has no authority, every call fails with INVALID_ARGUMENT. Connecting again is tried after 1 to 8
// seconds.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address, const Identity& identity,
                                           const std::string& https_proxy = "");

// For enrolment only: trusts `authority_pem`, shows no certificate.
std::shared_ptr<grpc::Channel> MakeEnrolmentChannel(const std::string& address,
                                                    const std::string& authority_pem,
                                                    const std::string& https_proxy = "");

// With a bearer token in every call, which gRPC sends over TLS alone: trusts `authority_pem`, shows no
// certificate.
std::shared_ptr<grpc::Channel> MakeTokenChannel(const std::string& address, const std::string& authority_pem,
                                                const std::string& token);

// Connects where the channel is not connected; whether it is within `timeout`. gRPC works on a connection
// only while some thread waits for it: calls that fail at once would leave the handshake to gRPC's own look
// every five seconds, by when a server has given it up, and so for ever.
bool AwaitConnection(grpc::Channel& channel, absl::Duration timeout);

// Sets the deadline that every call must have.
void SetDeadline(grpc::ClientContext& context, absl::Duration timeout);

// Codes map one to one. A message from a peer is cut to 1,000 bytes of printable text.
absl::Status FromGrpc(const grpc::Status& status);
grpc::Status ToGrpc(const absl::Status& status);

}  // namespace waymark::rpc

#endif  // WAYMARK_PROTO_RPC_CHANNEL_H_
