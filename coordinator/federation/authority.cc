#include "coordinator/federation/authority.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"

namespace waymark::coordinator {
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
