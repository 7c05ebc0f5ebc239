#include "coordinator/store/sqlite_connection.h"

#include <sqlite3.h>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "coordinator/store/schema.h"

namespace waymark::coordinator {
namespace {

constexpr int kBusyTimeoutMs = 10'000;

int Pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(absl::StrCat("PRAGMA ", name)).getInt();
}

absl::Status CheckOurs(SQLite::Database& database, const std::string& path) {
  if (Pragma(database, "application_id") != kApplicationId) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " is not the store of a Waymark coordinator; check [store] directory"));
  }
  const int version = Pragma(database, "user_version");
  if (version < 1 || version > kSchemaVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " has schema version ", version, ", this program knows ", kSchemaVersion,
                     version > kSchemaVersion ? "; use the program that made it, or a newer one"
                                              : "; no program ever made that version: restore a backup"));
  }
  return absl::OkStatus();
}

// Within a transaction of the writer's, since another process may be at it too.
void BringUpToDate(SQLite::Database& database) {
  SQLite::Transaction transaction = WriteTransaction(database);
  for (int version = Pragma(database, "user_version"); version < kSchemaVersion; ++version) {
    database.exec(kSchemaSteps[static_cast<std::size_t>(version)]);
  }
  database.exec(absl::StrCat("PRAGMA user_version=", kSchemaVersion));
  transaction.commit();
}

absl::Status CheckWhole(SQLite::Database& database, const std::string& path) {
  const std::string found = database.execAndGet("PRAGMA quick_check(1)").getString();
  if (found == "ok") return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(path, " is damaged (", found, "); restore a backup"));
}

}  // namespace

absl::Status StatusOfSqlite(const SQLite::Exception& error, const std::string& path) {
  const std::string text = absl::StrCat(path, ": ", error.what());
  switch (error.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::UnavailableError(absl::StrCat(text, "; another process holds the store: try again"));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::DataLossError(absl::StrCat(text, "; the file is damaged or no store: restore a backup"));
    case SQLITE_FULL:
      return absl::ResourceExhaustedError(absl::StrCat(text, "; free some space"));
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_IOERR:
      return absl::UnavailableError(absl::StrCat(text, "; check the disk and the service user's access"));
    default:
      return absl::InternalError(text);
  }
}

SqliteStore::SqliteStore(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
SqliteStore::~SqliteStore() = default;

absl::Status SqliteStore::Create(const std::string& path) {
  if (FileExists(path)) {
    return absl::AlreadyExistsError(absl::StrCat(path, " is there already; it is not overwritten"));
  }
  // An empty file is an empty database to SQLite; made here, it has its mode from the first moment.
  RETURN_IF_ERROR(WriteFileAtomically(path, "", 0600));
  try {
    SQLite::Database database(path, SQLite::OPEN_READWRITE, kBusyTimeoutMs);
    database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
    database.exec(absl::StrCat("PRAGMA application_id=", kApplicationId));
    BringUpToDate(database);
  } catch (const SQLite::Exception& error) {
    return StatusOfSqlite(error, path);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<SqliteStore>> SqliteStore::Open(const std::string& path) {
  if (!FileExists(path)) {
    return absl::NotFoundError(absl::StrCat(path, " is not there; run `waymark-coordinator init` first"));
  }
  try {
    auto connection = std::make_unique<Connection>(path, kBusyTimeoutMs);
    SQLite::Database& database = connection->database;
    RETURN_IF_ERROR(CheckOurs(database, path));
    RETURN_IF_ERROR(CheckWhole(database, path));
    database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
    if (Pragma(database, "user_version") < kSchemaVersion) BringUpToDate(database);
    return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(connection)));
  } catch (const SQLite::Exception& error) {
    return StatusOfSqlite(error, path);
  }
}

}  // namespace waymark::coordinator
