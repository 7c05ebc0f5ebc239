// Who is in: a roster epoch names every council's signing key and the part of the country it counts in, and
// is signed by the federation's officers (governance.h), whom the coordinator cannot be. Each epoch names the
// hash of the one before, so the epochs are a chain. Ed25519 is over CanonicalBytes. Thread-safe.
#ifndef WAYMARK_PROTO_CONTRACT_ROSTER_H_
#define WAYMARK_PROTO_CONTRACT_ROSTER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "crypto/signature.h"
#include "proto/contract/governance.h"
#include "proto/contract/succession.h"
#include "waymark/v1/federation.pb.h"

namespace waymark::contract {

inline constexpr std::size_t kMaxRosterMembers = 10'000;
// Of one reply of Membership.Roster.
inline constexpr std::size_t kMaxRosters = 100;

// Points of how deprived an area is, of which the middle weighs nothing in a sum (deprivation_moments.h).
inline constexpr std::uint32_t kMostDeprivation = 41;
inline constexpr std::uint32_t kMiddleDeprivation = 21;

// England's ONS code: the part of a roster that is not divided into regions.
inline constexpr absl::string_view kWholeCountry = "E92000001";

struct RosterMember {
  std::string council;            // ONS code
  std::string signing_key;        // Ed25519, 32 bytes
  std::uint32_t deprivation = 0;  // of its area, in points from 1 to kMostDeprivation; 0: not stated
  friend bool operator==(const RosterMember&, const RosterMember&) = default;
};

struct RosterPart {
  std::string code;  // of a region, as E12000001, or kWholeCountry
  std::vector<RosterMember> members;
  friend bool operator==(const RosterPart&, const RosterPart&) = default;
};

struct RosterEpoch {
  std::string federation;
  std::uint64_t epoch = 0;  // from 1, without gaps
  std::int64_t expires_unix_s = 0;
  std::string previous_hash;  // RosterHash of epoch - 1; 32 zero bytes at epoch 1
  // Sorted by code, and each one's members by council; a council is in one part, and a key is one council's.
  std::vector<RosterPart> parts;
  // Epochs may add some and drop none (Follows). A council that ended is in no part.
  Successions successions{};
  friend bool operator==(const RosterEpoch&, const RosterEpoch&) = default;
};

struct SignedRoster {
  RosterEpoch roster;
  std::vector<OfficerSignature> signatures;
  friend bool operator==(const SignedRoster&, const SignedRoster&) = default;
};

// INVALID_ARGUMENT with the field's name where a bound of federation.proto is broken.
absl::StatusOr<RosterEpoch> RosterFromProto(const v1::RosterEpoch& message);
void RosterToProto(const RosterEpoch& roster, v1::RosterEpoch& message);
absl::StatusOr<SignedRoster> SignedRosterFromProto(const v1::SignedRoster& message);
void SignedRosterToProto(const SignedRoster& roster, v1::SignedRoster& message);

// What officers sign, under the label "waymark/v1/roster", where a member's deprivation is stated
// "waymark/v2/roster", where there are successions "waymark/v3/roster"; and its SHA-256.
std::string CanonicalBytes(const RosterEpoch& roster);
std::string RosterHash(const RosterEpoch& roster);

// INTERNAL where OpenSSL fails.
absl::StatusOr<OfficerSignature> SignRoster(const RosterEpoch& roster, const crypto::SigningKey& officer);

// OK where at least `threshold` different officers signed this roster; signatures of others do not count.
// UNAUTHENTICATED otherwise; FAILED_PRECONDITION where there is no governance. Old epochs of a chain are
// verified too, so this does not look at the expiry.
absl::Status VerifyRoster(const SignedRoster& roster, const Governance& governance);

// FAILED_PRECONDITION from its expiry on, and where a succession is of a day to come: until then those that
// end are councils like others.
absl::Status CheckUnexpired(const RosterEpoch& roster, absl::Time now);

// Where a roster stands beside the one that is held (nothing: none is). True: it is the next of the chain.
// False: it is the held one itself. FAILED_PRECONDITION: a lower epoch, the same epoch with other content,
// one further ahead than the next, one that names another predecessor, one of another federation, one that
// has not all successions that the held one has, and one in which a successor is in another region than those
// that it succeeded.
absl::StatusOr<bool> Follows(const RosterEpoch& roster, const std::optional<RosterEpoch>& held);

// Null where the council is not in the roster.
const RosterMember* FindMember(const RosterEpoch& roster, absl::string_view council);
const RosterPart* FindPartOf(const RosterEpoch& roster, absl::string_view council);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_ROSTER_H_
