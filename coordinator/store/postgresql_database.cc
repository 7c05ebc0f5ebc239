#include "coordinator/store/postgresql_database.h"

#include <exception>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "coordinator/store/postgresql_connection.h"
#include "coordinator/store/schema.h"

namespace waymark::coordinator {
namespace {

using Then = PostgresqlFailure::Then;

constexpr std::size_t kConnections = 8;
constexpr absl::Duration kWaitForConnection = absl::Seconds(10);
// Of transactions that met, one gets through, so this many times is more than enough for eight.
constexpr int kAttempts = 40;

// Within the transaction, so that they hold behind a pooler too. synchronous_commit: whatever the server's
// own setting, what was acknowledged is on disk.
constexpr char kSettings[] =
    "; SET LOCAL statement_timeout = '15s'; SET LOCAL idle_in_transaction_session_timeout = '5s'; "
    "SET LOCAL synchronous_commit = on";

// Comes back with the answer to BEGIN, so that it costs no way there and back of its own.
constexpr char kVersion[] = "; SELECT schema_version FROM waymark_store";

// Of what a transaction began with.
absl::Status CheckVersionIn(const PostgresqlResult& begun) {
  std::int64_t version = 0;
  if (begun.rows() != 1 || !absl::SimpleAtoi(begun.GetString(0, 0), &version)) return absl::OkStatus();
  return CheckNotOutgrown(version);
}

class PostgresqlStatement final : public SqlStatement {
 public:
  PostgresqlStatement(PostgresqlConnection& connection, std::string sql)
      : connection_(connection), sql_(std::move(sql)) {}
  void BindText(int position, absl::string_view value) override { parameters_.SetText(position, value); }
  void BindBlob(int position, absl::string_view value) override { parameters_.SetBlob(position, value); }
  void BindInt(int position, std::int64_t value) override { parameters_.SetInt(position, value); }
  void BindNull(int position) override { parameters_.SetNull(position); }
  void Reset() override { row_ = kNotRun; }
  std::int64_t Run() override { return connection_.Run(sql_, parameters_).changed(); }
  void RunLater() override { connection_.Send(sql_, parameters_); }
  bool Next() override {
    if (row_ == kNotRun) rows_ = connection_.Run(sql_, parameters_);
    return ++row_ < rows_.rows();
  }
  std::string GetString(int column) override { return rows_.GetString(row_, column); }
  std::int64_t GetInt(int column) override { return rows_.GetInt(row_, column); }
  bool IsNull(int column) override { return rows_.IsNull(row_, column); }

 private:
  static constexpr int kNotRun = -1;
  PostgresqlConnection& connection_;
  const std::string sql_;
  PostgresqlParameters parameters_;
  PostgresqlResult rows_{nullptr};
  int row_ = kNotRun;
};

class PostgresqlTransaction final : public SqlTransaction {
 public:
  explicit PostgresqlTransaction(PostgresqlConnection& connection) : connection_(connection) {}
  std::unique_ptr<SqlStatement> Prepare(const std::string& sql) override {
    return std::make_unique<PostgresqlStatement>(connection_, sql);
  }
  void Script(const std::string& statements) { connection_.Script(statements); }

 private:
  PostgresqlConnection& connection_;
};

// Connections that are open, and no more of them than there may be.
class Pool {
 public:
  explicit Pool(std::string place) : place_(std::move(place)) {}

  // Throws as PostgresqlConnection does.
  std::unique_ptr<PostgresqlConnection> Take() {
    {
      const absl::MutexLock lock(&mutex_);
      const auto free = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return out_ < kConnections; };
      if (!mutex_.AwaitWithTimeout(absl::Condition(&free), kWaitForConnection)) {
        throw PostgresqlFailure{.status = absl::UnavailableError("the database is busy: try again")};
      }
      ++out_;
      if (!idle_.empty()) {
        std::unique_ptr<PostgresqlConnection> connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
      }
    }
    try {
      return std::make_unique<PostgresqlConnection>(place_);
    } catch (const PostgresqlFailure& failure) {
      Back(nullptr);
      throw PostgresqlFailure{.status = failure.status, .then = Then::kGiveUp};
    }
  }

  // Null: it was of no more use, and so are the others that went idle before.
  void Back(std::unique_ptr<PostgresqlConnection> connection) {
    const absl::MutexLock lock(&mutex_);
    --out_;
    if (connection == nullptr) {
      idle_.clear();
    } else {
      idle_.push_back(std::move(connection));
    }
  }

 private:
  const std::string place_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<PostgresqlConnection>> idle_ ABSL_GUARDED_BY(mutex_);
  std::size_t out_ ABSL_GUARDED_BY(mutex_) = 0;
};

class PostgresqlDatabase final : public SqlDatabase {
 public:
  explicit PostgresqlDatabase(std::string place) : pool_(std::move(place)) {}

  absl::Status Transact(SqlAccess access, absl::FunctionRef<absl::Status(SqlTransaction&)> body) override {
    return Scripted(access, kVersion, [&](PostgresqlTransaction& sql) { return body(sql); });
  }

