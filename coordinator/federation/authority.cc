#include "coordinator/federation/authority.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"

namespace waymark::coordinator {
crypto::Validity ValidFrom(absl::Time now, absl::Duration validity) {
  return {.not_before = now - kClockDifference, .not_after = now + validity};
}

std::string CouncilUri(absl::string_view federation, absl::string_view council) {
  return absl::StrCat("waymark://", federation, "/council/", council);
}

std::string OperatorUri(absl::string_view federation) {
  return absl::StrCat("waymark://", federation, "/operator/operator");
}

Authority::Authority(std::string federation, crypto::CertificateWithKey authority)
    : federation_(std::move(federation)), authority_(std::move(authority)) {}

absl::StatusOr<std::string> Authority::IssueCouncil(absl::string_view council, absl::string_view request_pem,
                                                    absl::Time now) const {
  return crypto::IssueClientCertificate(authority_, request_pem, CouncilUri(federation_, council),
                                        ValidFrom(now, kMemberValidity));
}

}  // namespace waymark::coordinator
