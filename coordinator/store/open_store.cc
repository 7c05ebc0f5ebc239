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

namespace {

absl::StatusOr<std::shared_ptr<SqlDatabase>> OpenDatabase(const StorePlace& place) {
  if (place.postgresql.empty()) return OpenSqliteDatabase(place.sqlite_path);
  return OpenPostgresqlDatabase(place.postgresql);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenStore(const StorePlace& place) {
  ASSIGN_OR_RETURN(std::shared_ptr<SqlDatabase> database, OpenDatabase(place));
  return std::make_unique<SqlStore>(std::move(database));
}

absl::StatusOr<SharedStore> OpenSharedStore(const StorePlace& place, const LeaseTerms& terms) {
  ASSIGN_OR_RETURN(const std::shared_ptr<SqlDatabase> database, OpenDatabase(place));
  SharedStore shared{.store = std::make_unique<SqlStore>(database), .leading = nullptr, .lease = nullptr};
  if (place.postgresql.empty()) {
    shared.leading = std::make_unique<SqlStore>(database);
  } else {
    shared.lease = std::make_unique<LeaderLease>(database, terms);
    shared.leading = std::make_unique<SqlStore>(shared.lease->Fenced());
  }
  return shared;
}

}  // namespace waymark::coordinator
