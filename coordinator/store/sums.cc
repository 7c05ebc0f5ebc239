#include "absl/strings/str_cat.h"
#include "coordinator/store/sql_store.h"

namespace waymark::coordinator {
namespace {

void RemoveOpening(SqlTransaction& sql, absl::string_view round_id, absl::string_view part) {
  for (const char* const table : {"opening_shares", "openings"}) {
    Query(sql, absl::StrCat("DELETE FROM ", table, " WHERE round_id = $1 AND part = $2"))
        .Text(round_id)
        .Text(part)
        .Run();
  }
}

}  // namespace

absl::Status SqlStore::PutOpening(const StoredOpening& opening) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    RemoveOpening(sql, opening.round_id, opening.part);
    Query(sql, "INSERT INTO openings(round_id, part, bytes) VALUES ($1, $2, $3)")
        .Text(opening.round_id)
        .Text(opening.part)
        .Blob(opening.bytes)
        .Run();
    return absl::OkStatus();
  });
}

absl::Status SqlStore::AddOpeningShares(absl::string_view round_id, absl::string_view part,
                                        const StoredShares& shares) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query(sql,
          "INSERT INTO opening_shares(round_id, part, member, body, signature) VALUES ($1, $2, $3, $4, "
          "$5) ON CONFLICT DO NOTHING")
        .Text(round_id)
        .Text(part)
        .Int(shares.member)
        .Blob(shares.body)
        .Blob(shares.signature)
        .Run();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<StoredOpening>> SqlStore::Openings() {
  using Result = absl::StatusOr<std::vector<StoredOpening>>;
  return Read([&](SqlTransaction& sql) -> Result {
    std::vector<StoredOpening> openings;
    Query query(sql,
                "SELECT round_id, part, bytes FROM openings JOIN rounds USING (round_id) WHERE state = 1 "
                "AND round_id NOT IN (SELECT round_id FROM withdrawals) "
                "ORDER BY round_id, part");
    while (query.Next()) {
      openings.push_back(
          {.round_id = query.GetString(0), .part = query.GetString(1), .bytes = query.GetString(2)});
    }
    for (StoredOpening& opening : openings) {
      Query shares(sql,
                   "SELECT member, body, signature FROM opening_shares WHERE round_id = $1 AND part = $2 "
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

absl::Status SqlStore::DropOpening(absl::string_view round_id, absl::string_view part) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    RemoveOpening(sql, round_id, part);
    return absl::OkStatus();
  });
}

absl::Status SqlStore::AddTry(absl::string_view round_id, absl::string_view part, absl::string_view roster) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query(sql,
          "INSERT INTO sum_tries(round_id, part, tries, roster) VALUES ($1, $2, 1, $3) "
          "ON CONFLICT (round_id, part) DO UPDATE SET tries = sum_tries.tries + 1")
        .Text(round_id)
        .Text(part)
        .Blob(roster)
        .Run();
    return absl::OkStatus();
  });
}

absl::StatusOr<SumTries> SqlStore::TriesOf(absl::string_view round_id, absl::string_view part) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<SumTries> {
    Query query(sql, "SELECT tries, roster FROM sum_tries WHERE round_id = $1 AND part = $2");
    query.Text(round_id).Text(part);
    if (!query.Next()) return SumTries{};
    return SumTries{.count = static_cast<int>(query.GetInt(0)), .roster = query.GetString(1)};
  });
}

absl::Status SqlStore::PutMaskedInput(absl::string_view session, std::uint32_t member, std::size_t block,
                                      absl::string_view bytes) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query(sql,
          "INSERT INTO masked_inputs(session, member, block, bytes) VALUES ($1, $2, $3, $4) "
          "ON CONFLICT (session, member, block) DO UPDATE SET bytes = excluded.bytes")
        .Text(session)
        .Int(member)
        .Int(static_cast<std::int64_t>(block))
        .Blob(bytes)
        .Run();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::string> SqlStore::MaskedInput(absl::string_view session, std::uint32_t member,
                                                  std::size_t block) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::string> {
    Query query(sql, "SELECT bytes FROM masked_inputs WHERE session = $1 AND member = $2 AND block = $3");
    query.Text(session).Int(member).Int(static_cast<std::int64_t>(block));
    if (query.Next()) return query.GetString(0);
    return absl::NotFoundError(absl::StrCat("block ", block, " of member ", member, " was never sent"));
  });
}

