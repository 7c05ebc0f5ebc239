// How a council's node becomes a member: a join token and a certificate request for a certificate.
#ifndef WAYMARK_COORDINATOR_FEDERATION_ENROLMENT_H_
#define WAYMARK_COORDINATOR_FEDERATION_ENROLMENT_H_

#include <string>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "coordinator/federation/authority.h"
#include "coordinator/store/store.h"
#include "waymark/v1/federation.pb.h"

namespace waymark::coordinator {

struct EnrolmentRequest {
  std::string council;
  std::string token;
  std::string certificate_request_pem;
  std::string signing_key;  // 32 bytes
};
// INVALID_ARGUMENT with the field's name where a bound of federation.proto is broken.
absl::StatusOr<EnrolmentRequest> EnrolmentRequestFromProto(const v1::EnrolRequest& message);

// Thread-safe. The caller is not trusted: nothing but the token lets it in.
class Enrolment {
 public:
  Enrolment(Store& store, const Authority& authority, const Clock& clock)
      : store_(store), authority_(authority), clock_(clock) {}

  // The certificate. The token is used up in the transaction that stores the member; the same request again,
  // with the same token and keys, gets the same certificate even after the token has expired.
  // PERMISSION_DENIED, always in the same words, where the token is unknown, another council's, expired, or
  // used up by other keys: the answer must not tell which. INVALID_ARGUMENT where the token is good and the
  // certificate request is not.
  absl::StatusOr<std::string> Enrol(const EnrolmentRequest& request);

  // A certificate for the key of this request, good beside the member's own until it is first used. The same
  // request again: the same certificate. INVALID_ARGUMENT where the request is no good.
  absl::StatusOr<std::string> Renew(absl::string_view council, const std::string& certificate_request_pem);

 private:
  Store& store_;
  const Authority& authority_;
  const Clock& clock_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_FEDERATION_ENROLMENT_H_
