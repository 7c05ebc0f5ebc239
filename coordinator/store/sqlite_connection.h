// The connection behind SqliteStore, and the border at which SQLite's exceptions become statuses. For the .cc
// files of this folder only.
#ifndef WAYMARK_COORDINATOR_STORE_SQLITE_CONNECTION_H_
#define WAYMARK_COORDINATOR_STORE_SQLITE_CONNECTION_H_

#include <SQLiteCpp/SQLiteCpp.h>

#include <exception>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "coordinator/store/sqlite_store.h"

namespace waymark::coordinator {

// One connection, one call at a time.
struct SqliteStore::Connection {
  explicit Connection(const std::string& path_in, int busy_timeout_ms)
      : path(path_in), database(path_in, SQLite::OPEN_READWRITE, busy_timeout_ms) {}
  std::string path;
  absl::Mutex mutex;
  SQLite::Database database;
};

absl::Status StatusOfSqlite(const SQLite::Exception& error, const std::string& path);

// Runs `body` (which returns a Status or StatusOr) with the connection to itself; an exception becomes a
// status.
template <typename ConnectionType, typename Body>
auto WithDatabase(ConnectionType& connection, Body body) -> decltype(body(connection.database)) {
  absl::MutexLock lock(&connection.mutex);
  try {
    return body(connection.database);
  } catch (const SQLite::Exception& error) {
    return StatusOfSqlite(error, connection.path);
  } catch (const std::exception& error) {
    return absl::InternalError(std::string("the store failed: ") + error.what());
  }
}

// Binds parameters by position.
class Query {
 public:
  Query(SQLite::Database& database, const char* sql) : statement_(database, sql) {}
  Query& Text(absl::string_view value) {
    statement_.bind(++position_, std::string(value));
    return *this;
  }
  Query& Blob(absl::string_view value) {
    statement_.bind(++position_, static_cast<const void*>(value.empty() ? "" : value.data()),
                    static_cast<int>(value.size()));
    return *this;
  }
  Query& Int(std::int64_t value) {
    statement_.bind(++position_, value);
    return *this;
  }
  // Makes the statement ready for the next row of parameters.
  Query& Again() {
    statement_.reset();
    position_ = 0;
    return *this;
  }
  int Run() { return statement_.exec(); }
  bool Next() { return statement_.executeStep(); }
  std::string GetString(int column) { return statement_.getColumn(column).getString(); }
  std::int64_t GetInt(int column) { return statement_.getColumn(column).getInt64(); }
  bool IsNull(int column) { return statement_.isColumnNull(column); }

 private:
  SQLite::Statement statement_;
  int position_ = 0;
};

// Begins by taking the writer's lock, so that what a transaction reads is still so when it writes.
inline SQLite::Transaction WriteTransaction(SQLite::Database& database) {
  return SQLite::Transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
}

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_SQLITE_CONNECTION_H_
