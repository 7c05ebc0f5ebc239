#include "coordinator/store/sqlite_database.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/file.h"
#include "base/status.h"
#include "coordinator/store/schema.h"

namespace waymark::coordinator {
namespace {

constexpr int kBusyTimeoutMs = 10'000;

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

// Statements that were prepared and are in nobody's use: preparing one takes longer than running most.
class IdleStatements {
 public:
  std::unique_ptr<SQLite::Statement> Take(SQLite::Database& database, const std::string& sql) {
    const auto found = idle_.find(sql);
    if (found == idle_.end()) return std::make_unique<SQLite::Statement>(database, sql);
    std::unique_ptr<SQLite::Statement> statement = std::move(found->second);
    idle_.erase(found);
    return statement;
  }
  void PutBack(std::unique_ptr<SQLite::Statement> statement) {
    // A reset gives the error of the run before it, which was thrown there.
    statement->tryReset();
    if (idle_.size() >= kMostIdle) return;
    statement->clearBindings();
    std::string sql = statement->getQuery();
    idle_.emplace(std::move(sql), std::move(statement));
  }

 private:
  static constexpr std::size_t kMostIdle = 200;
  std::unordered_multimap<std::string, std::unique_ptr<SQLite::Statement>> idle_;
};

class SqliteStatement final : public SqlStatement {
 public:
  SqliteStatement(SQLite::Database& database, IdleStatements& idle, const std::string& sql)
      : idle_(idle), statement_(idle.Take(database, sql)) {}
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;
  ~SqliteStatement() override { idle_.PutBack(std::move(statement_)); }

  void BindText(int position, absl::string_view value) override {
    statement_->bind(position, std::string(value));
  }
  void BindBlob(int position, absl::string_view value) override {
    statement_->bind(position, static_cast<const void*>(value.empty() ? "" : value.data()),
                     static_cast<int>(value.size()));
  }
  void BindInt(int position, std::int64_t value) override { statement_->bind(position, value); }
  void BindNull(int position) override { statement_->bind(position); }
  void Reset() override { statement_->reset(); }
  std::int64_t Run() override { return statement_->exec(); }
  void RunLater() override { statement_->exec(); }
  bool Next() override { return statement_->executeStep(); }
  std::string GetString(int column) override { return statement_->getColumn(column).getString(); }
  std::int64_t GetInt(int column) override { return statement_->getColumn(column).getInt64(); }
  bool IsNull(int column) override { return statement_->isColumnNull(column); }

 private:
  IdleStatements& idle_;
  std::unique_ptr<SQLite::Statement> statement_;
};

class SqliteTransaction final : public SqlTransaction {
 public:
  SqliteTransaction(SQLite::Database& database, IdleStatements& idle) : database_(database), idle_(idle) {}
  std::unique_ptr<SqlStatement> Prepare(const std::string& sql) override {
    return std::make_unique<SqliteStatement>(database_, idle_, sql);
  }

 private:
  SQLite::Database& database_;
  IdleStatements& idle_;
};

int Pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(absl::StrCat("PRAGMA ", name)).getInt();
}

// One call at a time.
class SqliteConnection {
 public:
  SqliteConnection(const std::string& path, int flags)
      : path_(path), database_(path, flags, kBusyTimeoutMs) {}

  // Before anybody else has it.
  SQLite::Database& database() { return database_; }

  absl::Status Transact(SqlAccess access, absl::FunctionRef<absl::Status(SqlTransaction&)> body) {
    absl::MutexLock lock(&mutex_);
    try {
      // A writer takes its lock at once, so that what it reads is still so when it writes.
      SQLite::Transaction transaction(database_, access == SqlAccess::kWrite
                                                     ? SQLite::TransactionBehavior::IMMEDIATE
                                                     : SQLite::TransactionBehavior::DEFERRED);
      RETURN_IF_ERROR(CheckNotOutgrown(Pragma(database_, "user_version")));
      SqliteTransaction statements(database_, idle_);
      RETURN_IF_ERROR(body(statements));
      transaction.commit();
      return absl::OkStatus();
    } catch (const SQLite::Exception& error) {
      return StatusOfSqlite(error, path_);
    } catch (const std::exception& error) {
      return absl::InternalError(std::string("the store failed: ") + error.what());
    }
  }

