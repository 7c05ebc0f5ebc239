// How a database is named in a configuration, and what SOCI opens for it. Nothing here opens one.
#ifndef WAYMARK_NODE_INGEST_DATABASE_CONNECTION_H_
#define WAYMARK_NODE_INGEST_DATABASE_CONNECTION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace waymark::node {

enum class Dialect { kSqlite, kPostgresql, kOdbc };

// One of SOCI's back ends, each a library of its own.
struct BackEnd {
  Dialect dialect = Dialect::kSqlite;
  absl::string_view name;  // as SOCI knows it, and before "://"
  const char* library = nullptr;
  absl::string_view package;  // of Debian
};

struct Connection {
  const BackEnd* back_end = nullptr;
  std::string parameters;  // what stands after "://"

  // INVALID_ARGUMENT where the back end is not known, or the text holds a password.
  static absl::StatusOr<Connection> Parse(absl::string_view text);

  // What SOCI's back end is given; the password, if there is one, quoted as it asks.
  std::string SociParameters(absl::string_view password) const;
};

// The same connection; the file of sqlite3:// is taken under `directory`.
std::string ConnectionUnder(absl::string_view directory, absl::string_view connection);

// The password in a file that only its owner may read; "" for no path. NOT_FOUND, or FAILED_PRECONDITION
// where others may read or write it, or it is empty.
absl::StatusOr<std::string> ReadPasswordFile(const std::string& path);

// The error of a connection that could not be opened, from what the database said.
absl::Status ConnectionRefused(absl::string_view connection, absl::string_view said);

// A table or view; `schema` is "" where the database has none.
struct TableName {
  std::string schema;
  std::string name;

  std::string Full() const { return schema.empty() ? name : schema + "." + name; }
};

// The one that `asked` ("name" or "schema.name", in any case) means; an exact match goes first. `schema`, if
// not "", is that of names without one. NOT_FOUND lists those that are there; INVALID_ARGUMENT where several
// fit.
absl::StatusOr<TableName> FindTable(const std::vector<TableName>& tables, absl::string_view asked,
                                    absl::string_view schema);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_DATABASE_CONNECTION_H_
