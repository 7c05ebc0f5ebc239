// The store in a PostgreSQL database, for more than one coordinator: transactions are SERIALIZABLE, and one
// that met another is run again. What was acknowledged is on the server's disk, and on its synchronous
// standby's where it has one.
//
// A commit whose outcome is not known (the connection went down) is UNAVAILABLE: it may have been done, and
// calls of the store are made to be repeated.
#ifndef WAYMARK_COORDINATOR_STORE_POSTGRESQL_DATABASE_H_
#define WAYMARK_COORDINATOR_STORE_POSTGRESQL_DATABASE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/store/sql_database.h"

namespace waymark::coordinator {

// Makes the tables of a schema version, has `fill` put in what they begin with, brings them up to date, and
// has `finish` put in more: all of it or nothing. ALREADY_EXISTS where there are tables. `place` is a
// connection string of libpq.
absl::Status CreatePostgresqlDatabase(
    const std::string& place, int version, absl::FunctionRef<absl::Status(SqlTransaction&)> fill,
    absl::FunctionRef<absl::Status(SqlTransaction&)> finish = [](SqlTransaction&) {
      return absl::OkStatus();
    });
// UNAVAILABLE: no connection. NOT_FOUND: no tables. FAILED_PRECONDITION: not a coordinator's, or made by a
// newer program. Brings older tables up to date.
absl::StatusOr<std::unique_ptr<SqlDatabase>> OpenPostgresqlDatabase(const std::string& place);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_POSTGRESQL_DATABASE_H_
