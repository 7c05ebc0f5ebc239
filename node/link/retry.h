// Trying a call again while the other side is away. For the .cc files of this folder only.
#ifndef WAYMARK_NODE_LINK_RETRY_H_
#define WAYMARK_NODE_LINK_RETRY_H_

#include <grpcpp/grpcpp.h>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "proto/rpc/channel.h"

namespace waymark::node {

inline constexpr int kMostTries = 5;
inline constexpr absl::Duration kFirstPause = absl::Seconds(1);
// Longer than two attempts to connect lie apart (rpc::MakeChannel).
inline constexpr absl::Duration kMostWait = absl::Seconds(10);

// Calls `call(grpc::ClientContext&)` with `timeout` as each try's deadline. UNAVAILABLE is tried again, after
// 1, 2, 4 and 8 seconds on `clock` and once the channel is connected; where it is not within kMostWait, that
// is the end. Every call here may be repeated. Other errors are returned at once.
template <typename Call>
absl::Status WithRetries(grpc::Channel& channel, const Clock& clock, absl::Duration timeout,
                         const Call& call) {
  absl::Duration pause = kFirstPause;
  for (int tries = 1;; ++tries) {
    grpc::ClientContext context;
    rpc::SetDeadline(context, timeout);
    const absl::Status status = rpc::FromGrpc(call(context));
    if (!absl::IsUnavailable(status) || tries == kMostTries) return status;
    clock.Sleep(pause);
    pause *= 2;
    if (!rpc::AwaitConnection(channel, kMostWait)) return status;
  }
}

}  // namespace waymark::node

#endif  // WAYMARK_NODE_LINK_RETRY_H_
