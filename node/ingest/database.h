// A council's database, read through SOCI: SQLite, PostgreSQL or ODBC. Every column is read as text: NULL as
// blank, dates and times as ISO 8601 writes them, numbers as the database writes them. Rows come in batches,
// so that no result stands in memory whole. Nothing is written: PostgreSQL is asked for a read-only
// transaction, SQLite files are opened read-only, and over ODBC the account given to the node should be
// allowed to read only.
//
// Each back end is a library of its own that is loaded when a connection asks for it. SOCI throws; nothing
// that it throws leaves this file. No message holds a password.
#ifndef WAYMARK_NODE_INGEST_DATABASE_H_
#define WAYMARK_NODE_INGEST_DATABASE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "node/ingest/row_source.h"

namespace waymark::node {

// Where a database is; as [[source]] has it.
struct DatabaseConfig {
  std::string connection;  // "sqlite3://FILE", "postgresql://host=… dbname=…", "odbc://Driver={…};…"
  std::string password_file = {};  // "" where none is needed
  std::string schema = {};         // of tables that are named without one; "" for any
  int timeout_seconds = 300;       // of one statement; a server that gives no answer for 10 more has stopped
};

// Not thread-safe; one row source is read at a time.
class Database {
 public:
  // NOT_FOUND where the driver or the SQLite file is not there; UNAUTHENTICATED where the user or password is
  // refused; UNAVAILABLE where the server does not answer; FAILED_PRECONDITION where others may read the
  // password file. The message says what to do.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const DatabaseConfig& config);
  virtual ~Database() = default;

  // The tables and views that may be read, as "schema.name" where there are schemas; sorted.
  virtual absl::StatusOr<std::vector<std::string>> Tables() = 0;

  // Rows of a table, whose name may be in any case and with or without its schema. NOT_FOUND lists those that
  // are there. A database that goes away, or stops answering, while rows are read is UNAVAILABLE from Next,
  // with how many were read. What is returned keeps the connection.
  virtual absl::StatusOr<std::unique_ptr<RowSource>> ReadTable(absl::string_view table) = 0;

  // Rows of a query, one SELECT (or WITH … SELECT) without a semicolon.
  virtual absl::StatusOr<std::unique_ptr<RowSource>> ReadQuery(absl::string_view query) = 0;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_DATABASE_H_
