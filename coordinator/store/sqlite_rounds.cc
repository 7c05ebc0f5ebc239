#include <sqlite3.h>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/store/sqlite_connection.h"

namespace waymark::coordinator {
namespace {

constexpr const char* kRoundColumns =
    "SELECT round_id, spec, spec_hash, definitions, state, published_unix_s FROM rounds";

Round ReadRound(Query& query) {
  return Round{.round_id = query.GetString(0),
               .spec = query.GetString(1),
               .spec_hash = query.GetString(2),
               .definitions = query.GetString(3),
               .state = static_cast<RoundState>(query.GetInt(4)),
               .published_unix_s = query.GetInt(5)};
}

// The state of a round, or NOT_FOUND.
absl::StatusOr<RoundState> StateOf(SQLite::Database& database, absl::string_view round_id) {
  Query query(database, "SELECT state FROM rounds WHERE round_id = ?");
  query.Text(round_id);
  if (!query.Next()) return absl::NotFoundError(absl::StrCat("no round is called ", round_id));
  return static_cast<RoundState>(query.GetInt(0));
}

bool HasRelease(SQLite::Database& database, absl::string_view round_id, absl::string_view council) {
  return Query(database, "SELECT 1 FROM releases WHERE round_id = ? AND council = ?")
      .Text(round_id)
      .Text(council)
      .Next();
}

void WritePublication(SQLite::Database& database, const Publication& publication) {
  Query absence(database, "INSERT INTO absences(round_id, council, item, absence) VALUES (?, ?, ?, ?)");
  for (const StoredAbsence& row : publication.absences) {
    absence.Again().Text(publication.round_id).Text(row.council).Int(row.item).Int(row.absence).Run();
  }
  Query item(database,
             "INSERT INTO published_items(round_id, item, metric, version, period, entry, published_unix_s) "
             "VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (const PublishedItem& row : publication.items) {
    item.Again().Text(publication.round_id).Int(row.item).Text(row.metric).Int(row.version).Text(row.period);
    item.Blob(row.entry).Int(publication.published_unix_s).Run();
  }
  Query contributor(database, "INSERT INTO contributors(round_id, item, council, bytes) VALUES (?, ?, ?, ?)");
  for (const StoredContributor& row : publication.contributors) {
    contributor.Again().Text(publication.round_id).Int(row.item).Text(row.council).Blob(row.bytes).Run();
  }
}

absl::Status CheckOpen(SQLite::Database& database, absl::string_view round_id) {
  ASSIGN_OR_RETURN(const RoundState state, StateOf(database, round_id));
  if (state == RoundState::kOpen) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("round ", round_id, " is published"));
}

}  // namespace

absl::Status SqliteStore::AddRound(const Round& round) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::Status {
    const int added = Query(database,
                            "INSERT OR IGNORE INTO rounds(round_id, spec, spec_hash, definitions, state, "
                            "published_unix_s) VALUES (?, ?, ?, ?, ?, ?)")
                          .Text(round.round_id)
                          .Blob(round.spec)
                          .Blob(round.spec_hash)
                          .Blob(round.definitions)
                          .Int(static_cast<int>(round.state))
                          .Int(round.published_unix_s)
                          .Run();
    if (added == 1) return absl::OkStatus();
    return absl::AlreadyExistsError(absl::StrCat("a round is called ", round.round_id, " already"));
  });
}

absl::StatusOr<std::optional<Round>> SqliteStore::FindRound(absl::string_view round_id) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::StatusOr<std::optional<Round>> {
    Query query(database, absl::StrCat(kRoundColumns, " WHERE round_id = ?").c_str());
    query.Text(round_id);
    if (!query.Next()) return std::optional<Round>();
    return std::optional<Round>(ReadRound(query));
  });
}

absl::StatusOr<std::vector<Round>> SqliteStore::Rounds(std::optional<RoundState> state) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::StatusOr<std::vector<Round>> {
    Query query(database,
                absl::StrCat(kRoundColumns, state ? " WHERE state = ?" : "", " ORDER BY sequence").c_str());
    if (state) query.Int(static_cast<int>(*state));
    std::vector<Round> rounds;
    while (query.Next()) rounds.push_back(ReadRound(query));
    return rounds;
  });
}

