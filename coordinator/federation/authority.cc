#include "coordinator/federation/authority.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "proto/contract/checks.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kMaxRequestBytes = 8192;

}  // namespace

absl::Status CheckRequestLength(absl::string_view certificate_request_pem) {
  return contract::CheckLength("certificate_request_pem", certificate_request_pem.size(), 1,
                               kMaxRequestBytes);
}

crypto::Validity ValidFrom(absl::Time now, absl::Duration validity) {
  return {.not_before = now - kClockDifference, .not_after = now + validity};
}

std::string UriOf(absl::string_view federation, Role role, absl::string_view name) {
  return absl::StrCat("waymark://", federation, "/", FactsOf(role).word, "/", name);
}

std::string CouncilUri(absl::string_view federation, absl::string_view council) {
  return UriOf(federation, Role::kCouncil, council);
}

std::string OperatorUri(absl::string_view federation) {
  return UriOf(federation, Role::kOperator, "operator");
}

Authority::Authority(std::string federation, crypto::CertificateWithKey authority)
    : federation_(std::move(federation)), authority_(std::move(authority)) {}

absl::StatusOr<std::string> Authority::IssueCouncil(absl::string_view council, absl::string_view request_pem,
                                                    absl::Time now) const {
  return Issue(Role::kCouncil, council, request_pem, ValidFrom(now, kMemberValidity));
}

absl::StatusOr<std::string> Authority::Issue(Role role, absl::string_view name, absl::string_view request_pem,
                                             crypto::Validity validity) const {
  return crypto::IssueClientCertificate(authority_, request_pem, UriOf(federation_, role, name), validity);
}

}  // namespace waymark::coordinator
