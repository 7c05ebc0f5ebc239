#include "coordinator/federation/rosters.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "coordinator/federation/successions.h"
#include "proto/contract/release.h"

namespace waymark::coordinator {
namespace {

struct Place {
  std::string part;
  std::string signing_key;
  std::uint32_t deprivation = 0;
};

std::map<std::string, Place> ByCouncil(const contract::RosterEpoch& roster) {
  std::map<std::string, Place> places;
  for (const contract::RosterPart& part : roster.parts) {
    for (const contract::RosterMember& member : part.members) {
      places[member.council] = {
          .part = part.code, .signing_key = member.signing_key, .deprivation = member.deprivation};
    }
  }
  return places;
}

}  // namespace

absl::StatusOr<std::optional<contract::SignedRoster>> NewestRoster(Store& store) {
  ASSIGN_OR_RETURN(const std::optional<StoredRoster> newest, store.NewestRoster());
  if (!newest) return std::nullopt;
  v1::SignedRoster message;
  if (!message.ParseFromString(newest->bytes)) {
    return absl::DataLossError(absl::StrCat("the stored roster of epoch ", newest->epoch, " cannot be read"));
  }
  ASSIGN_OR_RETURN(contract::SignedRoster roster, contract::SignedRosterFromProto(message));
  return roster;
}

absl::StatusOr<std::map<std::string, std::uint32_t>> ParseDeprivation(const std::string& text,
                                                                      absl::string_view file) {
  std::map<std::string, double> values;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    const std::vector<std::string> fields = absl::StrSplit(absl::StripAsciiWhitespace(line), ',');
    if (number == 1 || (fields.size() == 1 && fields[0].empty())) continue;
    const auto bad = [&](absl::string_view why) {
      return absl::InvalidArgumentError(absl::StrCat(file, ":", number, ": ", why));
    };
    double value = 0;
    if (fields.size() != 2 || !contract::CheckCouncilCode("council", fields[0]).ok() ||
        !absl::SimpleAtod(fields[1], &value) || !std::isfinite(value)) {
      return bad("expected a council's code and a number, as E06000001,0.214, under a heading line");
    }
    if (!values.emplace(fields[0], value).second) return bad("the council stands here a second time");
  }
  const auto [least, most] = std::minmax_element(
      values.begin(), values.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  if (values.empty() || !(least->second < most->second)) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": expected councils of different deprivation"));
  }
  std::map<std::string, std::uint32_t> points;
  for (const auto& [council, value] : values) {
    const double share = (value - least->second) / (most->second - least->second);
    points[council] = 1 + static_cast<std::uint32_t>(std::lround(share * (contract::kMostDeprivation - 1)));
  }
  return points;
}

absl::StatusOr<contract::RosterEpoch> ProposeRoster(Store& store, const catalogue::Library& library,
                                                    const Proposal& proposal) {
  ASSIGN_OR_RETURN(const auto newest, NewestRoster(store));
  ASSIGN_OR_RETURN(const std::vector<Member> members, store.Members());
  if (members.empty()) {
    return absl::FailedPreconditionError(
        "no council has joined yet, so there is no roster to propose; make join files with "
        "`waymark-coordinator token`");
  }
  std::map<std::string, contract::RosterPart> parts;
  for (const Member& member : members) {  // sorted, so that each part's are
    const v1::Area* area = library.FindArea(member.council);
    const std::string code = proposal.one_part ? std::string(contract::kWholeCountry)
                             : area == nullptr ? std::string()
                                               : area->region_code();
    if (!contract::CheckCouncilCode("region", code).ok()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the catalogue does not say in which region ", member.council, " is"));
    }
    contract::RosterPart& part = parts[code];
    part.code = code;
    contract::RosterMember& added = part.members.emplace_back();
    added.council = member.council;
    added.signing_key = member.signing_key;
    if (proposal.deprivation.empty()) continue;
    const auto points = proposal.deprivation.find(member.council);
    if (points == proposal.deprivation.end()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the file of deprivation has no line of ", member.council, ", which has joined"));
    }
    added.deprivation = points->second;
  }
  contract::RosterEpoch roster{.federation = proposal.federation,
                               .epoch = newest ? newest->roster.epoch + 1 : 1,
                               .expires_unix_s = absl::ToUnixSeconds(proposal.expires),
                               .previous_hash = newest ? contract::RosterHash(newest->roster)
                                                       : std::string(contract::kHashBytes, '\0'),
                               .parts = {},
                               .successions = {}};
  ASSIGN_OR_RETURN(roster.successions,
                   ProposedSuccessions(store, library, proposal.known, proposal.successions));
  for (auto& [code, part] : parts) roster.parts.push_back(std::move(part));
  v1::RosterEpoch message;
  contract::RosterToProto(roster, message);
  return contract::RosterFromProto(message);  // two councils with one key are found out here
}

