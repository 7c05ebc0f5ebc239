// The officers who say who is in a federation: their Ed25519 keys, and how many of them must sign. Pinned by
// every node at enrolment, so that the coordinator can change neither. Thread-safe.
#ifndef WAYMARK_PROTO_CONTRACT_GOVERNANCE_H_
#define WAYMARK_PROTO_CONTRACT_GOVERNANCE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/configuration.h"

namespace waymark::contract {

inline constexpr std::size_t kMaxOfficers = 100;

// `size` bytes written as twice as many hexadecimal digits; nothing where it is not that.
std::optional<std::string> BytesFromHex(absl::string_view digits, std::size_t size);

struct Governance {
  std::vector<std::string> officers;  // Ed25519, 32 bytes each, no two alike; none: no governance
  std::uint32_t threshold = 0;        // of whom so many must sign; 1 to their number
  friend bool operator==(const Governance&, const Governance&) = default;
};

// The table [governance] of `root`: officers = ["64 hexadecimal digits", …], threshold = 2. Without the table
// no officers; errors go to `root`.
Governance ReadGovernance(ConfigTable& root);

// The same table as text, to stand at the end of a TOML file; "" where there are no officers.
std::string GovernanceText(const Governance& governance);

// FAILED_PRECONDITION where there are no officers, or the threshold is none that they can reach.
absl::Status RequireGovernance(const Governance& governance);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_GOVERNANCE_H_
