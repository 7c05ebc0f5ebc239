// A client by plain OpenSSL and sockets, for what gRPC's own client would not do.
#ifndef WAYMARK_TESTS_UNIT_RPC_RAW_CLIENT_H_
#define WAYMARK_TESTS_UNIT_RPC_RAW_CLIENT_H_

#include <string>

#include "proto/rpc/tls.h"

namespace waymark::rpc {

// A TCP connection to 127.0.0.1:port whose reads wait at most ten seconds; -1 where there is none.
int ConnectTo(int port);

// Connects, offers TLS of `version` alone (TLS1_2_VERSION, TLS1_3_VERSION) with HTTP/2, shows `identity`
// where it is not nullptr, and reads the first byte that the server sends inside. "TLSv1.3" and the like
// where that comes, else "refused: " and OpenSSL's reason.
std::string RawHandshake(int port, int version, const Identity* identity);

}  // namespace waymark::rpc

#endif  // WAYMARK_TESTS_UNIT_RPC_RAW_CLIENT_H_
