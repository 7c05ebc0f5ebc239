// SQLite's exceptions as statuses. For the .cc files of this folder only.
#ifndef WAYMARK_NODE_DISCLOSE_SQLITE_STATUS_H_
#define WAYMARK_NODE_DISCLOSE_SQLITE_STATUS_H_

#include <SQLiteCpp/SQLiteCpp.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace waymark::node {

inline constexpr int kBusyTimeoutMs = 10'000;

// The errors that ledger_file.h promises.
absl::Status FromSqlite(const SQLite::Exception& error, absl::string_view path);

// Runs `body` and turns SQLite's exceptions into statuses.
template <typename Body>
auto Guarded(absl::string_view path, const Body& body) -> decltype(body()) {
  try {
    return body();
  } catch (const SQLite::Exception& error) {
    return FromSqlite(error, path);
  }
}

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_SQLITE_STATUS_H_
