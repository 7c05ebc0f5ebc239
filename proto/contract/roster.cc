#include "proto/contract/roster.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/canonical.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "proto/contract/chain.h"
#include "proto/contract/checks.h"
#include "proto/contract/release.h"
#include "proto/contract/unknown_fields.h"

namespace waymark::contract {
namespace {

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
  RETURN_IF_ERROR(
      CheckLink({.what = "roster", .numbered = "epoch"}, {.federation = message.federation(),
                                                          .number = message.epoch(),
                                                          .hash = "",
                                                          .previous_hash = message.previous_hash()}));
  if (message.expires_unix_s() <= 0) return absl::InvalidArgumentError("roster.expires: expected a time");
  RETURN_IF_ERROR(
      CheckLength("roster.parts", static_cast<std::size_t>(message.parts_size()), 1, kMaxRosterMembers));
  RosterEpoch roster{.federation = message.federation(),
                     .epoch = message.epoch(),
                     .expires_unix_s = message.expires_unix_s(),
                     .previous_hash = message.previous_hash(),
                     .parts = {},
                     .successions = {}};
  Seen seen;
  for (const v1::RosterPart& part : message.parts()) {
    if (!roster.parts.empty() && part.code() <= roster.parts.back().code) {
      return absl::InvalidArgumentError("roster.parts: expected to be sorted by code, each code once");
    }
    ASSIGN_OR_RETURN(RosterPart made, PartFromProto(part, seen));
    roster.parts.push_back(std::move(made));
    RETURN_IF_ERROR(CheckLength("roster.members", seen.councils.size(), 1, kMaxRosterMembers));
  }
  ASSIGN_OR_RETURN(roster.successions, SuccessionsFromProto(message.successions()));
  for (const std::string& council : seen.councils) {
    const Succession* const end = EndOf(roster.successions, council);
    if (end == nullptr) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("roster: ", council, " is in it, and ended: ", Describe(*end)));
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
  SuccessionsToProto(roster.successions, *message.mutable_successions());
}

absl::StatusOr<SignedRoster> SignedRosterFromProto(const v1::SignedRoster& message) {
  RETURN_IF_ERROR(CheckAllKnown("roster", message));
  SignedRoster made;
  ASSIGN_OR_RETURN(made.signatures, SignaturesFromProto(message.signatures()));
  ASSIGN_OR_RETURN(made.roster, RosterFromProto(message.roster()));
  return made;
}

void SignedRosterToProto(const SignedRoster& roster, v1::SignedRoster& message) {
  RosterToProto(roster.roster, *message.mutable_roster());
  SignaturesToProto(roster.signatures, *message.mutable_signatures());
}

std::string CanonicalBytes(const RosterEpoch& roster) {
  // What was signed before there was a deprivation, or a succession, keeps its bytes.
  const bool weighted = std::any_of(roster.parts.begin(), roster.parts.end(), [](const RosterPart& part) {
    return std::any_of(part.members.begin(), part.members.end(),
                       [](const RosterMember& member) { return member.deprivation != 0; });
  });
  const bool succeeded = !roster.successions.empty();
  CanonicalWriter out(succeeded ? "waymark/v3/roster" : weighted ? "waymark/v2/roster" : "waymark/v1/roster");
  out.Text(roster.federation).Unsigned(roster.epoch).Signed(roster.expires_unix_s).Text(roster.previous_hash);
  out.Count(roster.parts.size());
  for (const RosterPart& part : roster.parts) {
    out.Text(part.code).Count(part.members.size());
    for (const RosterMember& member : part.members) {
      out.Text(member.council).Text(member.signing_key);
      if (weighted || succeeded) out.Unsigned(member.deprivation);
    }
  }
  if (succeeded) out.Count(roster.successions.size());
  for (const Succession& one : roster.successions) {
    out.Signed(one.day).Count(one.before.size());
    for (const std::string& code : one.before) out.Text(code);
    out.Count(one.after.size());
    for (const std::string& code : one.after) out.Text(code);
  }
  return std::move(out).bytes();
}

std::string RosterHash(const RosterEpoch& roster) {
  return crypto::Sha256(CanonicalBytes(roster));
}

absl::StatusOr<OfficerSignature> SignRoster(const RosterEpoch& roster, const crypto::SigningKey& officer) {
  return SignAsOfficer(CanonicalBytes(roster), officer);
}

absl::Status VerifyRoster(const SignedRoster& roster, const Governance& governance) {
  return CheckOfficers(Named(roster.roster), CanonicalBytes(roster.roster), roster.signatures, governance);
}

absl::Status CheckUnexpired(const RosterEpoch& roster, absl::Time now) {
  const std::int64_t today = absl::ToUnixSeconds(now) / (24 * 60 * 60);
  for (const Succession& one : roster.successions) {
    if (one.day <= today) continue;
    return absl::FailedPreconditionError(
        absl::StrCat(Named(roster), " is of a day to come: ", Describe(one)));
  }
  if (absl::ToUnixSeconds(now) < roster.expires_unix_s) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      Named(roster), " expired on ",
      absl::FormatTime("%Y-%m-%d", absl::FromUnixSeconds(roster.expires_unix_s), absl::UTCTimeZone()),
      "; the officers must sign a new one"));
}

namespace {

// What is held of councils that ended stands, and regions stay.
absl::Status CheckHistory(const RosterEpoch& roster, const RosterEpoch& held) {
  for (const Succession& one : held.successions) {
    if (std::find(roster.successions.begin(), roster.successions.end(), one) == roster.successions.end()) {
      return absl::FailedPreconditionError(absl::StrCat(
          Named(roster), " says nothing, or something else, of what is held already: ", Describe(one)));
    }
  }
  for (const Succession& one : roster.successions) {
    for (const std::string& before : one.before) {
      const RosterPart* const was = FindPartOf(held, before);
      for (const std::string& after : one.after) {
        const RosterPart* const is = FindPartOf(roster, after);
        const bool is_known = was != nullptr && is != nullptr;
        if (!is_known || was->code == is->code || was->code == kWholeCountry || is->code == kWholeCountry) {
          continue;
        }
        return absl::FailedPreconditionError(absl::StrCat(Named(roster), ": ", after, " is in ", is->code,
                                                          ", and ", before, ", which it succeeded, was in ",
                                                          was->code, "; a region stays as it is"));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<bool> Follows(const RosterEpoch& roster, const std::optional<RosterEpoch>& held) {
  const auto link = [](const RosterEpoch& one) {
    return ChainLink{.federation = one.federation,
                     .number = one.epoch,
                     .hash = RosterHash(one),
                     .previous_hash = one.previous_hash};
  };
  ASSIGN_OR_RETURN(const bool next, FollowsInChain({.what = "roster", .numbered = "epoch"}, link(roster),
                                                   held ? std::make_optional(link(*held)) : std::nullopt));
  if (next && held) RETURN_IF_ERROR(CheckHistory(roster, *held));
  return next;
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
