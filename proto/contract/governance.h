// The officers who say who is in a federation, and where they say so what may be asked: their Ed25519 keys,
// how many of them must sign, and their signatures. Pinned by every node at enrolment, so that the
// coordinator can change none of it. Thread-safe.
#ifndef WAYMARK_PROTO_CONTRACT_GOVERNANCE_H_
#define WAYMARK_PROTO_CONTRACT_GOVERNANCE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/configuration.h"
#include "crypto/signature.h"
#include "waymark/v1/federation.pb.h"

namespace waymark::contract {

inline constexpr std::size_t kMaxOfficers = 100;

// `size` bytes written as twice as many hexadecimal digits; nothing where it is not that.
std::optional<std::string> BytesFromHex(absl::string_view digits, std::size_t size);

struct Governance {
  std::vector<std::string> officers;  // Ed25519, 32 bytes each, no two alike; none: no governance
  std::uint32_t threshold = 0;        // of whom so many must sign; 1 to their number
  bool signs_catalogue = false;       // rounds may ask for what they signed alone
  friend bool operator==(const Governance&, const Governance&) = default;
};

// The table [governance] of `root`: officers = ["64 hexadecimal digits", …], threshold = 2, and
// signs_catalogue = true where they do. Without the table no officers; errors go to `root`.
Governance ReadGovernance(ConfigTable& root);

// The same table as text, to stand at the end of a TOML file; "" where there are no officers.
std::string GovernanceText(const Governance& governance);

// FAILED_PRECONDITION where there are no officers, or the threshold is none that they can reach.
absl::Status RequireGovernance(const Governance& governance);

struct OfficerSignature {
  std::string officer;    // public key, 32 bytes
  std::string signature;  // 64 bytes
  friend bool operator==(const OfficerSignature&, const OfficerSignature&) = default;
};

// INVALID_ARGUMENT with the field's name where a bound of federation.proto is broken.
absl::StatusOr<std::vector<OfficerSignature>> SignaturesFromProto(
    const google::protobuf::RepeatedPtrField<v1::OfficerSignature>& messages);
void SignaturesToProto(const std::vector<OfficerSignature>& signatures,
                       google::protobuf::RepeatedPtrField<v1::OfficerSignature>& messages);

// INTERNAL where OpenSSL fails.
absl::StatusOr<OfficerSignature> SignAsOfficer(absl::string_view bytes, const crypto::SigningKey& officer);

// OK where at least `threshold` different officers signed these bytes; signatures of others do not count.
// UNAUTHENTICATED otherwise, naming `what` they are of; FAILED_PRECONDITION where there is no governance.
absl::Status CheckOfficers(absl::string_view what, absl::string_view bytes,
                           const std::vector<OfficerSignature>& signatures, const Governance& governance);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_GOVERNANCE_H_
