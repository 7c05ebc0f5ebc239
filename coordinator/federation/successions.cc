#include "coordinator/federation/successions.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "coordinator/federation/rosters.h"

namespace waymark::coordinator {
namespace {

absl::StatusOr<contract::Successions> Checked(contract::Successions successions) {
  std::sort(successions.begin(), successions.end(), [](const auto& a, const auto& b) {
    return std::pair(a.day, a.before) < std::pair(b.day, b.before);
  });
  google::protobuf::RepeatedPtrField<v1::Succession> messages;
  contract::SuccessionsToProto(successions, messages);
  return contract::SuccessionsFromProto(messages);
}

// A council that never took part leaves nothing that would have to go on.
absl::StatusOr<bool> TookPart(Store& store, const contract::Succession& one) {
  for (const std::string& code : one.before) {
    ASSIGN_OR_RETURN(const std::vector<Token> tokens, store.TokensOf(code));
    if (std::any_of(tokens.begin(), tokens.end(), [](const Token& token) { return token.used_unix_s; }))
      return true;
  }
  return false;
}

// One of those that would end, and is a member; "" where none is.
absl::StatusOr<std::string> StillMember(Store& store, const contract::Succession& one) {
  for (const std::string& code : one.before) {
    ASSIGN_OR_RETURN(const std::optional<Member> member, store.FindMember(code));
    if (member) return code;
  }
  return "";
}

absl::Status CheckRegions(const contract::Succession& one, const catalogue::Library& library) {
  const v1::Area* first = nullptr;
  std::vector<std::string> all = one.before;
  all.insert(all.end(), one.after.begin(), one.after.end());
  for (const std::string& code : all) {
    const v1::Area* const area = library.FindAreaEver(code);
    if (area == nullptr) continue;
    if (first != nullptr && area->region_code() != first->region_code()) {
      return absl::FailedPreconditionError(
          absl::StrCat(contract::Describe(one), ": ", area->name(), " is in ", area->region_name(), " and ",
                       first->name(), " in ", first->region_name(), "; a region stays as it is"));
    }
    first = area;
  }
  return absl::OkStatus();
}

}  // namespace

contract::Successions KnownSuccessions(const Configuration& configuration,
                                       const catalogue::Library& library) {
  return configuration.governance.officers.empty() ? library.successions() : contract::Successions();
}

absl::StatusOr<std::optional<contract::Successions>> SignedSuccessions(Store& store) {
  ASSIGN_OR_RETURN(const std::optional<StoredRoster> newest, store.NewestRoster());
  if (!newest) return std::nullopt;
  v1::SignedRoster message;  // it was checked whole when it was published
  if (!message.ParseFromString(newest->bytes))
    return absl::DataLossError(absl::StrCat("the stored roster of epoch ", newest->epoch, " cannot be read"));
  return contract::SuccessionsFromProto(message.roster().successions());
}

absl::StatusOr<contract::Successions> HeldSuccessions(Store& store, const contract::Successions& known) {
  ASSIGN_OR_RETURN(std::optional<contract::Successions> signed_ones, SignedSuccessions(store));
  return signed_ones ? *std::move(signed_ones) : known;
}

absl::StatusOr<contract::Successions> ParseSuccessions(const std::string& text, absl::string_view file) {
  contract::Successions successions;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    const std::vector<std::string> fields = absl::StrSplit(absl::StripAsciiWhitespace(line), ',');
    if (number == 1 || (fields.size() == 1 && fields[0].empty())) continue;
    const std::optional<Day> day = ParseIsoDay(fields[0]);
    if (fields.size() != 3 || !day) {
      return absl::InvalidArgumentError(
          absl::StrCat(file, ":", number,
                       ": expected the successors' first day, and the codes that ended and began, as "
                       "2023-04-01,E10000006,E06000063 E06000064, under a heading line"));
    }
    contract::Succession one{.day = *day,
                             .before = absl::StrSplit(fields[1], ' ', absl::SkipEmpty()),
                             .after = absl::StrSplit(fields[2], ' ', absl::SkipEmpty())};
    std::sort(one.before.begin(), one.before.end());
    std::sort(one.after.begin(), one.after.end());
    successions.push_back(std::move(one));
  }
  absl::StatusOr<contract::Successions> checked = Checked(std::move(successions));
  if (!checked.ok()) return WithContext(checked.status(), file);
  return checked;
}

absl::StatusOr<contract::Successions> ProposedSuccessions(Store& store, const catalogue::Library& library,
                                                          const contract::Successions& known,
                                                          const contract::Successions& more) {
  ASSIGN_OR_RETURN(const auto newest, NewestRoster(store));
  contract::Successions all = newest ? newest->roster.successions : contract::Successions();
  const auto add = [&](const contract::Succession& one) {
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
  };
  for (const contract::Succession& one : known) {
    ASSIGN_OR_RETURN(const bool took_part, TookPart(store, one));
    ASSIGN_OR_RETURN(const std::string still, StillMember(store, one));
    if (took_part && still.empty()) add(one);
  }
  for (const contract::Succession& one : more) add(one);
  for (const contract::Succession& one : all) {
    RETURN_IF_ERROR(CheckRegions(one, library));
    ASSIGN_OR_RETURN(const std::string still, StillMember(store, one));
    if (still.empty()) continue;
    return absl::FailedPreconditionError(
        absl::StrCat(contract::Describe(one), ", and ", still,
                     " is a member still; `waymark-coordinator roster revoke --council ", still, "` first"));
  }
  return Checked(std::move(all));
}

absl::Status CheckNotEnded(const contract::Successions& successions, absl::string_view council) {
  const contract::Succession* const end = contract::EndOf(successions, council);
  if (end == nullptr) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(contract::Describe(*end), "; make a join file for ", absl::StrJoin(end->after, " or ")));
}

}  // namespace waymark::coordinator
