#include "proto/contract/roster.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/canonical.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "proto/contract/checks.h"
#include "proto/contract/release.h"

namespace waymark::contract {
namespace {

constexpr std::uint64_t kMaxEpoch = 1'000'000'000;

std::string Named(const RosterEpoch& roster) {
  return absl::StrCat("the roster of epoch ", roster.epoch);
}

// Of one roster: what no two of its members may share.
struct Seen {
  std::set<std::string> councils;
  std::set<std::string> keys;
};

absl::StatusOr<RosterPart> PartFromProto(const v1::RosterPart& message, Seen& seen) {
  RETURN_IF_ERROR(CheckCouncilCode("roster.parts.code", message.code()));
  RETURN_IF_ERROR(CheckLength("roster.parts.members", static_cast<std::size_t>(message.members_size()), 1,
                              kMaxRosterMembers));
  RosterPart part{.code = message.code(), .members = {}};
  for (const v1::RosterMember& member : message.members()) {
    RETURN_IF_ERROR(CheckCouncilCode("roster.member.council", member.council()));
    RETURN_IF_ERROR(
        CheckLength("roster.member.signing_key", member.signing_key().size(), kKeyBytes, kKeyBytes));
    if (!part.members.empty() && member.council() < part.members.back().council) {
      return absl::InvalidArgumentError("roster.parts.members: expected to be sorted by council");
    }
    if (!seen.councils.insert(member.council()).second) {
      return absl::InvalidArgumentError(absl::StrCat("roster: ", member.council(), " is in it twice"));
    }
    if (!seen.keys.insert(member.signing_key()).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("roster: ", member.council(), " has the signing key of another council"));
    }
    if (member.deprivation() > kMostDeprivation) {
      return absl::InvalidArgumentError(absl::StrCat("roster: ", member.council(),
                                                     "'s deprivation: expected 1 to ", kMostDeprivation,
                                                     " points, or 0 where it is not stated"));
    }
    part.members.push_back({.council = member.council(),
                            .signing_key = member.signing_key(),
                            .deprivation = member.deprivation()});
  }
  return part;
}

}  // namespace

absl::StatusOr<RosterEpoch> RosterFromProto(const v1::RosterEpoch& message) {
  RETURN_IF_ERROR(CheckIdentifier("roster.federation", message.federation()));
  if (message.epoch() == 0 || message.epoch() > kMaxEpoch) {
    return absl::InvalidArgumentError(absl::StrCat("roster.epoch: expected 1 to ", kMaxEpoch));
  }
  if (message.expires_unix_s() <= 0) return absl::InvalidArgumentError("roster.expires: expected a time");
  RETURN_IF_ERROR(
      CheckLength("roster.previous_hash", message.previous_hash().size(), kHashBytes, kHashBytes));
  const bool none_before = message.previous_hash() == std::string(kHashBytes, '\0');
  if (none_before != (message.epoch() == 1)) {
    return absl::InvalidArgumentError("roster.previous_hash: expected zeros at epoch 1, and only there");
  }
  RETURN_IF_ERROR(
      CheckLength("roster.parts", static_cast<std::size_t>(message.parts_size()), 1, kMaxRosterMembers));
  RosterEpoch roster{.federation = message.federation(),
                     .epoch = message.epoch(),
                     .expires_unix_s = message.expires_unix_s(),
                     .previous_hash = message.previous_hash(),
                     .parts = {}};
  Seen seen;
  for (const v1::RosterPart& part : message.parts()) {
    if (!roster.parts.empty() && part.code() <= roster.parts.back().code) {
      return absl::InvalidArgumentError("roster.parts: expected to be sorted by code, each code once");
    }
    ASSIGN_OR_RETURN(RosterPart made, PartFromProto(part, seen));
    roster.parts.push_back(std::move(made));
    RETURN_IF_ERROR(CheckLength("roster.members", seen.councils.size(), 1, kMaxRosterMembers));
  }
  return roster;
}

void RosterToProto(const RosterEpoch& roster, v1::RosterEpoch& message) {
  message.set_federation(roster.federation);
  message.set_epoch(roster.epoch);
  message.set_expires_unix_s(roster.expires_unix_s);
  message.set_previous_hash(roster.previous_hash);
  for (const RosterPart& part : roster.parts) {
    v1::RosterPart* out = message.add_parts();
    out->set_code(part.code);
    for (const RosterMember& member : part.members) {
      v1::RosterMember* made = out->add_members();
      made->set_council(member.council);
      made->set_signing_key(member.signing_key);
      made->set_deprivation(member.deprivation);
    }
  }
}

absl::StatusOr<SignedRoster> SignedRosterFromProto(const v1::SignedRoster& message) {
  SignedRoster made;
  RETURN_IF_ERROR(
      CheckLength("roster.signatures", static_cast<std::size_t>(message.signatures_size()), 0, kMaxOfficers));
  ASSIGN_OR_RETURN(made.roster, RosterFromProto(message.roster()));
  for (const v1::OfficerSignature& signature : message.signatures()) {
    RETURN_IF_ERROR(
        CheckLength("roster.signatures.officer", signature.officer().size(), kKeyBytes, kKeyBytes));
    RETURN_IF_ERROR(CheckLength("roster.signatures.signature", signature.signature().size(), kSignatureBytes,
                                kSignatureBytes));
    made.signatures.push_back({.officer = signature.officer(), .signature = signature.signature()});
  }
  return made;
}

