// What a session with a database is, and its results as rows: part of database.h alone. SOCI throws, and so
// do these where nothing else is said; database.cc catches.
#ifndef WAYMARK_NODE_INGEST_DATABASE_ROWS_H_
#define WAYMARK_NODE_INGEST_DATABASE_ROWS_H_

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "node/ingest/database_connection.h"
#include "node/ingest/odbc_cursor.h"
#include "node/ingest/row_source.h"

namespace soci {
class session;
class statement;
}  // namespace soci

namespace waymark::node {

struct DatabaseSession {
  std::unique_ptr<soci::session> sql;  // never null
  Dialect dialect = Dialect::kSqlite;
  std::string label;        // the connection, for messages
  std::string secret;       // never in one
  int timeout_seconds = 0;  // of one statement
  int cursors = 0;
};

// What a database says, on one line, without the session's secret.
std::string Said(const DatabaseSession& session, const std::exception& error);

// Of rows that stopped coming: what was said, how many there were, and what to do.
absl::Status LostInMidRead(absl::string_view name, absl::string_view said, std::int64_t rows);

// Rows of SQLite and PostgreSQL come in batches of this many.
inline constexpr std::size_t kBatchRows = 200;

// `declare` is run once before the first batch, `fetch` for every batch where there is a cursor, else once.
// Next does not throw: UNAVAILABLE where the database is lost.
struct BatchStatements {
  std::string declare;
  std::string fetch;
};
std::unique_ptr<RowSource> BatchRowsOf(std::shared_ptr<DatabaseSession> session, std::string name,
                                       std::vector<std::string> header, BatchStatements statements);

// Runs a query over ODBC: SOCI connects and executes, OdbcCursor reads. Next as above.
absl::StatusOr<std::unique_ptr<RowSource>> OdbcRowsOf(std::shared_ptr<DatabaseSession> session,
                                                      std::string name, const std::string& query);

// A new statement of the session; prepared where there is a query.
std::unique_ptr<soci::statement> Prepared(DatabaseSession& session, const std::string& query);
OdbcHandle HandleOf(soci::statement& statement);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_DATABASE_ROWS_H_
