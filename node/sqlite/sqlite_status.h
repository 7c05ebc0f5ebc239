// SQLite's exceptions as statuses. For the .cc files of those who keep a SQLite file.
#ifndef WAYMARK_NODE_SQLITE_SQLITE_STATUS_H_
#define WAYMARK_NODE_SQLITE_SQLITE_STATUS_H_

#include <SQLiteCpp/SQLiteCpp.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace waymark::node {

inline constexpr int kBusyTimeoutMs = 10'000;

// RESOURCE_EXHAUSTED where the disk is full or cannot be written, UNAVAILABLE where another process holds the
// file for over ten seconds, DATA_LOSS where it is damaged, PERMISSION_DENIED where it cannot be read or
// written, ALREADY_EXISTS where a constraint says so. `file` is what the message begins with ("ledger PATH");
// `unharmed` says what did not happen ("Nothing was released").
absl::Status FromSqlite(const SQLite::Exception& error, absl::string_view file, absl::string_view unharmed);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SQLITE_SQLITE_STATUS_H_
