#include "absl/strings/str_cat.h"
#include "coordinator/store/sqlite_connection.h"

namespace waymark::coordinator {
namespace {

void DropOpening(SQLite::Database& database, absl::string_view round_id, absl::string_view part) {
  for (const char* const table : {"opening_shares", "openings"}) {
    Query(database, absl::StrCat("DELETE FROM ", table, " WHERE round_id = ? AND part = ?").c_str())
        .Text(round_id)
        .Text(part)
        .Run();
  }
}

}  // namespace

absl::Status SqliteStore::PutOpening(const StoredOpening& opening) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::Status {
    SQLite::Transaction transaction = WriteTransaction(database);
    DropOpening(database, opening.round_id, opening.part);
    Query(database, "INSERT INTO openings(round_id, part, bytes) VALUES (?, ?, ?)")
        .Text(opening.round_id)
        .Text(opening.part)
        .Blob(opening.bytes)
        .Run();
    transaction.commit();
    return absl::OkStatus();
  });
}

absl::Status SqliteStore::AddOpeningShares(absl::string_view round_id, absl::string_view part,
                                           const StoredShares& shares) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::Status {
    Query(database,
          "INSERT OR IGNORE INTO opening_shares(round_id, part, member, body, signature) VALUES (?, ?, ?, ?, "
          "?)")
        .Text(round_id)
        .Text(part)
        .Int(shares.member)
        .Blob(shares.body)
        .Blob(shares.signature)
        .Run();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<StoredOpening>> SqliteStore::Openings() {
  using Result = absl::StatusOr<std::vector<StoredOpening>>;
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> Result {
    std::vector<StoredOpening> openings;
    Query query(database,
                "SELECT round_id, part, bytes FROM openings JOIN rounds USING (round_id) WHERE state = 1 "
                "ORDER BY round_id, part");
    while (query.Next()) {
      openings.push_back(
          {.round_id = query.GetString(0), .part = query.GetString(1), .bytes = query.GetString(2)});
    }
    for (StoredOpening& opening : openings) {
      Query shares(database,
                   "SELECT member, body, signature FROM opening_shares WHERE round_id = ? AND part = ? "
                   "ORDER BY member");
      shares.Text(opening.round_id).Text(opening.part);
      while (shares.Next()) {
        opening.shares.push_back({.member = static_cast<std::uint32_t>(shares.GetInt(0)),
                                  .body = shares.GetString(1),
                                  .signature = shares.GetString(2)});
      }
    }
    return openings;
  });
}

absl::Status SqliteStore::AddSum(const StoredSum& sum) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::Status {
    SQLite::Transaction transaction = WriteTransaction(database);
    const int added = Query(database,
                            "INSERT OR IGNORE INTO sums(round_id, part, bytes) "
                            "SELECT round_id, ?, ? FROM rounds WHERE round_id = ? AND state = 1")
                          .Text(sum.part)
                          .Blob(sum.bytes)
                          .Text(sum.round_id)
                          .Run();
    if (added == 1) {
      DropOpening(database, sum.round_id, sum.part);
      for (const StoredHead& head : sum.heads) {
        Query(database, "INSERT OR REPLACE INTO ledger_heads(council, signing_key, bytes) VALUES (?, ?, ?)")
            .Text(head.council)
            .Blob(head.signing_key)
            .Blob(head.bytes)
            .Run();
      }
      transaction.commit();
      return absl::OkStatus();
    }
    Query known(database, "SELECT 1 FROM sums WHERE round_id = ? AND part = ?");
    known.Text(sum.round_id).Text(sum.part);
    if (known.Next()) {
      return absl::AlreadyExistsError(
          absl::StrCat("round ", sum.round_id, " has a sum of part ", sum.part, " already"));
    }
    return absl::FailedPreconditionError(absl::StrCat("round ", sum.round_id, " is not open"));
  });
}

absl::StatusOr<std::vector<StoredSum>> SqliteStore::Sums(absl::string_view round_id) {
  using Result = absl::StatusOr<std::vector<StoredSum>>;
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> Result {
    Query query(database, "SELECT round_id, part, bytes FROM sums WHERE round_id = ? ORDER BY part");
    query.Text(round_id);
    std::vector<StoredSum> sums;
    while (query.Next()) {
      sums.push_back(
          {.round_id = query.GetString(0), .part = query.GetString(1), .bytes = query.GetString(2)});
    }
    return sums;
  });
}

absl::StatusOr<std::string> SqliteStore::LedgerHead(absl::string_view council,
                                                    absl::string_view signing_key) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::StatusOr<std::string> {
    Query query(database, "SELECT bytes FROM ledger_heads WHERE council = ? AND signing_key = ?");
    query.Text(council).Blob(signing_key);
    return query.Next() ? query.GetString(0) : "";
  });
}

}  // namespace waymark::coordinator