  // `also` ends the statements that begin the transaction: kVersion, or nothing.
  absl::Status Scripted(SqlAccess access, const char* also,
                        absl::FunctionRef<absl::Status(PostgresqlTransaction&)> body) {
    PostgresqlFailure failure;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      std::unique_ptr<PostgresqlConnection> connection;
      bool may_be_done = false;
      try {
        connection = pool_.Take();
        const absl::Status done = Attempt(*connection, access, also, body, may_be_done);
        pool_.Back(std::move(connection));
        return done;
      } catch (const PostgresqlFailure& thrown) {
        failure = thrown;
      } catch (const std::exception& thrown) {
        failure = {.status = absl::InternalError(absl::StrCat("the store failed: ", thrown.what()))};
      }
      if (connection != nullptr) pool_.Back(Undone(std::move(connection), failure.then));
      if (failure.then == Then::kGiveUp || (failure.then == Then::kReconnect && may_be_done)) break;
    }
    return failure.status;
  }

 private:
  // Sets `may_be_done` before it sends a commit of something written.
  static absl::Status Attempt(PostgresqlConnection& connection, SqlAccess access, const char* also,
                              absl::FunctionRef<absl::Status(PostgresqlTransaction&)> body,
                              bool& may_be_done) {
    const PostgresqlResult begun = connection.Script(
        absl::StrCat(access == SqlAccess::kWrite ? "BEGIN ISOLATION LEVEL SERIALIZABLE"
                                                 : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                     kSettings, also));
    PostgresqlTransaction transaction(connection);
    absl::Status done = CheckVersionIn(begun);
    if (done.ok()) done = body(transaction);
    if (!done.ok()) {
      connection.Script("ROLLBACK");
      return done;
    }
    may_be_done = access == SqlAccess::kWrite;
    connection.Commit();
    return done;
  }

  // After a failure: the connection without its transaction, or null.
  static std::unique_ptr<PostgresqlConnection> Undone(std::unique_ptr<PostgresqlConnection> connection,
                                                      Then then) {
    if (then == Then::kReconnect) return nullptr;
    try {
      connection->Script("ROLLBACK");
      return connection;
    } catch (const PostgresqlFailure&) {
      return nullptr;
    }
  }

  Pool pool_;
};

// -1: there is none.
std::int64_t VersionIn(SqlTransaction& sql) {
  Query table(sql, "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1");
  table.Text("waymark_store").Next();
  if (table.GetInt(0) == 0) return -1;
  Query version(sql, "SELECT schema_version FROM waymark_store WHERE application = $1 FOR UPDATE");
  version.Int(kApplicationId);
  return version.Next() ? version.GetInt(0) : 0;
}

absl::Status CheckKnown(std::int64_t version) {
  if (version >= 1 && version <= kSchemaVersion) return absl::OkStatus();
  if (version < 0) {
    return absl::NotFoundError(
        "the PostgreSQL database has no store; run `waymark-coordinator init` or `waymark-coordinator "
        "import` first");
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "the PostgreSQL database has schema version ", version, ", this program knows ", kSchemaVersion,
      version > kSchemaVersion ? "; use the program that made it, or a newer one"
                               : "; no program ever made that version: restore a backup"));
}

void TakeSteps(PostgresqlTransaction& sql, std::int64_t from, std::int64_t to) {
  for (; from < to; ++from) sql.Script(InPostgresql(kSchemaSteps[static_cast<std::size_t>(from)]));
  Query(sql, "UPDATE waymark_store SET schema_version = $1").Int(to).Run();
}

}  // namespace

absl::Status CreatePostgresqlDatabase(const std::string& place, int version,
                                      absl::FunctionRef<absl::Status(SqlTransaction&)> fill,
                                      absl::FunctionRef<absl::Status(SqlTransaction&)> finish) {
  RETURN_IF_ERROR(CheckPostgresqlPlace(place));
  return PostgresqlDatabase(place).Scripted(
      SqlAccess::kWrite, "", [version, fill, finish](PostgresqlTransaction& sql) -> absl::Status {
        if (VersionIn(sql) >= 0) {
          return absl::AlreadyExistsError(
              "the PostgreSQL database has a store already; it is not overwritten. A further coordinator is "
              "given a copy of the first one's state directory (docs/operations.md)");
        }
        sql.Script(
            "CREATE TABLE waymark_store(application BIGINT PRIMARY KEY, schema_version BIGINT NOT NULL)");
        Query(sql, "INSERT INTO waymark_store(application, schema_version) VALUES ($1, 0)")
            .Int(kApplicationId)
            .Run();
        TakeSteps(sql, 0, version);
        RETURN_IF_ERROR(fill(sql));
        TakeSteps(sql, version, kSchemaVersion);
        return finish(sql);
      });
}

absl::StatusOr<std::unique_ptr<SqlDatabase>> OpenPostgresqlDatabase(const std::string& place) {
  RETURN_IF_ERROR(CheckPostgresqlPlace(place));
  auto opened = std::make_unique<PostgresqlDatabase>(place);
  const absl::Status done =
      opened->Scripted(SqlAccess::kWrite, "", [](PostgresqlTransaction& sql) -> absl::Status {
        const std::int64_t version = VersionIn(sql);
        RETURN_IF_ERROR(CheckKnown(version));
        if (version < kSchemaVersion) TakeSteps(sql, version, kSchemaVersion);
        return absl::OkStatus();
      });
  if (!done.ok()) return done;
  return opened;
}

}  // namespace waymark::coordinator
