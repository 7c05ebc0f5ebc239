#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/store/figure_block.h"
#include "coordinator/store/log_entries.h"
#include "coordinator/store/sql_store.h"

namespace waymark::coordinator {
namespace {

// The row of a round that is withdrawn still says what it was before.
constexpr const char* kRoundColumns =
    "SELECT rounds.round_id, spec, spec_hash, definitions, state, published_unix_s, withdrawals.bytes, "
    "revises, edition, late_until_unix_s FROM rounds LEFT JOIN withdrawals ON withdrawals.round_id = "
    "CASE revises WHEN '' THEN rounds.round_id ELSE revises END";

RoundState StateFrom(Query& query, int state, int withdrawal) {
  return query.IsNull(withdrawal) ? static_cast<RoundState>(query.GetInt(state)) : RoundState::kWithdrawn;
}

Round ReadRound(Query& query) {
  return Round{.round_id = query.GetString(0),
               .spec = query.GetString(1),
               .spec_hash = query.GetString(2),
               .definitions = query.GetString(3),
               .state = StateFrom(query, 4, 6),
               .published_unix_s = query.GetInt(5),
               .withdrawal = query.IsNull(6) ? "" : query.GetString(6),
               .revises = query.GetString(7),
               .edition = static_cast<std::uint32_t>(query.GetInt(8)),
               .late_until_unix_s = query.GetInt(9)};
}

std::string WhereState(std::optional<RoundState> state) {
  constexpr absl::string_view kNoEditions = " WHERE edition = 1";
  if (!state) return std::string(kNoEditions);
  if (*state == RoundState::kWithdrawn)
    return absl::StrCat(kNoEditions, " AND withdrawals.bytes IS NOT NULL");
  return absl::StrCat(kNoEditions, " AND withdrawals.bytes IS NULL AND state = ", static_cast<int>(*state));
}

// The state of a round, or NOT_FOUND.
absl::StatusOr<RoundState> StateOf(SqlTransaction& sql, absl::string_view round_id) {
  Query query(sql, absl::StrCat(kRoundColumns, " WHERE rounds.round_id = $1"));
  query.Text(round_id);
  if (!query.Next()) return absl::NotFoundError(absl::StrCat("no round is called ", round_id));
  return StateFrom(query, 4, 6);
}

void WritePublication(SqlTransaction& sql, const Publication& publication) {
  Query absence(sql, "INSERT INTO absences(round_id, council, item, absence) VALUES ($1, $2, $3, $4)");
  for (const StoredAbsence& row : publication.absences) {
    absence.Again().Text(publication.round_id).Text(row.council).Int(row.item).Int(row.absence).RunLater();
  }
  Query item(sql,
             "INSERT INTO published_items(round_id, item, metric, version, period, entry, published_unix_s) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7)");
  for (const PublishedItem& row : publication.items) {
    item.Again().Text(publication.round_id).Int(row.item).Text(row.metric).Int(row.version).Text(row.period);
    item.Blob(row.entry).Int(publication.published_unix_s).RunLater();
  }
  Query contributor(sql, "INSERT INTO contributors(round_id, item, council, bytes) VALUES ($1, $2, $3, $4)");
  for (const StoredContributor& row : publication.contributors) {
    contributor.Again().Text(publication.round_id).Int(row.item).Text(row.council).Blob(row.bytes).RunLater();
  }
  Query source(sql, "INSERT INTO figure_sources(round_id, council, release_id) VALUES ($1, $2, $3)");
  for (const StoredSource& row : publication.sources) {
    source.Again().Text(publication.round_id).Text(row.council).Text(row.release_id).RunLater();
  }
}

// Those that change a round meet here: the second waits for the first.
void LockRound(SqlTransaction& sql, absl::string_view round_id) {
  Query(sql, "UPDATE rounds SET state = state WHERE round_id = $1").Text(round_id).Run();
}

// Two that put in figures of one round meet here, even where nobody waits for the first one's answer any
// more: the second waits for the first, and sees what became of it.
absl::Status CheckOpen(SqlTransaction& sql, absl::string_view round_id) {
  LockRound(sql, round_id);
  ASSIGN_OR_RETURN(const RoundState state, StateOf(sql, round_id));
  if (state == RoundState::kOpen) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("round ", round_id, " is not open any more"));
}

absl::Status CheckReleases(SqlTransaction& sql, const Publication& publication) {
  Query count(sql, "SELECT count(*) FROM releases WHERE round_id = $1");
  count.Text(publication.round_id).Next();
  if (static_cast<std::size_t>(count.GetInt(0)) == publication.releases) return absl::OkStatus();
  return absl::AbortedError(absl::StrCat(
      "round ", publication.round_id, " has another number of releases than were combined; combine again"));
}

// Each revision is new in one edition, for ever.
absl::Status TakeRevisions(SqlTransaction& sql, const Publication& publication) {
  for (const auto& [release_id, council] : publication.revisions) {
    const std::int64_t taken =
        Query(sql, "UPDATE revisions SET edition = $1 WHERE release_id = $2 AND council = $3 AND edition = 0")
            .Int(publication.edition)
            .Text(release_id)
            .Text(council)
            .Run();
    if (taken != 1) {
      return absl::AbortedError(
          absl::StrCat("edition ", publication.round_id, ": a revision is in another one; combine again"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status SqlStore::AddRound(const Round& round) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    const std::int64_t added =
        Query(sql,
              "INSERT INTO rounds(round_id, spec, spec_hash, definitions, state, "
              "published_unix_s, late_until_unix_s) VALUES ($1, $2, $3, $4, $5, $6, $7) "
              "ON CONFLICT DO NOTHING")
            .Text(round.round_id)
            .Blob(round.spec)
            .Blob(round.spec_hash)
            .Blob(round.definitions)
            .Int(static_cast<int>(round.state))
            .Int(round.published_unix_s)
            .Int(round.late_until_unix_s)
            .Run();
    if (added != 1) {
      return absl::AlreadyExistsError(absl::StrCat("a round is called ", round.round_id, " already"));
    }
    AppendToLog(sql, LogKind::kRound, round.round_id, round.spec_hash);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::optional<Round>> SqlStore::FindRound(absl::string_view round_id) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::optional<Round>> {
    Query query(sql, absl::StrCat(kRoundColumns, " WHERE rounds.round_id = $1"));
    query.Text(round_id);
    if (!query.Next()) return std::optional<Round>();
    return std::optional<Round>(ReadRound(query));
  });
}

absl::StatusOr<std::vector<Round>> SqlStore::Rounds(std::optional<RoundState> state) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<Round>> {
    Query query(sql, absl::StrCat(kRoundColumns, WhereState(state), " ORDER BY sequence"));
    std::vector<Round> rounds;
    while (query.Next()) rounds.push_back(ReadRound(query));
    return rounds;
  });
}

absl::StatusOr<std::vector<Round>> SqlStore::RoundsTakingLate(std::int64_t now_unix_s) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<Round>> {
    Query query(sql, absl::StrCat(kRoundColumns,
                                  " WHERE edition = 1 AND late_until_unix_s > 0 AND late_until_unix_s > $1 "
                                  "AND withdrawals.bytes IS NULL ORDER BY sequence"));
    query.Int(now_unix_s);
    std::vector<Round> rounds;
    while (query.Next()) rounds.push_back(ReadRound(query));
    return rounds;
  });
}

