#include "proto/contract/secure_session.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace waymark::contract {

std::vector<crypto::SessionMember> SessionMembersOf(const RosterPart& part) {
  std::vector<crypto::SessionMember> members;
  for (const RosterMember& member : part.members) {
    members.push_back({.id = member.council, .signing_key = member.signing_key});
  }
  return members;
}

absl::StatusOr<crypto::Session> SecureSessionOf(const RosterEpoch& roster, const RosterPart& part,
                                                std::uint32_t least_contributors, const SummedVector& vector,
                                                std::string nonce) {
  crypto::SessionParameters parameters =
      crypto::SafeParameters(SessionMembersOf(part), least_contributors, vector.cells, vector.bound);
  if (crypto::HonestShares(parameters) < crypto::kFewestHonestShares) {
    return absl::FailedPreconditionError(
        absl::StrCat("secure sum: part ", part.code, " has too few councils: fewer than ",
                     crypto::kFewestHonestShares, " honest shares of noise are certain"));
  }
  parameters.roster_hash = RosterHash(roster);
  parameters.spec_hash = vector.spec_hash;
  parameters.nonce = std::move(nonce);
  return crypto::Session::Create(std::move(parameters));
}

}  // namespace waymark::contract
