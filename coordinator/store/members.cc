#include "absl/strings/str_cat.h"
#include "coordinator/store/sql_store.h"

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

absl::Status SqlStore::AddToken(const Token& token) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query(sql, "INSERT INTO tokens(hash, council, expires_unix_s) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .Blob(token.hash)
        .Text(token.council)
        .Int(token.expires_unix_s)
        .Run();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<Token>> SqlStore::TokensOf(absl::string_view council) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<Token>> {
    Query query(
        sql,
        "SELECT hash, council, expires_unix_s, used_unix_s, signing_key, request_hash, certificate_pem "
        "FROM tokens WHERE council = $1 ORDER BY hash");
    query.Text(council);
    std::vector<Token> tokens;
    while (query.Next()) tokens.push_back(ReadToken(query));
    return tokens;
  });
}

absl::Status SqlStore::UseToken(absl::string_view token_hash, absl::string_view request_hash,
                                const Member& member) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    const std::int64_t used =
        Query(sql,
              "UPDATE tokens SET used_unix_s = $1, signing_key = $2, request_hash = $3, certificate_pem = $4 "
              "WHERE hash = $5 AND used_unix_s IS NULL")
            .Int(member.enrolled_unix_s)
            .Blob(member.signing_key)
            .Blob(request_hash)
            .Text(member.certificate_pem)
            .Blob(token_hash)
            .Run();
    if (used != 1) return absl::FailedPreconditionError("the token is not there or used up");
    Query(
        sql,
        "INSERT INTO members(council, signing_key, certificate_pem, enrolled_unix_s) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (council) DO UPDATE SET signing_key = excluded.signing_key, "
        "certificate_pem = excluded.certificate_pem, enrolled_unix_s = excluded.enrolled_unix_s, "
        "next_certificate_pem = excluded.next_certificate_pem, "
        "next_request_hash = excluded.next_request_hash, revoked_unix_s = excluded.revoked_unix_s")
        .Text(member.council)
        .Blob(member.signing_key)
        .Text(member.certificate_pem)
        .Int(member.enrolled_unix_s)
        .Run();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::string> SqlStore::RenewMember(absl::string_view council, absl::string_view request_hash,
                                                  absl::string_view certificate_pem) {
  return Write([&](SqlTransaction& sql) -> absl::StatusOr<std::string> {
    Query known(sql,
                "SELECT next_request_hash, next_certificate_pem, certificate_pem FROM members "
                "WHERE council = $1 AND revoked_unix_s = 0");
    known.Text(council);
    if (!known.Next()) return absl::NotFoundError(absl::StrCat(council, " is no member"));
    if (known.GetString(0) == request_hash) {
      // Taken up meanwhile, the next one is the member's own.
      return known.GetString(1).empty() ? known.GetString(2) : known.GetString(1);
    }
    Query(sql, "UPDATE members SET next_request_hash = $1, next_certificate_pem = $2 WHERE council = $3")
        .Blob(request_hash)
        .Text(certificate_pem)
        .Text(council)
        .Run();
    return std::string(certificate_pem);
  });
}

absl::Status SqlStore::TakeUpCertificate(absl::string_view council, absl::string_view certificate_pem) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query(sql,
          "UPDATE members SET certificate_pem = next_certificate_pem, next_certificate_pem = '' "
          "WHERE council = $1 AND next_certificate_pem = $2")
        .Text(council)
        .Text(certificate_pem)
        .Run();
    return absl::OkStatus();
  });
}

absl::Status SqlStore::RevokeMember(absl::string_view council, std::int64_t now_unix_s) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    const std::int64_t revoked = Query(sql,
                                       "UPDATE members SET revoked_unix_s = $1, next_certificate_pem = '' "
                                       "WHERE council = $2 AND revoked_unix_s = 0")
                                     .Int(now_unix_s)
                                     .Text(council)
                                     .Run();
    const std::int64_t voided =
        Query(sql, "DELETE FROM tokens WHERE council = $1 AND used_unix_s IS NULL").Text(council).Run();
    if (revoked == 0 && voided == 0) {
      return absl::NotFoundError(absl::StrCat(council, " is no member, and has no join file to be voided"));
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<std::optional<Member>> SqlStore::FindMember(absl::string_view council) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::optional<Member>> {
    Query query(sql, absl::StrCat(kMembers, " AND council = $1"));
    query.Text(council);
    if (!query.Next()) return std::optional<Member>();
    return std::optional<Member>(ReadMember(query));
  });
}

absl::StatusOr<std::vector<Member>> SqlStore::Members() {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<Member>> {
    Query query(sql, absl::StrCat(kMembers, " ORDER BY council"));
    std::vector<Member> members;
    while (query.Next()) members.push_back(ReadMember(query));
    return members;
  });
}

}  // namespace waymark::coordinator
