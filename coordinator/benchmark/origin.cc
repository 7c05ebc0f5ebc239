#include "coordinator/benchmark/origin.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace waymark::coordinator {
namespace {

struct Found {
  std::set<std::string> there;
  std::set<std::string> missing;
  bool is_before = false;
};

void Collect(const std::string& council, const contract::Successions& successions,
             const std::set<std::string>& contributed, Found& found) {
  if (contributed.contains(council)) {
    found.there.insert(council);
    return;
  }
  const contract::Succession* const begun = contract::BeginningOf(successions, council);
  if (begun == nullptr) {
    found.missing.insert(council);
    return;
  }
  if (begun->kind() == contract::SuccessionKind::kSplit) found.is_before = true;
  for (const std::string& before : begun->before) Collect(before, successions, contributed, found);
}

std::string NameOf(const std::string& code, const catalogue::Library& library) {
  const v1::Area* const area = library.FindAreaEver(code);
  return area == nullptr ? code : area->name();
}

}  // namespace

Origin OriginOf(absl::string_view council, const contract::Successions& successions,
                const v1::QueryResponse& coverage) {
  std::set<std::string> contributed;
  for (const auto& one : coverage.coverage()) {
    if (one.absence() == v1::ABSENCE_UNSPECIFIED) contributed.insert(one.council());
  }
  Found found;
  Collect(std::string(council), successions, contributed, found);
  if (!found.missing.empty())
    return {.kind = Origin::Kind::kMissing, .councils = {found.missing.begin(), found.missing.end()}};
  Origin origin{.councils = {found.there.begin(), found.there.end()}};
  if (origin.councils == std::vector<std::string>{std::string(council)}) return origin;
  origin.kind = found.is_before ? Origin::Kind::kBefore : Origin::Kind::kContinued;
  return origin;
}

void Mark(const Origin& origin, const std::string& council, const catalogue::Library& library,
          v1::QueryResponse& answer) {
  const std::string codes = absl::StrJoin(origin.councils, ", ");
  const bool is_one = origin.councils.size() == 1;
  for (v1::Figure& figure : *answer.mutable_figures()) {
    if (origin.kind == Origin::Kind::kBefore) {
      const std::string name = is_one ? figure.geography_name() : codes;
      figure.set_geography_code(absl::StrJoin(origin.councils, "+"));
      figure.set_geography_name(absl::StrCat(name, " (before the split)"));
    } else {
      figure.set_level(v1::GEOGRAPHY_LEVEL_COUNCIL);
      figure.set_geography_code(council);
      figure.set_geography_name(
          absl::StrCat(NameOf(council, library), is_one ? " (continued from " : " (sum of ", codes, ")"));
    }
  }
}

}  // namespace waymark::coordinator