 private:
  const std::string path_;
  absl::Mutex mutex_;
  SQLite::Database database_;
  IdleStatements idle_;  // of database_; used within a transaction alone
};

// Writes nothing, so that it sees what anybody else commits.
class ChangeWatch {
 public:
  ChangeWatch(const std::string& path, int flags)
      : path_(path), database_(path, flags, kBusyTimeoutMs), version_(database_, "PRAGMA data_version") {}

  absl::StatusOr<std::optional<std::int64_t>> Changes() {
    const absl::MutexLock lock(&mutex_);
    try {
      version_.reset();
      if (!version_.executeStep()) return absl::InternalError(absl::StrCat(path_, ": no data version"));
      const std::int64_t changes = version_.getColumn(0).getInt64();
      version_.reset();
      return std::optional<std::int64_t>(changes);
    } catch (const SQLite::Exception& error) {
      return StatusOfSqlite(error, path_);
    }
  }

 private:
  const std::string path_;
  absl::Mutex mutex_;
  SQLite::Database database_;
  SQLite::Statement version_;
};

// Who reads does not wait for a writer's disk: what was committed before is seen by all connections.
class SqliteDatabase final : public SqlDatabase {
 public:
  SqliteDatabase(const std::string& path, int flags) : writer_(path, flags), watch_(path, flags) {
    for (auto& reader : readers_) reader = std::make_unique<SqliteConnection>(path, flags);
  }

  // Before anybody else has it.
  SQLite::Database& database() { return writer_.database(); }

  absl::Status Transact(SqlAccess access, absl::FunctionRef<absl::Status(SqlTransaction&)> body) override {
    if (access == SqlAccess::kWrite) return writer_.Transact(access, body);
    return readers_[next_reader_++ % kReaders]->Transact(access, body);
  }

  absl::StatusOr<std::optional<std::int64_t>> Changes() override { return watch_.Changes(); }

 private:
  static constexpr std::size_t kReaders = 4;
  SqliteConnection writer_;
  ChangeWatch watch_;
  std::array<std::unique_ptr<SqliteConnection>, kReaders> readers_;
  std::atomic<std::size_t> next_reader_ = 0;
};

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
  // Takes the writer's lock.
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
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

absl::StatusOr<std::unique_ptr<SqlDatabase>> Open(const std::string& path, int flags,
                                                  absl::FunctionRef<void(SQLite::Database&)> prepare) {
  if (!FileExists(path)) {
    return absl::NotFoundError(absl::StrCat(path, " is not there; run `waymark-coordinator init` first"));
  }
  try {
    auto opened = std::make_unique<SqliteDatabase>(path, flags);
    RETURN_IF_ERROR(CheckOurs(opened->database(), path));
    RETURN_IF_ERROR(CheckWhole(opened->database(), path));
    prepare(opened->database());
    return opened;
  } catch (const SQLite::Exception& error) {
    return StatusOfSqlite(error, path);
  }
}

}  // namespace

absl::Status CreateSqliteDatabase(const std::string& path) {
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

absl::StatusOr<std::unique_ptr<SqlDatabase>> OpenSqliteDatabase(const std::string& path) {
  return Open(path, SQLite::OPEN_READWRITE, [](SQLite::Database& database) {
    database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
    if (Pragma(database, "user_version") < kSchemaVersion) BringUpToDate(database);
  });
}

absl::StatusOr<std::unique_ptr<SqlDatabase>> OpenSqliteDatabaseToRead(const std::string& path) {
  return Open(path, SQLite::OPEN_READONLY, [](SQLite::Database&) {});
}

}  // namespace waymark::coordinator
