#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "coordinator/store/sql_store.h"

namespace waymark::coordinator {
namespace {

constexpr char kAccesses[] =
    "SELECT name, role, by_token, hash, regions, metrics, granted_unix_s, expires_unix_s, revoked_unix_s, "
    "used_unix_s, valid_days, ends_unix_s FROM access";
// With the hash and the end of the renewal that is not taken up yet.
constexpr char kByNext[] =
    "SELECT a.name, a.role, a.by_token, n.hash, a.regions, a.metrics, a.granted_unix_s, n.expires_unix_s, "
    "a.revoked_unix_s, a.used_unix_s, a.valid_days, a.ends_unix_s "
    "FROM access_renewals n JOIN access a ON a.name = n.name WHERE n.hash = $1";

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
          .used_unix_s = query.GetInt(9),
          .valid_days = static_cast<int>(query.GetInt(10)),
          .ends_unix_s = query.GetInt(11)};
}

// Whether that is the access's own, and it is not revoked.
bool Holds(SqlTransaction& sql, absl::string_view name, absl::string_view hash) {
  Query query(sql,
              "SELECT 1 FROM access WHERE name = $1 AND hash = $2 AND by_token = 0 AND revoked_unix_s = 0");
  query.Text(name).Blob(hash);
  return query.Next();
}

absl::Status Replaced(absl::string_view name) {
  return absl::NotFoundError(
      absl::StrCat("the access ", name, " is revoked, or has another certificate by now"));
}

}  // namespace

absl::Status SqlStore::AddAccess(const StoredAccess& access) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    const std::int64_t added = Query(sql,
                                     "INSERT INTO access(name, role, by_token, hash, regions, metrics, "
                                     "granted_unix_s, expires_unix_s, "
                                     "revoked_unix_s, used_unix_s, valid_days, ends_unix_s) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
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
                                   .Int(access.valid_days)
                                   .Int(access.ends_unix_s)
                                   .Run();
    if (added == 1) return absl::OkStatus();
    return absl::AlreadyExistsError(absl::StrCat(
        access.name, " is the name of one already, or its credential is known; names are used once"));
  });
}

absl::StatusOr<std::optional<StoredAccess>> SqlStore::FindAccess(absl::string_view hash) {
  return accesses_.Get(*database_, hash, [&] {
    return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::optional<StoredAccess>> {
      Query query(sql, absl::StrCat(kAccesses, " WHERE hash = $1"));
      query.Blob(hash);
      if (query.Next()) return std::optional<StoredAccess>(ReadAccess(query));
      Query next(sql, kByNext);
      next.Blob(hash);
      if (!next.Next()) return std::optional<StoredAccess>();
      StoredAccess found = ReadAccess(next);
      found.is_next = true;
      return std::optional<StoredAccess>(std::move(found));
    });
  });
}

absl::StatusOr<std::string> SqlStore::RenewAccess(const StoredAccessRenewal& renewal) {
  return Write([&](SqlTransaction& sql) -> absl::StatusOr<std::string> {
    if (!Holds(sql, renewal.name, renewal.held)) return Replaced(renewal.name);
    Query known(sql, "SELECT certificate_pem FROM access_renewals WHERE name = $1 AND request_hash = $2");
    known.Text(renewal.name).Blob(renewal.request_hash);
    if (known.Next()) return known.GetString(0);
    Query(sql,
          "INSERT INTO access_renewals(name, hash, request_hash, certificate_pem, expires_unix_s) "
          "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, "
          "request_hash = excluded.request_hash, certificate_pem = excluded.certificate_pem, "
          "expires_unix_s = excluded.expires_unix_s")
        .Text(renewal.name)
        .Blob(renewal.hash)
        .Blob(renewal.request_hash)
        .Text(renewal.certificate_pem)
        .Int(renewal.expires_unix_s)
        .Run();
    return renewal.certificate_pem;
  });
}

absl::Status SqlStore::TakeUpAccess(absl::string_view name, absl::string_view hash) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query next(sql, "SELECT expires_unix_s FROM access_renewals WHERE name = $1 AND hash = $2");
    next.Text(name).Blob(hash);
    // Another call may have taken it up just now.
    if (!next.Next()) return Holds(sql, name, hash) ? absl::OkStatus() : Replaced(name);
    const std::int64_t expires_unix_s = next.GetInt(0);
    Query(sql, "UPDATE access SET hash = $1, expires_unix_s = $2 WHERE name = $3")
        .Blob(hash)
        .Int(expires_unix_s)
        .Text(name)
        .Run();
    Query(sql, "DELETE FROM access_renewals WHERE name = $1").Text(name).Run();
    return absl::OkStatus();
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
    Query(sql, "DELETE FROM access_renewals WHERE name = $1").Text(name).Run();
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
