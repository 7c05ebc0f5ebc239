// One connection to PostgreSQL, by libpq, and the border at which its failures get their class. For the .cc
// files of this folder only. Not thread-safe.
#ifndef WAYMARK_COORDINATOR_STORE_POSTGRESQL_CONNECTION_H_
#define WAYMARK_COORDINATOR_STORE_POSTGRESQL_CONNECTION_H_

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace waymark::coordinator {

// Thrown by the calls below; PostgresqlDatabase::Transact catches it.
struct PostgresqlFailure {
  enum class Then {
    kGiveUp,
    kTryAgain,   // the transaction met another one
    kReconnect,  // the connection is of no more use
  };
  absl::Status status;
  Then then = Then::kGiveUp;
};

// The rows of one statement, in libpq's binary format.
class PostgresqlResult {
 public:
  explicit PostgresqlResult(PGresult* result) : result_(result, &PQclear) {}
  int rows() const { return PQntuples(result_.get()); }
  std::int64_t changed() const;
  bool is(absl::string_view command) const { return PQcmdStatus(result_.get()) == command; }
  std::string GetString(int row, int column) const;
  std::int64_t GetInt(int row, int column) const;
  bool IsNull(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  PGresult* get() const { return result_.get(); }

 private:
  std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

// What $1, $2, … stand for.
class PostgresqlParameters {
 public:
  void SetText(int position, absl::string_view value);
  void SetBlob(int position, absl::string_view value);
  void SetInt(int position, std::int64_t value);
  void SetNull(int position);

 private:
  friend class PostgresqlConnection;
  void Set(int position, Oid type, std::optional<std::string> bytes);
  std::vector<Oid> types_;
  std::vector<std::optional<std::string>> bytes_;
};

class PostgresqlConnection {
 public:
  // `place` is a connection string as libpq knows it. Waits for some seconds at most.
  explicit PostgresqlConnection(const std::string& place);

  PostgresqlResult Run(const std::string& sql, const PostgresqlParameters& parameters);
  // Without waiting for the answer: that comes with the next call's, or a later one's of this.
  void Send(const std::string& sql, const PostgresqlParameters& parameters);
  // Several statements without parameters; the last one's result.
  PostgresqlResult Script(const std::string& statements);
  // COMMIT. One whose outcome is not known is kReconnect.
  void Commit();

 private:
  bool Pass(const std::string& sql, const PostgresqlParameters& parameters);
  // Of all that was sent.
  void AwaitSent();
  PostgresqlResult Await(bool sent);
  // The next result, or null at the end of a statement's.
  PostgresqlResult Next();
  PostgresqlFailure FailureOf(const PGresult* result) const;
  PostgresqlFailure Lost() const;
  static void OnNotice(void* self, const PGresult* notice);

  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
  int sent_ = 0;  // and not answered
  bool warned_ = false;
};

// INVALID_ARGUMENT where libpq cannot read it, or where it holds a password: those belong into a file.
absl::Status CheckPostgresqlPlace(const std::string& place);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_POSTGRESQL_CONNECTION_H_