void SignedRosterToProto(const SignedRoster& roster, v1::SignedRoster& message) {
  RosterToProto(roster.roster, *message.mutable_roster());
  for (const OfficerSignature& signature : roster.signatures) {
    v1::OfficerSignature* out = message.add_signatures();
    out->set_officer(signature.officer);
    out->set_signature(signature.signature);
  }
}

std::string CanonicalBytes(const RosterEpoch& roster) {
  // What was signed before there was a deprivation keeps its bytes.
  const bool weighted = std::any_of(roster.parts.begin(), roster.parts.end(), [](const RosterPart& part) {
    return std::any_of(part.members.begin(), part.members.end(),
                       [](const RosterMember& member) { return member.deprivation != 0; });
  });
  CanonicalWriter out(weighted ? "waymark/v2/roster" : "waymark/v1/roster");
  out.Text(roster.federation).Unsigned(roster.epoch).Signed(roster.expires_unix_s).Text(roster.previous_hash);
  out.Count(roster.parts.size());
  for (const RosterPart& part : roster.parts) {
    out.Text(part.code).Count(part.members.size());
    for (const RosterMember& member : part.members) {
      out.Text(member.council).Text(member.signing_key);
      if (weighted) out.Unsigned(member.deprivation);
    }
  }
  return std::move(out).bytes();
}

std::string RosterHash(const RosterEpoch& roster) {
  return crypto::Sha256(CanonicalBytes(roster));
}

absl::StatusOr<OfficerSignature> SignRoster(const RosterEpoch& roster, const crypto::SigningKey& officer) {
  ASSIGN_OR_RETURN(std::string signature, officer.Sign(CanonicalBytes(roster)));
  return OfficerSignature{.officer = officer.public_key(), .signature = std::move(signature)};
}

absl::Status VerifyRoster(const SignedRoster& roster, const Governance& governance) {
  RETURN_IF_ERROR(RequireGovernance(governance));
  const std::string bytes = CanonicalBytes(roster.roster);
  std::set<std::string> signers;
  for (const OfficerSignature& each : roster.signatures) {
    const bool known = std::find(governance.officers.begin(), governance.officers.end(), each.officer) !=
                       governance.officers.end();
    if (known && crypto::VerifySignature(each.officer, bytes, each.signature).ok()) {
      signers.insert(each.officer);
    }
  }
  if (signers.size() >= governance.threshold) return absl::OkStatus();
  return absl::UnauthenticatedError(absl::StrCat(Named(roster.roster), " is signed by ", signers.size(),
                                                 " of the federation's ", governance.officers.size(),
                                                 " officers, and ", governance.threshold, " must sign"));
}

absl::Status CheckUnexpired(const RosterEpoch& roster, absl::Time now) {
  if (absl::ToUnixSeconds(now) < roster.expires_unix_s) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      Named(roster), " expired on ",
      absl::FormatTime("%Y-%m-%d", absl::FromUnixSeconds(roster.expires_unix_s), absl::UTCTimeZone()),
      "; the officers must sign a new one"));
}

absl::StatusOr<bool> Follows(const RosterEpoch& roster, const std::optional<RosterEpoch>& held) {
  const std::uint64_t held_epoch = held ? held->epoch : 0;
  const std::string held_hash = held ? RosterHash(*held) : std::string(kHashBytes, '\0');
  const auto refused = [&](absl::string_view why) {
    return absl::FailedPreconditionError(absl::StrCat(Named(roster), " is refused: ", why));
  };
  if (held && roster.federation != held->federation) return refused("it is another federation's");
  if (roster.epoch < held_epoch) {
    return refused(absl::StrCat("epoch ", held_epoch, " is held already, and there is no way back"));
  }
  if (roster.epoch == held_epoch) {
    if (RosterHash(roster) == held_hash) return false;
    return refused("another roster of that epoch is held, also signed; tell the officers");
  }
  if (roster.epoch > held_epoch + 1) {
    return refused(absl::StrCat("epochs ", held_epoch + 1, " to ", roster.epoch - 1, " are missing"));
  }
  if (roster.previous_hash != held_hash) {
    return refused(absl::StrCat("it does not follow from the roster of epoch ", held_epoch, " that is held"));
  }
  return true;
}

const RosterPart* FindPartOf(const RosterEpoch& roster, absl::string_view council) {
  for (const RosterPart& part : roster.parts) {
    for (const RosterMember& member : part.members) {
      if (member.council == council) return &part;
    }
  }
  return nullptr;
}

const RosterMember* FindMember(const RosterEpoch& roster, absl::string_view council) {
  const RosterPart* part = FindPartOf(roster, council);
  if (part == nullptr) return nullptr;
  return &*std::find_if(part->members.begin(), part->members.end(),
                        [&](const RosterMember& member) { return member.council == council; });
}

}  // namespace waymark::contract
