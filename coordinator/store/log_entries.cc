#include "coordinator/store/log_entries.h"

#include "coordinator/store/sql_store.h"

namespace waymark::coordinator {

void AppendToLog(SqlTransaction& sql, LogKind kind, absl::string_view subject, absl::string_view hash) {
  Query next(sql, "SELECT coalesce(max(entry) + 1, 0) FROM log");
  next.Next();
  Query(sql, "INSERT INTO log(entry, kind, subject, hash) VALUES ($1, $2, $3, $4)")
      .Int(next.GetInt(0))
      .Int(static_cast<int>(kind))
      .Text(subject)
      .Blob(hash)
      .Run();
}

void AppendPublication(SqlTransaction& sql, absl::string_view round_id, absl::string_view record,
                       absl::string_view record_hash) {
  Query(sql, "UPDATE rounds SET publication = $1 WHERE round_id = $2").Blob(record).Text(round_id).Run();
  AppendToLog(sql, LogKind::kPublication, round_id, record_hash);
}

absl::StatusOr<std::vector<StoredLogEntry>> SqlStore::LogEntries(std::uint64_t from, std::size_t most) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<StoredLogEntry>> {
    Query query(sql,
                "SELECT log.kind, log.subject, log.hash, rosters.bytes, rounds.spec, rounds.publication, "
                "withdrawals.bytes, catalogues.bytes FROM log "
                "LEFT JOIN rosters ON log.kind = 1 AND rosters.hash = log.hash "
                "LEFT JOIN catalogues ON log.kind = 2 AND catalogues.hash = log.hash "
                "LEFT JOIN rounds ON log.kind IN (3, 4) AND rounds.round_id = log.subject "
                "LEFT JOIN withdrawals ON log.kind = 5 AND withdrawals.round_id = log.subject "
                "WHERE log.entry >= $1 ORDER BY log.entry LIMIT $2");
    query.Int(static_cast<std::int64_t>(from)).Int(static_cast<std::int64_t>(most));
    std::vector<StoredLogEntry> entries;
    while (query.Next()) {
      const auto kind = static_cast<LogKind>(query.GetInt(0));
      const int content = kind == LogKind::kRoster       ? 3
                          : kind == LogKind::kRound      ? 4
                          : kind == LogKind::kCatalogue  ? 7
                          : kind == LogKind::kWithdrawal ? 6
                                                         : 5;
      entries.push_back({.kind = kind,
                         .subject = query.GetString(1),
                         .hash = query.GetString(2),
                         .content = query.GetString(content)});
    }
    return entries;
  });
}

absl::Status SqlStore::RecordPublication(absl::string_view round_id, absl::string_view record,
                                         absl::string_view record_hash) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query known(sql, "SELECT 1 FROM log WHERE kind = $1 AND subject = $2");
    known.Int(static_cast<int>(LogKind::kPublication)).Text(round_id);
    if (!known.Next()) AppendPublication(sql, round_id, record, record_hash);
    return absl::OkStatus();
  });
}

absl::Status SqlStore::PutWitness(const StoredWitness& witness) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query(sql,
          "INSERT INTO witnesses(council, size, bytes) VALUES ($1, $2, $3) "
          "ON CONFLICT(council) DO UPDATE SET size = excluded.size, bytes = excluded.bytes "
          "WHERE witnesses.size <= excluded.size")
        .Text(witness.council)
        .Int(static_cast<std::int64_t>(witness.size))
        .Blob(witness.bytes)
        .Run();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<StoredWitness>> SqlStore::Witnesses() {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<StoredWitness>> {
    Query query(sql, "SELECT council, size, bytes FROM witnesses ORDER BY council");
    std::vector<StoredWitness> witnesses;
    while (query.Next()) {
      witnesses.push_back({.council = query.GetString(0),
                           .size = static_cast<std::uint64_t>(query.GetInt(1)),
                           .bytes = query.GetString(2)});
    }
    return witnesses;
  });
}

}  // namespace waymark::coordinator