absl::StatusOr<bool> PublishRoster(Store& store, const Configuration& configuration,
                                   const contract::SignedRoster& roster, absl::Time now) {
  RETURN_IF_ERROR(contract::VerifyRoster(roster, configuration.governance));
  if (roster.roster.federation != configuration.federation) {
    return absl::FailedPreconditionError(absl::StrCat("the roster is of the federation ",
                                                      roster.roster.federation, ", and this is ",
                                                      configuration.federation));
  }
  ASSIGN_OR_RETURN(const auto newest, NewestRoster(store));
  ASSIGN_OR_RETURN(
      const bool next,
      contract::Follows(roster.roster, newest ? std::make_optional(newest->roster) : std::nullopt));
  if (!next) return false;
  RETURN_IF_ERROR(contract::CheckUnexpired(roster.roster, now));
  ASSIGN_OR_RETURN(const std::vector<Member> members, store.Members());
  for (const Member& member : members) {
    const contract::Succession* const end = contract::EndOf(roster.roster.successions, member.council);
    if (end == nullptr) continue;
    return absl::FailedPreconditionError(absl::StrCat(contract::Describe(*end), ", and ", member.council,
                                                      " is a member still; revoke it first"));
  }
  v1::SignedRoster message;
  contract::SignedRosterToProto(roster, message);
  RETURN_IF_ERROR(store.AddRoster({.epoch = roster.roster.epoch,
                                   .hash = contract::RosterHash(roster.roster),
                                   .bytes = message.SerializeAsString()}));
  return true;
}

contract::Successions NewSuccessions(const contract::RosterEpoch& before,
                                     const contract::RosterEpoch& after) {
  contract::Successions made;
  for (const contract::Succession& one : after.successions) {
    const auto& held = before.successions;
    if (std::find(held.begin(), held.end(), one) == held.end()) made.push_back(one);
  }
  return made;
}

std::vector<RosterChange> CompareRosters(const contract::RosterEpoch& before,
                                         const contract::RosterEpoch& after) {
  const std::map<std::string, Place> earlier = ByCouncil(before);
  const std::map<std::string, Place> later = ByCouncil(after);
  std::map<std::string, RosterChange> changes;
  for (const auto& [council, place] : earlier) {
    if (later.contains(council)) continue;
    changes[council] = {
        .council = council, .what = "removed", .part = place.part, .signing_key = place.signing_key};
  }
  for (const auto& [council, place] : later) {
    const auto found = earlier.find(council);
    std::string what;
    if (found == earlier.end()) {
      what = "added";
    } else if (found->second.signing_key != place.signing_key) {
      what = "new key";
    } else if (found->second.part != place.part) {
      what = "other part";
    } else if (found->second.deprivation != place.deprivation) {
      what = "other deprivation";
    } else {
      continue;
    }
    changes[council] = {.council = council,
                        .what = what,
                        .part = place.part,
                        .signing_key = place.signing_key,
                        .deprivation = place.deprivation};
  }
  std::vector<RosterChange> sorted;
  for (auto& [council, change] : changes) sorted.push_back(std::move(change));
  return sorted;
}

}  // namespace waymark::coordinator
