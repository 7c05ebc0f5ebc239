// Moves a store from SQLite to PostgreSQL.
#ifndef WAYMARK_COORDINATOR_STORE_IMPORT_H_
#define WAYMARK_COORDINATOR_STORE_IMPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace waymark::coordinator {

// The rows of one table, and the SHA-256 of all that they hold, in the order of its key.
struct TableContent {
  std::string table;
  std::int64_t rows = 0;
  std::string hash;

  bool operator==(const TableContent&) const = default;
};

// Copies everything from the SQLite store, of whatever schema version, into an empty PostgreSQL database, in
// one transaction: all of it, or nothing. Each table is read back, and must be what was read from the file,
// which stays as it is. Nobody may write to it meanwhile. ALREADY_EXISTS: there is a store; DATA_LOSS: what
// came back is not what was put in.
absl::StatusOr<std::vector<TableContent>> ImportStore(const std::string& sqlite_path,
                                                      const std::string& postgresql);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_IMPORT_H_