absl::Status SqlStore::AddRelease(const StoredRelease& release) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const RoundState state, StateOf(sql, release.round_id));
    const std::int64_t added = Query(sql,
                                     "INSERT INTO releases(round_id, council, bytes, hash, received_unix_s) "
                                     "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING")
                                   .Text(release.round_id)
                                   .Text(release.council)
                                   .Blob(release.bytes)
                                   .Blob(release.hash)
                                   .Int(release.received_unix_s)
                                   .Run();
    if (added == 0) {
      return absl::AlreadyExistsError(
          absl::StrCat(release.council, " has answered round ", release.round_id));
    }
    if (state == RoundState::kOpen) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat("round ", release.round_id, " is not open any more"));
  });
}

absl::StatusOr<std::optional<StoredRelease>> SqlStore::FindRelease(absl::string_view release_id,
                                                                   absl::string_view council) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::optional<StoredRelease>> {
    Query query(
        sql,
        "SELECT round_id, council, bytes, hash, received_unix_s FROM releases WHERE round_id = $1 "
        "AND council = $2 UNION ALL "
        "SELECT release_id, council, bytes, hash, received_unix_s FROM revisions WHERE release_id = $1 "
        "AND council = $2");
    query.Text(release_id).Text(council);
    if (!query.Next()) return std::optional<StoredRelease>();
    return std::optional<StoredRelease>(StoredRelease{.round_id = query.GetString(0),
                                                      .council = query.GetString(1),
                                                      .bytes = query.GetString(2),
                                                      .hash = query.GetString(3),
                                                      .received_unix_s = query.GetInt(4)});
  });
}

absl::Status SqlStore::PutDecline(const StoredDecline& decline) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query(sql,
          "INSERT INTO declines(round_id, council, declined_unix_s, bytes) VALUES ($1, $2, $3, $4) "
          "ON CONFLICT (round_id, council) DO UPDATE SET declined_unix_s = excluded.declined_unix_s, "
          "bytes = excluded.bytes WHERE declines.declined_unix_s <= excluded.declined_unix_s")
        .Text(decline.round_id)
        .Text(decline.council)
        .Int(decline.declined_unix_s)
        .Blob(decline.bytes)
        .Run();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<StoredDecline>> SqlStore::Declines(absl::string_view round_id) {
  using Result = absl::StatusOr<std::vector<StoredDecline>>;
  return Read([&](SqlTransaction& sql) -> Result {
    Query query(sql,
                "SELECT round_id, council, declined_unix_s, bytes FROM declines WHERE round_id = $1 ORDER BY "
                "council");
    query.Text(round_id);
    std::vector<StoredDecline> declines;
    while (query.Next()) {
      declines.push_back({.round_id = query.GetString(0),
                          .council = query.GetString(1),
                          .declined_unix_s = query.GetInt(2),
                          .bytes = query.GetString(3)});
    }
    return declines;
  });
}

