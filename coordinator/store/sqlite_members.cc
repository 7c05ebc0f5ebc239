#include "absl/strings/str_cat.h"
#include "coordinator/store/sqlite_connection.h"

namespace waymark::coordinator {
namespace {

Token ReadToken(Query& query) {
  Token token{.hash = query.GetString(0),
              .council = query.GetString(1),
              .expires_unix_s = query.GetInt(2),
              .used_unix_s = std::nullopt,
              .signing_key = query.GetString(4),
              .request_hash = query.GetString(5),
              .certificate_pem = query.GetString(6)};
  if (!query.IsNull(3)) token.used_unix_s = query.GetInt(3);
  return token;
}

Member ReadMember(Query& query) {
  return Member{.council = query.GetString(0),
                .signing_key = query.GetString(1),
                .certificate_pem = query.GetString(2),
                .enrolled_unix_s = query.GetInt(3),
                .next_certificate_pem = query.GetString(4)};
}

constexpr char kMembers[] =
    "SELECT council, signing_key, certificate_pem, enrolled_unix_s, next_certificate_pem FROM members "
    "WHERE revoked_unix_s = 0";

}  // namespace

absl::Status SqliteStore::AddToken(const Token& token) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::Status {
    Query(database, "INSERT OR IGNORE INTO tokens(hash, council, expires_unix_s) VALUES (?, ?, ?)")
        .Blob(token.hash)
        .Text(token.council)
        .Int(token.expires_unix_s)
        .Run();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<Token>> SqliteStore::TokensOf(absl::string_view council) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::StatusOr<std::vector<Token>> {
    Query query(
        database,
        "SELECT hash, council, expires_unix_s, used_unix_s, signing_key, request_hash, certificate_pem "
        "FROM tokens WHERE council = ? ORDER BY hash");
    query.Text(council);
    std::vector<Token> tokens;
    while (query.Next()) tokens.push_back(ReadToken(query));
    return tokens;
  });
}

absl::Status SqliteStore::UseToken(absl::string_view token_hash, absl::string_view request_hash,
                                   const Member& member) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::Status {
    SQLite::Transaction transaction = WriteTransaction(database);
    const int used =
        Query(database,
              "UPDATE tokens SET used_unix_s = ?, signing_key = ?, request_hash = ?, certificate_pem = ? "
              "WHERE hash = ? AND used_unix_s IS NULL")
            .Int(member.enrolled_unix_s)
            .Blob(member.signing_key)
            .Blob(request_hash)
            .Text(member.certificate_pem)
            .Blob(token_hash)
            .Run();
    if (used != 1) return absl::FailedPreconditionError("the token is not there or used up");
    Query(database,
          "INSERT OR REPLACE INTO members(council, signing_key, certificate_pem, enrolled_unix_s) VALUES (?, "
          "?, ?, ?)")
        .Text(member.council)
        .Blob(member.signing_key)
        .Text(member.certificate_pem)
        .Int(member.enrolled_unix_s)
        .Run();
    transaction.commit();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::string> SqliteStore::RenewMember(absl::string_view council,
                                                     absl::string_view request_hash,
                                                     absl::string_view certificate_pem) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::StatusOr<std::string> {
    SQLite::Transaction transaction = WriteTransaction(database);
    Query known(database,
                "SELECT next_request_hash, next_certificate_pem, certificate_pem FROM members "
                "WHERE council = ? AND revoked_unix_s = 0");
    known.Text(council);
    if (!known.Next()) return absl::NotFoundError(absl::StrCat(council, " is no member"));
    if (known.GetString(0) == request_hash) {
      // Taken up meanwhile, the next one is the member's own.
      return known.GetString(1).empty() ? known.GetString(2) : known.GetString(1);
    }
    Query(database, "UPDATE members SET next_request_hash = ?, next_certificate_pem = ? WHERE council = ?")
        .Blob(request_hash)
        .Text(certificate_pem)
        .Text(council)
        .Run();
    transaction.commit();
    return std::string(certificate_pem);
  });
}

absl::Status SqliteStore::TakeUpCertificate(absl::string_view council, absl::string_view certificate_pem) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::Status {
    Query(database,
          "UPDATE members SET certificate_pem = next_certificate_pem, next_certificate_pem = '' "
          "WHERE council = ? AND next_certificate_pem = ?")
        .Text(council)
        .Text(certificate_pem)
        .Run();
    return absl::OkStatus();
  });
}

absl::Status SqliteStore::RevokeMember(absl::string_view council, std::int64_t now_unix_s) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::Status {
    SQLite::Transaction transaction = WriteTransaction(database);
    const int revoked = Query(database,
                              "UPDATE members SET revoked_unix_s = ?, next_certificate_pem = '' "
                              "WHERE council = ? AND revoked_unix_s = 0")
                            .Int(now_unix_s)
                            .Text(council)
                            .Run();
    const int voided =
        Query(database, "DELETE FROM tokens WHERE council = ? AND used_unix_s IS NULL").Text(council).Run();
    if (revoked == 0 && voided == 0) {
      return absl::NotFoundError(absl::StrCat(council, " is no member, and has no join file to be voided"));
    }
    transaction.commit();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::optional<Member>> SqliteStore::FindMember(absl::string_view council) {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::StatusOr<std::optional<Member>> {
    Query query(database, absl::StrCat(kMembers, " AND council = ?").c_str());
    query.Text(council);
    if (!query.Next()) return std::optional<Member>();
    return std::optional<Member>(ReadMember(query));
  });
}

absl::StatusOr<std::vector<Member>> SqliteStore::Members() {
  return WithDatabase(*connection_, [&](SQLite::Database& database) -> absl::StatusOr<std::vector<Member>> {
    Query query(database, absl::StrCat(kMembers, " ORDER BY council").c_str());
    std::vector<Member> members;
    while (query.Next()) members.push_back(ReadMember(query));
    return members;
  });
}

}  // namespace waymark::coordinator
