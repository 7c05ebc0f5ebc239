// Moves a store from SQLite to PostgreSQL.
#ifndef WAYMARK_COORDINATOR_STORE_IMPORT_H_
#define WAYMARK_COORDINATOR_STORE_IMPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace waymark::coordinator {

// The rows of one table, and the SHA-256 of all that they hold, in the order of its key.
struct TableContent {
  std::string table;
  std::int64_t rows = 0;
  std::string hash;

  bool operator==(const TableContent&) const = default;
};

// What lies in files beside a SQLite store and in the database with PostgreSQL: gives every block of every
// masked input (store.h), once.
using PutMaskedBlock = absl::FunctionRef<absl::Status(absl::string_view session, std::uint32_t member,
                                                      std::size_t block, absl::string_view bytes)>;
using MaskedBlocks = absl::FunctionRef<absl::Status(PutMaskedBlock)>;

// Copies everything from the SQLite store, of whatever schema version, into an empty PostgreSQL database, and
// the masked inputs with it, in one transaction: all of it, or nothing. Each table and block is read back,
// and must be what was read from the files, which stay as they are. Nobody may write to them meanwhile.
// ALREADY_EXISTS: there is a store; DATA_LOSS: what came back is not what was put in.
absl::StatusOr<std::vector<TableContent>> ImportStore(
    const std::string& sqlite_path, const std::string& postgresql,
    MaskedBlocks masked = [](PutMaskedBlock) { return absl::OkStatus(); });

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_IMPORT_H_
