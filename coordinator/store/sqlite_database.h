// The store in one SQLite file: write-ahead log, synchronous=FULL, so that what was acknowledged survives a
// power cut. Several processes may use one file (the coordinator and its operator's commands); the state lock
// keeps a second coordinator out.
#ifndef WAYMARK_COORDINATOR_STORE_SQLITE_DATABASE_H_
#define WAYMARK_COORDINATOR_STORE_SQLITE_DATABASE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/store/sql_database.h"

namespace waymark::coordinator {

// Makes a new file with mode 0600; ALREADY_EXISTS where there is one.
absl::Status CreateSqliteDatabase(const std::string& path);
// NOT_FOUND: no file. FAILED_PRECONDITION: not a coordinator's store, or one made by a newer program.
// DATA_LOSS: the file is damaged or cut short.
absl::StatusOr<std::unique_ptr<SqlDatabase>> OpenSqliteDatabase(const std::string& path);
// Without writing to it, whatever its version. The same errors.
absl::StatusOr<std::unique_ptr<SqlDatabase>> OpenSqliteDatabaseToRead(const std::string& path);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_SQLITE_DATABASE_H_
