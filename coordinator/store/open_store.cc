#include "coordinator/store/open_store.h"

#include <utility>

#include "base/status.h"
#include "coordinator/store/postgresql_connection.h"
#include "coordinator/store/postgresql_database.h"
#include "coordinator/store/schema.h"
#include "coordinator/store/sql_store.h"
#include "coordinator/store/sqlite_database.h"

namespace waymark::coordinator {

absl::Status CheckStorePlace(const StorePlace& place) {
  return place.postgresql.empty() ? absl::OkStatus() : CheckPostgresqlPlace(place.postgresql);
}

absl::Status CreateStore(const StorePlace& place) {
  return place.postgresql.empty()
             ? CreateSqliteDatabase(place.sqlite_path)
             : CreatePostgresqlDatabase(place.postgresql, kSchemaVersion,
                                        [](SqlTransaction&) { return absl::OkStatus(); });
}

absl::StatusOr<std::unique_ptr<Store>> OpenStore(const StorePlace& place) {
  ASSIGN_OR_RETURN(std::unique_ptr<SqlDatabase> database, place.postgresql.empty()
                                                              ? OpenSqliteDatabase(place.sqlite_path)
                                                              : OpenPostgresqlDatabase(place.postgresql));
  return std::make_unique<SqlStore>(std::move(database));
}

}  // namespace waymark::coordinator
