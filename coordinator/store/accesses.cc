#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "coordinator/store/sql_store.h"

namespace waymark::coordinator {
namespace {

constexpr char kAccesses[] =
    "SELECT name, role, by_token, hash, regions, metrics, granted_unix_s, expires_unix_s, revoked_unix_s, "
    "used_unix_s FROM access";

std::vector<std::string> Words(const std::string& joined) {
  return absl::StrSplit(joined, ',', absl::SkipEmpty());
}

StoredAccess ReadAccess(Query& query) {
  return {.name = query.GetString(0),
          .role = query.GetString(1),
          .by_token = query.GetInt(2) != 0,
          .hash = query.GetString(3),
          .regions = Words(query.GetString(4)),
          .metrics = Words(query.GetString(5)),
          .granted_unix_s = query.GetInt(6),
          .expires_unix_s = query.GetInt(7),
          .revoked_unix_s = query.GetInt(8),
          .used_unix_s = query.GetInt(9)};
}

}  // namespace

absl::Status SqlStore::AddAccess(const StoredAccess& access) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    const std::int64_t added =
        Query(sql,
              "INSERT INTO access(name, role, by_token, hash, regions, metrics, granted_unix_s, "
              "expires_unix_s, revoked_unix_s, used_unix_s) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
              "ON CONFLICT DO NOTHING")
            .Text(access.name)
            .Text(access.role)
            .Int(access.by_token ? 1 : 0)
            .Blob(access.hash)
            .Text(absl::StrJoin(access.regions, ","))
            .Text(absl::StrJoin(access.metrics, ","))
            .Int(access.granted_unix_s)
            .Int(access.expires_unix_s)
            .Int(access.revoked_unix_s)
            .Int(access.used_unix_s)
            .Run();
    if (added == 1) return absl::OkStatus();
    return absl::AlreadyExistsError(absl::StrCat(
        access.name, " is the name of one already, or its credential is known; names are used once"));
  });
}

absl::StatusOr<std::optional<StoredAccess>> SqlStore::FindAccess(absl::string_view hash) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::optional<StoredAccess>> {
    Query query(sql, absl::StrCat(kAccesses, " WHERE hash = $1"));
    query.Blob(hash);
    if (!query.Next()) return std::optional<StoredAccess>();
    return std::optional<StoredAccess>(ReadAccess(query));
  });
}

absl::StatusOr<std::vector<StoredAccess>> SqlStore::Accesses() {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<StoredAccess>> {
    Query query(sql, absl::StrCat(kAccesses, " ORDER BY name"));
    std::vector<StoredAccess> accesses;
    while (query.Next()) accesses.push_back(ReadAccess(query));
    return accesses;
  });
}

absl::Status SqlStore::RevokeAccess(absl::string_view name, std::int64_t now_unix_s) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    const std::int64_t found =
        Query(sql,
              "UPDATE access SET revoked_unix_s = CASE revoked_unix_s WHEN 0 THEN $1 ELSE revoked_unix_s END "
              "WHERE name = $2")
            .Int(now_unix_s)
            .Text(name)
            .Run();
    if (found == 1) return absl::OkStatus();
    return absl::NotFoundError(
        absl::StrCat("no access has the name ", name, "; see `waymark-coordinator access list`"));
  });
}

absl::Status SqlStore::NoteAccessUse(absl::string_view name, std::int64_t used_unix_s) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query(sql, "UPDATE access SET used_unix_s = $1 WHERE name = $2 AND used_unix_s < $1")
        .Int(used_unix_s)
        .Text(name)
        .Run();
    return absl::OkStatus();
  });
}

}  // namespace waymark::coordinator
