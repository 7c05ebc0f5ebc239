#include "proto/contract/succession.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "proto/contract/checks.h"
#include "proto/contract/release.h"

namespace waymark::contract {
namespace {

using Codes = google::protobuf::RepeatedPtrField<std::string>;

absl::StatusOr<std::vector<std::string>> CodesFromProto(absl::string_view field, const Codes& codes) {
  RETURN_IF_ERROR(CheckLength(field, static_cast<std::size_t>(codes.size()), 1, kMaxPredecessors));
  std::vector<std::string> made;
  for (const std::string& code : codes) {
    RETURN_IF_ERROR(CheckCouncilCode(field, code));
    if (!made.empty() && code <= made.back()) {
      return absl::InvalidArgumentError(absl::StrCat(field, ": expected to rise, each code once"));
    }
    made.push_back(code);
  }
  return made;
}

absl::StatusOr<Succession> SuccessionFromProto(const v1::Succession& message) {
  const std::optional<Day> day = ParseIsoDay(message.day());
  if (!day) return absl::InvalidArgumentError("successions.day: expected a day, as 2023-04-01");
  Succession made{.day = *day, .before = {}, .after = {}};
  ASSIGN_OR_RETURN(made.before, CodesFromProto("successions.before", message.before()));
  ASSIGN_OR_RETURN(made.after, CodesFromProto("successions.after", message.after()));
  return made;
}

// One life a council: so there are no circles, whichever way one goes.
absl::Status CheckLives(const Successions& successions) {
  std::map<std::string, Day> begins;
  std::map<std::string, Day> ends;
  for (const Succession& one : successions) {
    for (const std::string& code : one.after) {
      if (!begins.emplace(code, one.day).second)
        return absl::InvalidArgumentError(absl::StrCat("successions: ", code, " begins twice"));
    }
    for (const std::string& code : one.before) {
      if (!ends.emplace(code, one.day).second)
        return absl::InvalidArgumentError(absl::StrCat("successions: ", code, " ends twice"));
    }
  }
  for (const auto& [code, day] : begins) {
    const auto end = ends.find(code);
    if (end == ends.end() || day < end->second) continue;
    return absl::InvalidArgumentError(absl::StrCat("successions: ", code, " begins on ", FormatDay(day),
                                                   " and ends on ", FormatDay(end->second),
                                                   "; a council that ended does not begin again"));
  }
  return absl::OkStatus();
}

const Succession* Find(const Successions& successions, std::vector<std::string> Succession::*side,
                       absl::string_view council) {
  for (const Succession& one : successions) {
    if (std::find((one.*side).begin(), (one.*side).end(), council) != (one.*side).end()) return &one;
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<Successions> SuccessionsFromProto(
    const google::protobuf::RepeatedPtrField<v1::Succession>& messages) {
  RETURN_IF_ERROR(CheckLength("successions", static_cast<std::size_t>(messages.size()), 0, kMaxSuccessions));
  Successions successions;
  for (const v1::Succession& message : messages) {
    ASSIGN_OR_RETURN(Succession made, SuccessionFromProto(message));
    if (!successions.empty()) {
      const Succession& last = successions.back();
      if (std::pair(made.day, made.before[0]) <= std::pair(last.day, last.before[0])) {
        return absl::InvalidArgumentError(
            "successions: expected to be sorted by day, then by first predecessor");
      }
    }
    successions.push_back(std::move(made));
  }
  RETURN_IF_ERROR(CheckLives(successions));
  return successions;
}

void SuccessionsToProto(const Successions& successions,
                        google::protobuf::RepeatedPtrField<v1::Succession>& messages) {
  for (const Succession& one : successions) {
    v1::Succession* const out = messages.Add();
    out->set_day(FormatDay(one.day));
    out->mutable_before()->Assign(one.before.begin(), one.before.end());
    out->mutable_after()->Assign(one.after.begin(), one.after.end());
  }
}

const Succession* BeginningOf(const Successions& successions, absl::string_view council) {
  return Find(successions, &Succession::after, council);
}

const Succession* EndOf(const Successions& successions, absl::string_view council) {
  return Find(successions, &Succession::before, council);
}

std::vector<std::string> PredecessorsOf(const Successions& successions, absl::string_view council) {
  std::vector<std::string> found;
  const auto add = [&](const Succession* one) {
    if (one == nullptr) return;
    for (const std::string& code : one->before) {
      if (std::find(found.begin(), found.end(), code) == found.end()) found.push_back(code);
    }
  };
  add(BeginningOf(successions, council));
  for (std::size_t i = 0; i < found.size(); ++i) add(BeginningOf(successions, std::string(found[i])));
  return found;
}

std::string Describe(const Succession& succession) {
  const std::string before = absl::StrJoin(succession.before, ", ");
  const std::string after = absl::StrJoin(succession.after, ", ");
  const std::string day = FormatDay(succession.day);
  switch (succession.kind()) {
    case SuccessionKind::kRecoded:
      return absl::StrCat(before, " became ", after, " on ", day);
    case SuccessionKind::kMerged:
      return absl::StrCat(before, " merged into ", after, " on ", day);
    case SuccessionKind::kSplit:
      break;
  }
  return absl::StrCat(before, " split into ", after, " on ", day);
}

}  // namespace waymark::contract
