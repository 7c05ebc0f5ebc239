#include "absl/strings/str_cat.h"
#include "coordinator/store/log_entries.h"
#include "coordinator/store/sql_store.h"

namespace waymark::coordinator {
namespace {

StoredRoster ReadRoster(Query& query) {
  return StoredRoster{.epoch = static_cast<std::uint64_t>(query.GetInt(0)),
                      .hash = query.GetString(1),
                      .bytes = query.GetString(2)};
}

// Of the roster with that hash; 0 before the first.
std::optional<std::int64_t> EpochOf(SqlTransaction& sql, absl::string_view hash) {
  if (hash == std::string(hash.size(), '\0')) return 0;
  Query query(sql, "SELECT epoch FROM rosters WHERE hash = $1");
  query.Blob(hash);
  if (!query.Next()) return std::nullopt;
  return query.GetInt(0);
}

}  // namespace

absl::Status SqlStore::AddRoster(const StoredRoster& roster) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    const std::int64_t added =
        Query(sql, "INSERT INTO rosters(epoch, hash, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .Int(static_cast<std::int64_t>(roster.epoch))
            .Blob(roster.hash)
            .Blob(roster.bytes)
            .Run();
    if (added != 1) {
      return absl::AlreadyExistsError(absl::StrCat("there is a roster of epoch ", roster.epoch, " already"));
    }
    AppendToLog(sql, LogKind::kRoster, absl::StrCat(roster.epoch), roster.hash);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::optional<StoredRoster>> SqlStore::NewestRoster() {
  using Result = absl::StatusOr<std::optional<StoredRoster>>;
  return Read([&](SqlTransaction& sql) -> Result {
    Query query(sql, "SELECT epoch, hash, bytes FROM rosters ORDER BY epoch DESC LIMIT 1");
    if (!query.Next()) return std::nullopt;
    return ReadRoster(query);
  });
}

absl::StatusOr<std::optional<std::vector<StoredRoster>>> SqlStore::RostersAfter(absl::string_view hash,
                                                                                std::size_t most) {
  using Result = absl::StatusOr<std::optional<std::vector<StoredRoster>>>;
  return Read([&](SqlTransaction& sql) -> Result {
    const std::optional<std::int64_t> after = EpochOf(sql, hash);
    if (!after) return std::nullopt;
    Query query(sql, "SELECT epoch, hash, bytes FROM rosters WHERE epoch > $1 ORDER BY epoch LIMIT $2");
    query.Int(*after).Int(static_cast<std::int64_t>(most));
    std::vector<StoredRoster> rosters;
    while (query.Next()) rosters.push_back(ReadRoster(query));
    return rosters;
  });
}

absl::Status SqlStore::AddCatalogue(const StoredCatalogue& catalogue) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    const std::int64_t added =
        Query(sql, "INSERT INTO catalogues(number, hash, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .Int(static_cast<std::int64_t>(catalogue.number))
            .Blob(catalogue.hash)
            .Blob(catalogue.bytes)
            .Run();
    if (added != 1) {
      return absl::AlreadyExistsError(
          absl::StrCat("there is a catalogue of version ", catalogue.number, " already"));
    }
    AppendToLog(sql, LogKind::kCatalogue, absl::StrCat(catalogue.number), catalogue.hash);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::optional<StoredCatalogue>> SqlStore::NewestCatalogue() {
  using Result = absl::StatusOr<std::optional<StoredCatalogue>>;
  return Read([&](SqlTransaction& sql) -> Result {
    Query query(sql, "SELECT number, hash, bytes FROM catalogues ORDER BY number DESC LIMIT 1");
    if (!query.Next()) return std::nullopt;
    return StoredCatalogue{.number = static_cast<std::uint64_t>(query.GetInt(0)),
                           .hash = query.GetString(1),
                           .bytes = query.GetString(2)};
  });
}

}  // namespace waymark::coordinator
