// Which versions of the protocol a program speaks, stated by whoever calls, in each call's metadata; what is
// spoken is the highest that both know. Version 1, before this was stated, is what both speak still; 2 states
// it. Thread-safe.
#ifndef WAYMARK_PROTO_RPC_PROTOCOL_H_
#define WAYMARK_PROTO_RPC_PROTOCOL_H_

#include <grpcpp/client_context.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace waymark::rpc {

inline constexpr std::uint32_t kOldestProtocol = 1;
inline constexpr std::uint32_t kNewestProtocol = 2;
inline constexpr char kProtocolKey[] = "waymark-protocol";

// "1-2": the oldest and the newest that this program speaks.
std::string ProtocolsSpoken();

// Tells whoever is called.
void StateProtocols(grpc::ClientContext& context);

// The version to speak with a caller who stated these (nothing: version 1). INVALID_ARGUMENT where it is no
// range, or stated more than once; FAILED_PRECONDITION, saying whom to upgrade, where none is common.
absl::StatusOr<std::uint32_t> AgreeOnProtocol(const std::vector<std::string>& stated);

}  // namespace waymark::rpc

#endif  // WAYMARK_PROTO_RPC_PROTOCOL_H_