absl::StatusOr<std::vector<std::string>> SqlStore::MaskedSessions() {
  using Result = absl::StatusOr<std::vector<std::string>>;
  return Read([&](SqlTransaction& sql) -> Result {
    Query query(sql, "SELECT DISTINCT session FROM masked_inputs ORDER BY session");
    std::vector<std::string> sessions;
    while (query.Next()) sessions.push_back(query.GetString(0));
    return sessions;
  });
}

absl::Status SqlStore::DropMaskedInputs(absl::string_view session) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query(sql, "DELETE FROM masked_inputs WHERE session = $1").Text(session).Run();
    return absl::OkStatus();
  });
}

absl::Status SqlStore::DropMaskedInput(absl::string_view session, std::uint32_t member) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query(sql, "DELETE FROM masked_inputs WHERE session = $1 AND member = $2")
        .Text(session)
        .Int(member)
        .Run();
    return absl::OkStatus();
  });
}

absl::Status SqlStore::AddSum(const StoredSum& sum) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    const std::int64_t added =
        Query(sql,
              "INSERT INTO sums(round_id, part, bytes) "
              "SELECT round_id, $1, $2 FROM rounds WHERE round_id = $3 AND state = 1 "
              "AND round_id NOT IN (SELECT round_id FROM withdrawals) ON CONFLICT DO NOTHING")
            .Text(sum.part)
            .Blob(sum.bytes)
            .Text(sum.round_id)
            .Run();
    if (added == 1) {
      RemoveOpening(sql, sum.round_id, sum.part);
      for (const StoredHead& head : sum.heads) {
        Query(sql,
              "INSERT INTO ledger_heads(council, signing_key, bytes) VALUES ($1, $2, $3) "
              "ON CONFLICT (council, signing_key) DO UPDATE SET bytes = excluded.bytes")
            .Text(head.council)
            .Blob(head.signing_key)
            .Blob(head.bytes)
            .Run();
      }
      return absl::OkStatus();
    }
    Query known(sql, "SELECT 1 FROM sums WHERE round_id = $1 AND part = $2");
    known.Text(sum.round_id).Text(sum.part);
    if (known.Next()) {
      return absl::AlreadyExistsError(
          absl::StrCat("round ", sum.round_id, " has a sum of part ", sum.part, " already"));
    }
    return absl::FailedPreconditionError(absl::StrCat("round ", sum.round_id, " is not open"));
  });
}

absl::StatusOr<std::vector<StoredSum>> SqlStore::Sums(absl::string_view round_id) {
  using Result = absl::StatusOr<std::vector<StoredSum>>;
  return Read([&](SqlTransaction& sql) -> Result {
    Query query(sql, "SELECT round_id, part, bytes FROM sums WHERE round_id = $1 ORDER BY part");
    query.Text(round_id);
    std::vector<StoredSum> sums;
    while (query.Next()) {
      sums.push_back(
          {.round_id = query.GetString(0), .part = query.GetString(1), .bytes = query.GetString(2)});
    }
    return sums;
  });
}

absl::StatusOr<std::string> SqlStore::LedgerHead(absl::string_view council, absl::string_view signing_key) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::string> {
    Query query(sql, "SELECT bytes FROM ledger_heads WHERE council = $1 AND signing_key = $2");
    query.Text(council).Blob(signing_key);
    return query.Next() ? query.GetString(0) : "";
  });
}

}  // namespace waymark::coordinator
