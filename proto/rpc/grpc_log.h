// gRPC writes its own lines on standard error; this makes them JSON lines like all others.
#ifndef WAYMARK_PROTO_RPC_GRPC_LOG_H_
#define WAYMARK_PROTO_RPC_GRPC_LOG_H_

namespace waymark::rpc {

// From now on gRPC's messages go through waymark::Log as the event "gRPC", with text (as Printable makes it:
// a peer may have had a hand in it) and source. gRPC's errors become warnings: most are of a peer's making,
// such as a handshake that failed. Call early in main. Thread-safe.
void LogGrpcAsJson();

}  // namespace waymark::rpc

#endif  // WAYMARK_PROTO_RPC_GRPC_LOG_H_
