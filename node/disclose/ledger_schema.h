// A ledger file's making, and whether a file is one: schema version 4. For the .cc files of this folder only.
#ifndef WAYMARK_NODE_DISCLOSE_LEDGER_SCHEMA_H_
#define WAYMARK_NODE_DISCLOSE_LEDGER_SCHEMA_H_

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace waymark::node {

// Makes a whole, empty ledger at `path`, mode 0600, or nothing at all. OK where another process was first.
absl::Status MakeLedgerFile(const std::string& path);

// Refuses a file that is no whole SQLite file, without opening it as one.
absl::Status CheckLedgerHeader(const std::string& path);

// The schema's version; FAILED_PRECONDITION where the database is another program's.
absl::StatusOr<int> LedgerSchemaOf(SQLite::Database& database, const std::string& path);

// FAILED_PRECONDITION where the database is another program's, or of another schema.
absl::Status CheckLedgerSchema(SQLite::Database& database, const std::string& path);

// Whether MigrateLedgerSchema brings that older schema to this one. The caller of MigrateLedgerSchema holds
// the transaction, and verifies the chain before it commits.
bool LedgerMigratesFrom(int schema);
void MigrateLedgerSchema(SQLite::Database& database, int from);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_LEDGER_SCHEMA_H_
