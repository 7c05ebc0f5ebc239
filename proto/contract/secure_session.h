// The session of a secure sum that roster and round make: the same at every node and at the coordinator, who
// chooses nothing of it but the nonce. Pure; thread-safe.
#ifndef WAYMARK_PROTO_CONTRACT_SECURE_SESSION_H_
#define WAYMARK_PROTO_CONTRACT_SECURE_SESSION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/secure_sum/session.h"
#include "proto/contract/roster.h"

namespace waymark::contract {

// What is summed (catalogue/secure_layout.h).
struct SummedVector {
  std::string spec_hash;  // 32 bytes
  std::uint64_t cells = 0;
  std::uint64_t bound = 0;  // of one council's value in a cell
  // Whether some cells are summed with weights 1, w and w² of each council's deprivation. A combination of
  // such sums is weighted by a polynomial of degree 2, which can be zero at two values of w: all councils
  // with these leave it, and what is left must still be u_min. So u_min grows by as many.
  bool is_weighted = false;
};

// In the roster's order, which is a session's.
std::vector<crypto::SessionMember> SessionMembersOf(const RosterPart& part);

// FAILED_PRECONDITION where too few honest shares of noise are certain in the part, and, weighted, where some
// member's deprivation is not stated or too many share theirs; the errors of crypto::Session::Create.
absl::StatusOr<crypto::Session> SecureSessionOf(const RosterEpoch& roster, const RosterPart& part,
                                                std::uint32_t least_contributors, const SummedVector& vector,
                                                std::string nonce);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_SECURE_SESSION_H_
