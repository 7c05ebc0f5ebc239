// What SqlStore needs of a database: transactions and statements, so that every statement is written once,
// for SQLite and PostgreSQL alike: parameters are $1, $2, …, numbered as they first appear. Where the words
// of the two differ, see schema.h.
#ifndef WAYMARK_COORDINATOR_STORE_SQL_DATABASE_H_
#define WAYMARK_COORDINATOR_STORE_SQL_DATABASE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace waymark::coordinator {

// One statement within a transaction, with its parameters, and the rows that it gives. Its calls throw what
// the back end's SqlDatabase::Transact catches.
class SqlStatement {
 public:
  virtual ~SqlStatement() = default;
  // Positions and columns count from 1 and from 0, as both databases have it.
  virtual void BindText(int position, absl::string_view value) = 0;
  virtual void BindBlob(int position, absl::string_view value) = 0;
  virtual void BindInt(int position, std::int64_t value) = 0;
  virtual void BindNull(int position) = 0;
  // Makes it ready for another row of parameters.
  virtual void Reset() = 0;
  // Runs it; how many rows it wrote.
  virtual std::int64_t Run() = 0;
  // Runs it, at the latest when the transaction's next statement is run or it commits; its failure is that
  // one's.
  virtual void RunLater() = 0;
  // The next row, the first time running it; false: no more.
  virtual bool Next() = 0;
  virtual std::string GetString(int column) = 0;  // text or bytes; "" where null
  virtual std::int64_t GetInt(int column) = 0;
  virtual bool IsNull(int column) = 0;
};

class SqlTransaction {
 public:
  virtual ~SqlTransaction() = default;
  virtual std::unique_ptr<SqlStatement> Prepare(const std::string& sql) = 0;
};

enum class SqlAccess { kRead, kWrite };

// Thread-safe.
class SqlDatabase {
 public:
  virtual ~SqlDatabase() = default;
  // Runs `body` in one transaction that sees the database as though it were alone with it; for kRead, as it
  // was at one moment. Commits where it returns OK, else undoes what it wrote and returns its error. `body`
  // may be run more than once before one counts. Errors of its own: those of store.h.
  virtual absl::Status Transact(SqlAccess access, absl::FunctionRef<absl::Status(SqlTransaction&)> body) = 0;
  // A number that is another one once anything was committed since, by whatever process; nothing where asking
  // for it would cost as much as reading.
  virtual absl::StatusOr<std::optional<std::int64_t>> Changes() { return std::optional<std::int64_t>(); }
};

// Binds parameters in turn.
class Query {
 public:
  Query(SqlTransaction& transaction, const std::string& sql) : statement_(transaction.Prepare(sql)) {}
  Query& Text(absl::string_view value) {
    statement_->BindText(++position_, value);
    return *this;
  }
  Query& Blob(absl::string_view value) {
    statement_->BindBlob(++position_, value);
    return *this;
  }
  Query& Int(std::int64_t value) {
    statement_->BindInt(++position_, value);
    return *this;
  }
  Query& Null() {
    statement_->BindNull(++position_);
    return *this;
  }
  Query& Again() {
    statement_->Reset();
    position_ = 0;
    return *this;
  }
  std::int64_t Run() { return statement_->Run(); }
  void RunLater() { statement_->RunLater(); }
  bool Next() { return statement_->Next(); }
  std::string GetString(int column) { return statement_->GetString(column); }
  std::int64_t GetInt(int column) { return statement_->GetInt(column); }
  bool IsNull(int column) { return statement_->IsNull(column); }

 private:
  std::unique_ptr<SqlStatement> statement_;
  int position_ = 0;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_SQL_DATABASE_H_
