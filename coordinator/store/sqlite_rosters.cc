#include "absl/strings/str_cat.h"
#include "coordinator/store/sqlite_connection.h"

namespace waymark::coordinator {
namespace {

StoredRoster ReadRoster(Query& query) {
  return StoredRoster{.epoch = static_cast<std::uint64_t>(query.GetInt(0)),
                      .hash = query.GetString(1),
                      .bytes = query.GetString(2)};
}

// Of the roster with that hash; 0 before the first.
std::optional<std::int64_t> EpochOf(SQLite::Database& database, absl::string_view hash) {
  if (hash == std::string(hash.size(), '\0')) return 0;
  Query query(database, "SELECT epoch FROM rosters WHERE hash = ?");
  query.Blob(hash);
  if (!query.Next()) return std::nullopt;
  return query.GetInt(0);
}

}  // namespace

absl::Status SqliteStore::AddRoster(const StoredRoster& roster) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::Status {
    const int added = Query(database, "INSERT OR IGNORE INTO rosters(epoch, hash, bytes) VALUES (?, ?, ?)")
                          .Int(static_cast<std::int64_t>(roster.epoch))
                          .Blob(roster.hash)
                          .Blob(roster.bytes)
                          .Run();
    if (added == 1) return absl::OkStatus();
    return absl::AlreadyExistsError(absl::StrCat("there is a roster of epoch ", roster.epoch, " already"));
  });
}

absl::StatusOr<std::optional<StoredRoster>> SqliteStore::NewestRoster() {
  using Result = absl::StatusOr<std::optional<StoredRoster>>;
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> Result {
    Query query(database, "SELECT epoch, hash, bytes FROM rosters ORDER BY epoch DESC LIMIT 1");
    if (!query.Next()) return std::nullopt;
    return ReadRoster(query);
  });
}

absl::StatusOr<std::optional<std::vector<StoredRoster>>> SqliteStore::RostersAfter(absl::string_view hash,
                                                                                   std::size_t most) {
  using Result = absl::StatusOr<std::optional<std::vector<StoredRoster>>>;
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> Result {
    const std::optional<std::int64_t> after = EpochOf(database, hash);
    if (!after) return std::nullopt;
    Query query(database, "SELECT epoch, hash, bytes FROM rosters WHERE epoch > ? ORDER BY epoch LIMIT ?");
    query.Int(*after).Int(static_cast<std::int64_t>(most));
    std::vector<StoredRoster> rosters;
    while (query.Next()) rosters.push_back(ReadRoster(query));
    return rosters;
  });
}

}  // namespace waymark::coordinator
