// What ODBC tells beyond SOCI: rows of any width, tables, and how names are quoted. SOCI's own ODBC fetch
// takes a column's stated length for its bytes, cuts what is longer without saying so, and sets aside 100 MB
// for a column without a length; here every value is asked for in pieces until it is whole.
#ifndef WAYMARK_NODE_INGEST_ODBC_CURSOR_H_
#define WAYMARK_NODE_INGEST_ODBC_CURSOR_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/ingest/database_connection.h"

namespace waymark::node {

// A handle of ODBC's: SQLHSTMT or SQLHDBC.
using OdbcHandle = void*;

// Over the result of a statement that has been executed. The statement outlives it. Values are asked for as
// UTF-16, which does not depend on the locale that the driver finds, and returned as UTF-8; dates and numbers
// are written as ODBC has drivers write them (2024-04-01, 2024-04-01 13:45:00). Not thread-safe.
class OdbcCursor {
 public:
  explicit OdbcCursor(OdbcHandle statement) : statement_(statement) {}

  // The names of the result's columns. INVALID_ARGUMENT with the driver's words.
  absl::StatusOr<std::vector<std::string>> Columns();

  // The next row, NULL as ""; false at the end. UNAVAILABLE with the driver's words; RESOURCE_EXHAUSTED for a
  // value over `max_field_bytes`.
  absl::StatusOr<bool> Next(std::size_t max_field_bytes, std::vector<std::string>& row);

 private:
  absl::Status Get(std::size_t column, std::size_t max_field_bytes, std::string& value);

  OdbcHandle statement_;
  std::size_t columns_ = 0;
  std::u16string piece_;
};

// How long the database may take to run a statement that has not been executed yet, and how long any request
// on a connection may wait for an answer. A driver that cannot be told is left as it is.
void OdbcSetTimeout(OdbcHandle statement, int seconds);
void OdbcSetConnectionTimeout(OdbcHandle connection, int seconds);

// Those that the user of the connection may see, those of the system left out. `statement` is new.
absl::StatusOr<std::vector<TableName>> OdbcTables(OdbcHandle statement);

// What stands around a name in this database's SQL, as " or `; "" where names cannot be quoted.
std::string OdbcQuote(OdbcHandle connection);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_ODBC_CURSOR_H_
