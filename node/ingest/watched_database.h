// A database whose server may stop answering without going away: a machine that is suspended, a storage that
// hangs. No driver gives up on such a one by itself, and on a local socket nothing in the system does.
#ifndef WAYMARK_NODE_INGEST_WATCHED_DATABASE_H_
#define WAYMARK_NODE_INGEST_WATCHED_DATABASE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/ingest/database.h"

namespace waymark::node {

// What `open` opens, where every call, and every kBatchRows rows, may take `limit`. What takes longer is
// UNAVAILABLE, with what to do, and so is everything after it; the call itself is left behind on a thread of
// its own, with all that it uses. `label`, for messages: the connection.
absl::StatusOr<std::unique_ptr<Database>> OpenWatched(
    std::string label, absl::Duration limit, std::function<absl::StatusOr<std::unique_ptr<Database>>()> open);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_WATCHED_DATABASE_H_
