#include <map>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/store/sql_store.h"

namespace waymark::coordinator {

absl::Status SqlStore::AddRevision(const StoredRevision& revision) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query withdrawn(sql, "SELECT 1 FROM withdrawals WHERE round_id = $1");
    withdrawn.Text(revision.round_id);
    if (withdrawn.Next()) {
      return absl::FailedPreconditionError(absl::StrCat("round ", revision.round_id, " was withdrawn"));
    }
    Query answered(sql, "SELECT 1 FROM releases WHERE round_id = $1 AND council = $2");
    answered.Text(revision.release_id).Text(revision.council);
    const bool has_answered = answered.Next();
    const std::int64_t added =
        has_answered ? 0
                     : Query(sql,
                             "INSERT INTO revisions(round_id, release_id, council, reason, bytes, hash, "
                             "received_unix_s, edition) VALUES ($1, $2, $3, $4, $5, $6, $7, 0) "
                             "ON CONFLICT DO NOTHING")
                           .Text(revision.round_id)
                           .Text(revision.release_id)
                           .Text(revision.council)
                           .Int(revision.reason)
                           .Blob(revision.bytes)
                           .Blob(revision.hash)
                           .Int(revision.received_unix_s)
                           .Run();
    if (added == 1) return absl::OkStatus();
    return absl::AlreadyExistsError(
        absl::StrCat(revision.council, " has given release ", revision.release_id));
  });
}

absl::StatusOr<std::vector<StoredRevision>> SqlStore::Revisions(absl::string_view round_id) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<StoredRevision>> {
    Query query(sql,
                "SELECT round_id, release_id, council, reason, hash, received_unix_s, edition FROM revisions "
                "WHERE round_id = $1 ORDER BY sequence");
    query.Text(round_id);
    std::vector<StoredRevision> revisions;
    while (query.Next()) {
      revisions.push_back({.round_id = query.GetString(0),
                           .release_id = query.GetString(1),
                           .council = query.GetString(2),
                           .reason = static_cast<int>(query.GetInt(3)),
                           .bytes = "",
                           .hash = query.GetString(4),
                           .received_unix_s = query.GetInt(5),
                           .edition = static_cast<std::uint32_t>(query.GetInt(6))});
    }
    return revisions;
  });
}

absl::StatusOr<std::vector<std::pair<std::string, std::int64_t>>> SqlStore::WaitingRevisions() {
  using Waiting = std::vector<std::pair<std::string, std::int64_t>>;
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<Waiting> {
    Query query(sql,
                "SELECT round_id, min(received_unix_s) FROM revisions WHERE edition = 0 AND NOT EXISTS "
                "(SELECT 1 FROM withdrawals WHERE withdrawals.round_id = revisions.round_id) "
                "GROUP BY round_id ORDER BY round_id");
    Waiting waiting;
    while (query.Next()) waiting.emplace_back(query.GetString(0), query.GetInt(1));
    return waiting;
  });
}

absl::Status SqlStore::BeginEdition(absl::string_view round_id, std::uint32_t number,
                                    absl::string_view edition_id) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query round(sql, "SELECT spec, spec_hash, definitions FROM rounds WHERE round_id = $1 AND edition = 1");
    round.Text(round_id);
    if (!round.Next()) return absl::NotFoundError(absl::StrCat("no round is called ", round_id));
    Query(sql,
          "INSERT INTO rounds(round_id, spec, spec_hash, definitions, state, published_unix_s, revises, "
          "edition) VALUES ($1, $2, $3, $4, $5, 0, $6, $7) ON CONFLICT DO NOTHING")
        .Text(edition_id)
        .Blob(round.GetString(0))
        .Blob(round.GetString(1))
        .Blob(round.GetString(2))
        .Int(static_cast<int>(RoundState::kOpen))
        .Text(round_id)
        .Int(number)
        .Run();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<StoredEdition>> SqlStore::Editions(absl::string_view round_id) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<StoredEdition>> {
    std::map<std::uint32_t, std::vector<int>> reasons;
    Query why(sql,
              "SELECT DISTINCT edition, reason FROM revisions WHERE round_id = $1 AND edition > 0 "
              "ORDER BY edition, reason");
    why.Text(round_id);
    while (why.Next()) {
      reasons[static_cast<std::uint32_t>(why.GetInt(0))].push_back(static_cast<int>(why.GetInt(1)));
    }
    Query query(
        sql,
        "SELECT round_id, edition, published_unix_s FROM rounds WHERE (round_id = $1 AND edition = 1 OR "
        "revises = $1 AND edition > 1) AND state = 2 ORDER BY edition");
    query.Text(round_id);
    std::vector<StoredEdition> editions;
    while (query.Next()) {
      const auto number = static_cast<std::uint32_t>(query.GetInt(1));
      editions.push_back({.round_id = query.GetString(0),
                          .number = number,
                          .published_unix_s = query.GetInt(2),
                          .reasons = reasons[number]});
    }
    return editions;
  });
}

absl::Status SqlStore::NoteContact(absl::string_view council, std::int64_t unix_s) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query(
        sql,
        "INSERT INTO contacts(council, last_unix_s) VALUES ($1, $2) ON CONFLICT(council) "
        "DO UPDATE SET last_unix_s = excluded.last_unix_s WHERE contacts.last_unix_s < excluded.last_unix_s")
        .Text(council)
        .Int(unix_s)
        .Run();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<std::pair<std::string, std::int64_t>>> SqlStore::Contacts() {
  using Heard = std::vector<std::pair<std::string, std::int64_t>>;
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<Heard> {
    Query query(sql, "SELECT council, last_unix_s FROM contacts ORDER BY council");
    Heard heard;
    while (query.Next()) heard.emplace_back(query.GetString(0), query.GetInt(1));
    return heard;
  });
}

}  // namespace waymark::coordinator
