// A council's signed word that it gives nothing to a round, with a reason from a fixed list: so that others
// see why it is absent. It is no answer: the council may still give one. Ed25519 is over CanonicalBytes.
// Thread-safe.
#ifndef WAYMARK_PROTO_CONTRACT_DECLINE_H_
#define WAYMARK_PROTO_CONTRACT_DECLINE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "waymark/v1/release.pb.h"
#include "waymark/v1/round.pb.h"

namespace waymark::contract {

struct Decline {
  std::string council;  // ONS code
  std::string round_id;
  std::string spec_hash;  // of the round that is declined, 32 bytes
  v1::Absence absence = v1::ABSENCE_NOT_RELEASED;
  std::int64_t declined_unix_s = 0;  // of two, the later one holds
  std::string signature;             // 64 bytes
};

// `council` is who sent it. INVALID_ARGUMENT with the field's name where a bound of round.proto is broken.
absl::StatusOr<Decline> DeclineFromProto(const std::string& council, const v1::DeclineRequest& message);
void DeclineToProto(const Decline& decline, v1::DeclineRequest& message);

// Under the label "waymark/v1/decline": council, spec_hash, absence, declined (signed).
std::string CanonicalBytes(const Decline& decline);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_DECLINE_H_
