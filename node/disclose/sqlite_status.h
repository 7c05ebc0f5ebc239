// SQLite's exceptions as the statuses that ledger_file.h promises. For the .cc files of this folder only.
#ifndef WAYMARK_NODE_DISCLOSE_SQLITE_STATUS_H_
#define WAYMARK_NODE_DISCLOSE_SQLITE_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "node/sqlite/sqlite_status.h"

namespace waymark::node {

// Runs `body` and turns SQLite's exceptions into statuses.
template <typename Body>
auto Guarded(absl::string_view path, const Body& body) -> decltype(body()) {
  try {
    return body();
  } catch (const SQLite::Exception& error) {
    return FromSqlite(error, absl::StrCat("ledger ", path), "Nothing was released");
  }
}

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_SQLITE_STATUS_H_
