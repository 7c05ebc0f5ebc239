// Trying a call again while the other side is away, at each of its addresses. For the .cc files of this
// folder only.
#ifndef WAYMARK_NODE_LINK_RETRY_H_
#define WAYMARK_NODE_LINK_RETRY_H_

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "proto/rpc/channel.h"
#include "proto/rpc/protocol.h"

namespace waymark::node {

inline constexpr std::size_t kMostTries = 5;  // at each address
inline constexpr absl::Duration kFirstPause = absl::Seconds(1);
// Longer than two attempts to connect lie apart (rpc::MakeChannel).
inline constexpr absl::Duration kMostWait = absl::Seconds(10);

// With several addresses the next one may do.
inline constexpr absl::Duration kWaitForOneOfSeveral = absl::Seconds(3);
inline constexpr absl::Duration kAnswerOfOneOfSeveral = absl::Seconds(5);

// The deadline of a try in that turn (from 0) through `several` addresses: one that takes a connection and
// then says nothing holds nobody up for a whole call, and a slow one is given three times as long each turn.
inline absl::Duration PatienceIn(std::size_t turn, std::size_t several, absl::Duration timeout) {
  absl::Duration patience = kAnswerOfOneOfSeveral;
  for (std::size_t i = 0; i < turn && patience < timeout; ++i) patience *= 3;
  return several == 1 ? timeout : std::min(patience, timeout);
}

// Calls `call(place, grpc::ClientContext&)` with at most `timeout` as each try's deadline, by the channel at
// `place`, which is kept between calls. UNAVAILABLE and CANCELLED are tried again, at the next place; after
// each turn through all places there is a pause of 1, 2, 4 and 8 seconds on `clock`. Where there are several,
// so is DEADLINE_EXCEEDED (one that is stopped or cut off does not answer, PatienceIn), and one that does not
// connect within kWaitForOneOfSeveral is not called. With one alone that does not connect within kMostWait,
// that is the end. Every call here may be repeated. Other errors are returned at once.
template <typename Call>
absl::Status WithRetries(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                         std::atomic<std::size_t>& place, const Clock& clock, absl::Duration timeout,
                         const Call& call) {
  const std::size_t several = channels.size();
  absl::Duration pause = kFirstPause;
  absl::Status status = absl::UnavailableError("none of the coordinators' addresses takes a connection");
  for (std::size_t tries = 1;; ++tries) {
    std::size_t at = place;
    if (several == 1 || rpc::AwaitConnection(*channels[at], kWaitForOneOfSeveral)) {
      grpc::ClientContext context;
      rpc::SetDeadline(context, PatienceIn((tries - 1) / several, several, timeout));
      rpc::StateProtocols(context);
      status = rpc::FromGrpc(call(at, context));
      // A server that ends, or takes up a new certificate, cancels what comes at that moment.
      const bool is_away = absl::IsUnavailable(status) || absl::IsCancelled(status);
      const bool elsewhere = is_away || (several > 1 && absl::IsDeadlineExceeded(status));
      if (!elsewhere) return status;
    }
    if (tries == kMostTries * several) return status;
    // Another call may have gone on already.
    place.compare_exchange_strong(at, (at + 1) % several);
    if (tries % several != 0) continue;
    clock.Sleep(pause);
    pause *= 2;
    if (several == 1 && !rpc::AwaitConnection(*channels[0], kMostWait)) return status;
  }
}

}  // namespace waymark::node

#endif  // WAYMARK_NODE_LINK_RETRY_H_
