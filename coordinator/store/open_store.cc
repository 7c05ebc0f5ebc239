#include "coordinator/store/open_store.h"

#include <utility>

#include "base/status.h"
#include "coordinator/store/sql_store.h"
#include "coordinator/store/sqlite_database.h"

namespace waymark::coordinator {

absl::Status CreateStore(const StorePlace& place) {
  return CreateSqliteDatabase(place.sqlite_path);
}

absl::StatusOr<std::unique_ptr<Store>> OpenStore(const StorePlace& place) {
  ASSIGN_OR_RETURN(std::unique_ptr<SqlDatabase> database, OpenSqliteDatabase(place.sqlite_path));
  return std::make_unique<SqlStore>(std::move(database));
}

}  // namespace waymark::coordinator
