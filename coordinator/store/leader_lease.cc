#include "coordinator/store/leader_lease.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/store/sql_database.h"

namespace waymark::coordinator {
namespace {

// The database's clock, as it runs on during a transaction.
constexpr char kNowMs[] = "(extract(epoch from clock_timestamp()) * 1000)::bigint";

absl::Status NotLeading() {
  return absl::UnavailableError("this coordinator does not lead any more; ask the one that does");
}

class FencedDatabase final : public SqlDatabase {
 public:
  FencedDatabase(std::shared_ptr<SqlDatabase> database, std::string holder,
                 std::shared_ptr<std::atomic<std::int64_t>> term)
      : database_(std::move(database)), holder_(std::move(holder)), term_(std::move(term)) {}

  absl::Status Transact(SqlAccess access, absl::FunctionRef<absl::Status(SqlTransaction&)> body) override {
    if (access == SqlAccess::kRead) return database_->Transact(access, body);
    const std::int64_t term = term_->load();
    if (term == 0) return NotLeading();
    return database_->Transact(access, [&](SqlTransaction& sql) -> absl::Status {
      // The term is a part of the row's key. So whoever takes the lease waits for this lock, and who makes it
      // run on does not.
      Query held(sql, absl::StrCat("SELECT 1 FROM leader WHERE name = 'rounds' AND holder = $1 AND term = $2 "
                                   "AND expires_unix_ms > ",
                                   kNowMs, " FOR KEY SHARE"));
      if (!held.Text(holder_).Int(term).Next()) return NotLeading();
      return body(sql);
    });
  }

 private:
  const std::shared_ptr<SqlDatabase> database_;
  const std::string holder_;
  const std::shared_ptr<std::atomic<std::int64_t>> term_;
};

}  // namespace

LeaderLease::LeaderLease(std::shared_ptr<SqlDatabase> database, LeaseTerms terms)
    : database_(std::move(database)),
      terms_(std::move(terms)),
      term_(std::make_shared<std::atomic<std::int64_t>>(0)) {}

absl::StatusOr<bool> LeaderLease::Take() {
  std::int64_t taken = 0;
  RETURN_IF_ERROR(database_->Transact(SqlAccess::kWrite, [&](SqlTransaction& sql) -> absl::Status {
    Query take(sql, absl::StrCat("UPDATE leader SET holder = $1, address = $2, term = term + 1, "
                                 "expires_unix_ms = ",
                                 kNowMs, " + $3 WHERE name = 'rounds' AND expires_unix_ms <= ", kNowMs,
                                 " RETURNING term"));
    take.Text(terms_.holder).Text(terms_.address).Int(absl::ToInt64Milliseconds(terms_.length));
    taken = take.Next() ? take.GetInt(0) : 0;
    return absl::OkStatus();
  }));
  term_->store(taken);
  return taken != 0;
}

absl::StatusOr<bool> LeaderLease::Renew() {
  std::int64_t renewed = 0;
  RETURN_IF_ERROR(database_->Transact(SqlAccess::kWrite, [&](SqlTransaction& sql) -> absl::Status {
    renewed = Query(sql, absl::StrCat("UPDATE leader SET expires_unix_ms = ", kNowMs,
                                      " + $1 WHERE name = 'rounds' AND holder = $2 AND term = $3 "
                                      "AND expires_unix_ms > ",
                                      kNowMs))
                  .Int(absl::ToInt64Milliseconds(terms_.length))
                  .Text(terms_.holder)
                  .Int(term_->load())
                  .Run();
    return absl::OkStatus();
  }));
  return renewed == 1;
}

void LeaderLease::StepDown() {
  term_->store(0);
}

absl::Status LeaderLease::GiveUp() {
  const std::int64_t term = term_->exchange(0);
  return database_->Transact(SqlAccess::kWrite, [&](SqlTransaction& sql) -> absl::Status {
    Query(sql, "UPDATE leader SET expires_unix_ms = 0 WHERE name = 'rounds' AND holder = $1 AND term = $2")
        .Text(terms_.holder)
        .Int(term)
        .Run();
    return absl::OkStatus();
  });
}

std::int64_t LeaderLease::term() const {
  return term_->load();
}

absl::StatusOr<std::string> LeaderLease::LeaderAddress() {
  std::string address;
  RETURN_IF_ERROR(database_->Transact(SqlAccess::kRead, [&](SqlTransaction& sql) -> absl::Status {
    Query held(
        sql, absl::StrCat("SELECT address FROM leader WHERE name = 'rounds' AND expires_unix_ms > ", kNowMs));
    address = held.Next() ? held.GetString(0) : "";
    return absl::OkStatus();
  }));
  return address;
}

std::shared_ptr<SqlDatabase> LeaderLease::Fenced() const {
  return std::make_shared<FencedDatabase>(database_, terms_.holder, term_);
}

}  // namespace waymark::coordinator