absl::StatusOr<std::vector<std::string>> SqlStore::Answered(absl::string_view round_id) {
  return Names("SELECT council FROM releases WHERE round_id = $1 ORDER BY council", round_id);
}

absl::StatusOr<std::vector<std::string>> SqlStore::AnsweredBy(absl::string_view council) {
  return Names(
      "SELECT release_id FROM (SELECT round_id AS release_id, received_unix_s FROM releases WHERE council = "
      "$1 "
      "UNION ALL SELECT release_id, received_unix_s FROM revisions WHERE council = $1) AS given "
      "ORDER BY received_unix_s, release_id",
      council);
}

absl::StatusOr<std::vector<std::string>> SqlStore::Names(const char* select, absl::string_view of) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<std::string>> {
    Query query(sql, select);
    query.Text(of);
    std::vector<std::string> names;
    while (query.Next()) names.push_back(query.GetString(0));
    return names;
  });
}

absl::Status SqlStore::DropFigures(absl::string_view round_id) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    RETURN_IF_ERROR(CheckOpen(sql, round_id));
    Query(sql, "DELETE FROM figures WHERE round_id = $1").Text(round_id).Run();
    return absl::OkStatus();
  });
}

absl::Status SqlStore::AddFigures(absl::string_view round_id, const std::vector<StoredFigure>& figures) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    RETURN_IF_ERROR(CheckOpen(sql, round_id));
    Query row(sql,
              "INSERT INTO figures(round_id, item, breakdown, geography, above_council, count, bytes) "
              "VALUES ($1, $2, $3, $4, $5, $6, $7)");
    for (absl::Span<const StoredFigure> left = figures; !left.empty();) {
      const absl::Span<const StoredFigure> block = left.first(FiguresOfBlock(left));
      left.remove_prefix(block.size());
      const StoredFigure& first = block.front();
      row.Again().Text(round_id).Int(first.item).Text(first.breakdown).Text(first.geography);
      row.Int(first.above_council ? 1 : 0).Int(static_cast<std::int64_t>(block.size()));
      row.Blob(PackFigures(block)).RunLater();
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<bool> SqlStore::Publish(const Publication& publication) {
  return Write([&](SqlTransaction& sql) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const RoundState state, StateOf(sql, publication.round_id));
    if (state != RoundState::kOpen) return false;
    RETURN_IF_ERROR(publication.edition > 1 ? TakeRevisions(sql, publication)
                                            : CheckReleases(sql, publication));
    WritePublication(sql, publication);
    Query(sql, "UPDATE rounds SET state = $1, published_unix_s = $2 WHERE round_id = $3")
        .Int(static_cast<int>(RoundState::kPublished))
        .Int(publication.published_unix_s)
        .Text(publication.round_id)
        .Run();
    AppendPublication(sql, publication.round_id, publication.record, publication.record_hash);
    return true;
  });
}

absl::StatusOr<bool> SqlStore::Withdraw(const StoredWithdrawal& withdrawal) {
  return Write([&](SqlTransaction& sql) -> absl::StatusOr<bool> {
    LockRound(sql, withdrawal.round_id);
    ASSIGN_OR_RETURN(const RoundState state, StateOf(sql, withdrawal.round_id));
    if (state == RoundState::kWithdrawn) return false;
    Query(sql, "INSERT INTO withdrawals(round_id, bytes) VALUES ($1, $2)")
        .Text(withdrawal.round_id)
        .Blob(withdrawal.bytes)
        .Run();
    AppendToLog(sql, LogKind::kWithdrawal, withdrawal.round_id, withdrawal.hash);
    return true;
  });
}

absl::StatusOr<std::vector<StoredAbsence>> SqlStore::Absences(absl::string_view round_id) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<StoredAbsence>> {
    Query query(sql,
                "SELECT council, item, absence FROM absences WHERE round_id = $1 ORDER BY council, item");
    query.Text(round_id);
    std::vector<StoredAbsence> absences;
    while (query.Next()) {
      absences.push_back(StoredAbsence{.council = query.GetString(0),
                                       .item = query.GetInt(1),
                                       .absence = static_cast<int>(query.GetInt(2))});
    }
    return absences;
  });
}

}  // namespace waymark::coordinator