absl::Status SqliteStore::AddRelease(const StoredRelease& release) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::Status {
    SQLite::Transaction transaction = WriteTransaction(database);
    ASSIGN_OR_RETURN(const RoundState state, StateOf(database, release.round_id));
    if (HasRelease(database, release.round_id, release.council)) {
      return absl::AlreadyExistsError(
          absl::StrCat(release.council, " has answered round ", release.round_id));
    }
    if (state != RoundState::kOpen) {
      return absl::FailedPreconditionError(absl::StrCat("round ", release.round_id, " is published"));
    }
    Query(database,
          "INSERT INTO releases(round_id, council, bytes, hash, received_unix_s) VALUES (?, ?, ?, ?, ?)")
        .Text(release.round_id)
        .Text(release.council)
        .Blob(release.bytes)
        .Blob(release.hash)
        .Int(release.received_unix_s)
        .Run();
    transaction.commit();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::optional<StoredRelease>> SqliteStore::FindRelease(absl::string_view round_id,
                                                                      absl::string_view council) {
  return WithDatabase(
      *connection_, [&](SQLite::Database& database) -> absl::StatusOr<std::optional<StoredRelease>> {
        Query query(database,
                    "SELECT round_id, council, bytes, hash, received_unix_s FROM releases WHERE round_id = ? "
                    "AND council = ?");
        query.Text(round_id).Text(council);
        if (!query.Next()) return std::optional<StoredRelease>();
        return std::optional<StoredRelease>(StoredRelease{.round_id = query.GetString(0),
                                                          .council = query.GetString(1),
                                                          .bytes = query.GetString(2),
                                                          .hash = query.GetString(3),
                                                          .received_unix_s = query.GetInt(4)});
      });
}

absl::Status SqliteStore::PutDecline(const StoredDecline& decline) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::Status {
    Query(database,
          "INSERT INTO declines(round_id, council, declined_unix_s, bytes) VALUES (?1, ?2, ?3, ?4) "
          "ON CONFLICT(round_id, council) DO UPDATE SET declined_unix_s = ?3, bytes = ?4 "
          "WHERE declined_unix_s <= ?3")
        .Text(decline.round_id)
        .Text(decline.council)
        .Int(decline.declined_unix_s)
        .Blob(decline.bytes)
        .Run();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<StoredDecline>> SqliteStore::Declines(absl::string_view round_id) {
  using Result = absl::StatusOr<std::vector<StoredDecline>>;
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> Result {
    Query query(database,
                "SELECT round_id, council, declined_unix_s, bytes FROM declines WHERE round_id = ? ORDER BY "
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

absl::StatusOr<std::vector<std::string>> SqliteStore::Answered(absl::string_view round_id) {
  return WithDatabase(
      *connection_, [&](SQLite::Database& database) -> absl::StatusOr<std::vector<std::string>> {
        Query query(database, "SELECT council FROM releases WHERE round_id = ? ORDER BY council");
        query.Text(round_id);
        std::vector<std::string> councils;
        while (query.Next()) councils.push_back(query.GetString(0));
        return councils;
      });
}

absl::Status SqliteStore::DropFigures(absl::string_view round_id) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::Status {
    SQLite::Transaction transaction = WriteTransaction(database);
    RETURN_IF_ERROR(CheckOpen(database, round_id));
    Query(database, "DELETE FROM figures WHERE round_id = ?").Text(round_id).Run();
    transaction.commit();
    return absl::OkStatus();
  });
}

absl::Status SqliteStore::AddFigures(absl::string_view round_id, const std::vector<StoredFigure>& figures) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::Status {
    SQLite::Transaction transaction = WriteTransaction(database);
    RETURN_IF_ERROR(CheckOpen(database, round_id));
    Query figure(database,
                 "INSERT INTO figures(round_id, item, breakdown, geography, above_council, bytes) "
                 "VALUES (?, ?, ?, ?, ?, ?)");
    for (const StoredFigure& row : figures) {
      figure.Again().Text(round_id).Int(row.item).Text(row.breakdown).Text(row.geography);
      figure.Int(row.above_council ? 1 : 0).Blob(row.bytes).Run();
    }
    transaction.commit();
    return absl::OkStatus();
  });
}

absl::StatusOr<bool> SqliteStore::Publish(const Publication& publication) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::StatusOr<bool> {
    SQLite::Transaction transaction = WriteTransaction(database);
    ASSIGN_OR_RETURN(const RoundState state, StateOf(database, publication.round_id));
    if (state != RoundState::kOpen) return false;
    Query count(database, "SELECT count(*) FROM releases WHERE round_id = ?");
    count.Text(publication.round_id).Next();
    if (static_cast<std::size_t>(count.GetInt(0)) != publication.releases) {
      return absl::AbortedError(
          absl::StrCat("round ", publication.round_id,
                       " has another number of releases than were combined; combine again"));
    }
    WritePublication(database, publication);
    Query(database, "UPDATE rounds SET state = ?, published_unix_s = ? WHERE round_id = ?")
        .Int(static_cast<int>(RoundState::kPublished))
        .Int(publication.published_unix_s)
        .Text(publication.round_id)
        .Run();
    transaction.commit();
    return true;
  });
}

absl::StatusOr<std::vector<StoredAbsence>> SqliteStore::Absences(absl::string_view round_id) {
  return WithDatabase(
      *connection_, [&](SQLite::Database& database) -> absl::StatusOr<std::vector<StoredAbsence>> {
        Query query(database,
                    "SELECT council, item, absence FROM absences WHERE round_id = ? ORDER BY council, item");
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
