#include "coordinator/federation/enrolment.h"

#include <optional>
#include <vector>

#include "base/log.h"
#include "base/status.h"
#include "coordinator/federation/join_token.h"
#include "coordinator/federation/successions.h"
#include "crypto/hash.h"
#include "crypto/signature.h"
#include "proto/contract/checks.h"
#include "proto/contract/release.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kMaxTokenBytes = 128;
absl::Status Denied() {
  return absl::PermissionDeniedError(
      "this token does not admit this council with these keys: it may be mistyped, out of date or used up; "
      "ask the "
      "operator for a new join file");
}

// The token with this hash. Looks at every token of the council in full, so that time tells nothing of a near
// miss.
std::optional<Token> Matching(const std::vector<Token>& tokens, const std::string& hash) {
  std::optional<Token> found;
  for (const Token& token : tokens) {
    if (crypto::ConstantTimeEqual(token.hash, hash)) found = token;
  }
  return found;
}

}  // namespace

absl::StatusOr<EnrolmentRequest> EnrolmentRequestFromProto(const v1::EnrolRequest& message) {
  RETURN_IF_ERROR(contract::CheckCouncilCode("council", message.council()));
  RETURN_IF_ERROR(contract::CheckLength("token", message.token().size(), 1, kMaxTokenBytes));
  RETURN_IF_ERROR(CheckRequestLength(message.certificate_request_pem()));
  RETURN_IF_ERROR(contract::CheckLength("signing_key", message.signing_key().size(),
                                        crypto::kEd25519PublicKeyBytes, crypto::kEd25519PublicKeyBytes));
  return EnrolmentRequest{.council = message.council(),
                          .token = message.token(),
                          .certificate_request_pem = message.certificate_request_pem(),
                          .signing_key = message.signing_key()};
}

absl::StatusOr<std::string> Enrolment::Enrol(const EnrolmentRequest& request) {
  // A join file of before the roster that ended the council.
  ASSIGN_OR_RETURN(const auto successions, SignedSuccessions(store_));
  if (successions) RETURN_IF_ERROR(CheckNotEnded(*successions, request.council));
  const std::string token_hash = TokenHash(request.token);
  const std::string request_hash = crypto::Sha256(request.certificate_request_pem);
  // Twice, since another call may use the token up between our look and our write: the second look then sees
  // how.
  for (int attempt = 0; attempt < 2; ++attempt) {
    ASSIGN_OR_RETURN(const std::vector<Token> tokens, store_.TokensOf(request.council));
    const std::optional<Token> token = Matching(tokens, token_hash);
    if (!token) return Denied();
    if (token->used_unix_s) {
      const bool same = token->signing_key == request.signing_key && token->request_hash == request_hash;
      if (!same) return Denied();
      return token->certificate_pem;
    }
    const std::int64_t now_unix_s = absl::ToUnixSeconds(clock_.Now());
    if (token->expires_unix_s <= now_unix_s) return Denied();
    ASSIGN_OR_RETURN(std::string certificate,
                     authority_.IssueCouncil(request.council, request.certificate_request_pem, clock_.Now()));
    const absl::Status used = store_.UseToken(token_hash, request_hash,
                                              Member{.council = request.council,
                                                     .signing_key = request.signing_key,
                                                     .certificate_pem = certificate,
                                                     .enrolled_unix_s = now_unix_s});
    if (used.ok()) {
      Log(LogLevel::kInfo, "council enrolled", {{"council", request.council}});
      return certificate;
    }
    if (!absl::IsFailedPrecondition(used)) return used;
  }
  return Denied();
}

absl::StatusOr<std::string> Enrolment::Renew(absl::string_view council,
                                             const std::string& certificate_request_pem) {
  RETURN_IF_ERROR(CheckRequestLength(certificate_request_pem));
  ASSIGN_OR_RETURN(const std::string issued,
                   authority_.IssueCouncil(council, certificate_request_pem, clock_.Now()));
  ASSIGN_OR_RETURN(std::string certificate,
                   store_.RenewMember(council, crypto::Sha256(certificate_request_pem), issued));
  Log(LogLevel::kInfo, "certificate renewed", {{"council", std::string(council)}});
  return certificate;
}

}  // namespace waymark::coordinator
