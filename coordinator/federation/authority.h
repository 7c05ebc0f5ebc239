// The federation's certificate authority at work: who may be called what, and for how long.
#ifndef WAYMARK_COORDINATOR_FEDERATION_AUTHORITY_H_
#define WAYMARK_COORDINATOR_FEDERATION_AUTHORITY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "coordinator/federation/role.h"
#include "crypto/certificate.h"

namespace waymark::coordinator {

// A member's or operator's certificate is valid for one year, the server's for two, the authority's for ten;
// each from two hours before it is made, since clocks differ.
inline constexpr absl::Duration kMemberValidity = absl::Hours(24 * 365);
inline constexpr absl::Duration kServerValidity = absl::Hours(24 * 730);
inline constexpr absl::Duration kAuthorityValidity = absl::Hours(24 * 3650);
crypto::Validity ValidFrom(absl::Time now, absl::Duration validity);

// INVALID_ARGUMENT where a certificate request is empty or too long (federation.proto).
absl::Status CheckRequestLength(absl::string_view certificate_request_pem);

// "waymark://FEDERATION/regional-lead/NAME", "waymark://FEDERATION/council/E06000001",
// "waymark://FEDERATION/operator/operator".
std::string UriOf(absl::string_view federation, Role role, absl::string_view name);
std::string CouncilUri(absl::string_view federation, absl::string_view council);
std::string OperatorUri(absl::string_view federation);

// Thread-safe: signs and keeps nothing.
class Authority {
 public:
  Authority(std::string federation, crypto::CertificateWithKey authority);
  const std::string& federation() const { return federation_; }
  const std::string& certificate_pem() const { return authority_.certificate_pem; }

  // INVALID_ARGUMENT where the request is no good (crypto/certificate.h).
  absl::StatusOr<std::string> Issue(Role role, absl::string_view name, absl::string_view request_pem,
                                    crypto::Validity validity) const;
  absl::StatusOr<std::string> IssueCouncil(absl::string_view council, absl::string_view request_pem,
                                           absl::Time now) const;

 private:
  std::string federation_;
  crypto::CertificateWithKey authority_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_FEDERATION_AUTHORITY_H_
