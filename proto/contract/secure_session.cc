#include "proto/contract/secure_session.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace waymark::contract {

std::vector<crypto::SessionMember> SessionMembersOf(const RosterPart& part) {
  std::vector<crypto::SessionMember> members;
  for (const RosterMember& member : part.members) {
    members.push_back({.id = member.council, .signing_key = member.signing_key});
  }
  return members;
}

namespace {

// How many members have one of the two commonest weights.
absl::StatusOr<std::uint32_t> WithTwoCommonestWeights(const RosterPart& part) {
  std::map<std::uint32_t, std::uint32_t> members;
  for (const RosterMember& member : part.members) {
    if (member.deprivation == 0) {
      return absl::FailedPreconditionError(
          absl::StrCat("secure sum: the roster does not state the deprivation of ", member.council,
                       ", which expected values need; the officers must sign one that does"));
    }
    ++members[member.deprivation];
  }
  std::uint32_t most = 0;
  std::uint32_t second = 0;
  for (const auto& [deprivation, count] : members) {
    second = std::max(second, std::min(most, count));
    most = std::max(most, count);
  }
  return most + second;
}

}  // namespace

absl::StatusOr<crypto::Session> SecureSessionOf(const RosterEpoch& roster, const RosterPart& part,
                                                std::uint32_t least_contributors, const SummedVector& vector,
                                                std::string nonce) {
  crypto::SessionParameters parameters =
      crypto::SafeParameters(SessionMembersOf(part), least_contributors, vector.cells, vector.bound);
  if (vector.is_weighted) {
    ASSIGN_OR_RETURN(const std::uint32_t alike, WithTwoCommonestWeights(part));
    parameters.least_contributors += alike;
    if (parameters.least_contributors > part.members.size()) {
      return absl::FailedPreconditionError(absl::StrCat(
          "secure sum: part ", part.code, " has too few councils, or too many of one deprivation (", alike,
          " of the two commonest), for expected values that give no council away"));
    }
  }
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
