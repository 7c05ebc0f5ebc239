#include "proto/contract/decline.h"

#include <utility>

#include "absl/status/status.h"
#include "base/canonical.h"
#include "base/status.h"
#include "proto/contract/checks.h"
#include "proto/contract/release.h"
#include "proto/contract/unknown_fields.h"

namespace waymark::contract {

absl::StatusOr<Decline> DeclineFromProto(const std::string& council, const v1::DeclineRequest& message) {
  RETURN_IF_ERROR(CheckAllKnown("decline", message));
  RETURN_IF_ERROR(CheckIdentifier("round_id", message.round_id()));
  if (message.spec_hash().size() != kHashBytes || message.signature().size() != kSignatureBytes) {
    return absl::InvalidArgumentError("decline: expected a hash of 32 bytes and a signature of 64");
  }
  // Not the coordinator's own: that nothing came, and that nobody was heard of.
  if (!v1::Absence_IsValid(message.absence()) || message.absence() < v1::ABSENCE_NOT_RELEASED ||
      message.absence() == v1::ABSENCE_NOT_CONNECTED) {
    return absl::InvalidArgumentError("decline.absence: unknown reason");
  }
  return Decline{.council = council,
                 .round_id = message.round_id(),
                 .spec_hash = message.spec_hash(),
                 .absence = message.absence(),
                 .declined_unix_s = message.declined_unix_s(),
                 .signature = message.signature()};
}

void DeclineToProto(const Decline& decline, v1::DeclineRequest& message) {
  message.set_round_id(decline.round_id);
  message.set_spec_hash(decline.spec_hash);
  message.set_absence(decline.absence);
  message.set_declined_unix_s(decline.declined_unix_s);
  message.set_signature(decline.signature);
}

std::string CanonicalBytes(const Decline& decline) {
  CanonicalWriter out("waymark/v1/decline");
  out.Text(decline.council).Text(decline.spec_hash);
  out.Unsigned(static_cast<std::uint64_t>(decline.absence)).Signed(decline.declined_unix_s);
  return std::move(out).bytes();
}

}  // namespace waymark::contract
