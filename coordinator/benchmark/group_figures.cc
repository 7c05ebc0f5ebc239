#include "coordinator/benchmark/group_figures.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/benchmark/stored.h"

namespace waymark::coordinator {
namespace {

absl::Status CheckCouncils(const GroupRequest& request, const contract::RoundSpec& spec,
                           const catalogue::Library& library) {
  std::set<std::string> named;
  for (const auto& council : request.coverage.coverage()) {
    // One that ended is in no library of today; that its own figures are published it is named by.
    if (request.is_one_council || library.FindArea(council.council()) != nullptr)
      named.insert(council.council());
  }
  std::set<std::string> seen;
  for (const std::string& code : request.councils) {
    if (!named.contains(code)) {
      return absl::InvalidArgumentError(absl::StrCat("group: \"", code, "\" is no council that round ",
                                                     spec.round_id, " names; it names ",
                                                     absl::StrJoin(named, ", ")));
    }
    if (!seen.insert(code).second)
      return absl::InvalidArgumentError(absl::StrCat("group: ", code, " is twice in it"));
  }
  if (seen.size() < spec.least_contributors && !request.is_one_council) {
    return absl::InvalidArgumentError(absl::StrCat("group: ", seen.size(), " councils; round ", spec.round_id,
                                                   " gives no figure over fewer than ",
                                                   spec.least_contributors));
  }
  return absl::OkStatus();
}

// The item alone, as the round's only one.
contract::RoundSpec SpecOfItem(contract::RoundSpec spec, std::size_t item) {
  contract::RoundItem only = std::move(spec.items[item]);
  spec.items.clear();
  spec.items.push_back(std::move(only));
  return spec;
}

void KeepAbsencesOfItem(std::size_t item, contract::Release& release) {
  std::erase_if(release.absent, [&](const contract::AbsentItem& one) { return one.item != item; });
  for (contract::AbsentItem& one : release.absent) one.item = 0;
}

}  // namespace

absl::StatusOr<std::vector<v1::Figure>> GroupFigures(const GroupRequest& request,
                                                     const catalogue::Library& library, Store& store) {
  ASSIGN_OR_RETURN(const std::optional<Round> round, store.FindRound(request.item.round_id));
  if (!round) return absl::DataLossError("the round of a published figure is gone; restore a backup");
  ASSIGN_OR_RETURN(const contract::RoundSpec whole, SpecOf(*round));
  const auto item = static_cast<std::size_t>(request.item.item);
  if (item >= whole.items.size())
    return absl::DataLossError("a published item is not its round's; restore a backup");
  if (contract::IsSecure(whole)) {
    return absl::FailedPreconditionError(
        absl::StrCat("group: metric ", request.item.metric, " was summed securely in round ", whole.round_id,
                     ", so nobody has councils' own figures; ask for its regions or ", kParticipantsCode));
  }
  RETURN_IF_ERROR(CheckCouncils(request, whole, library));
  contract::RoundSpec spec = SpecOfItem(whole, item);
  if (request.is_one_council) spec.least_contributors = static_cast<std::uint32_t>(request.councils.size());
  ASSIGN_OR_RETURN(const v1::Catalogue definitions, DefinitionsOf(*round));
  std::map<std::string, v1::Absence> declines;
  for (const auto& council : request.coverage.coverage()) declines[council.council()] = council.absence();
  std::vector<std::string> answered;
  const AnswerSource answers = [&](const std::string& council) -> absl::StatusOr<contract::Release> {
    ASSIGN_OR_RETURN(const std::optional<StoredRelease> stored, store.FindRelease(whole.round_id, council));
    if (!stored) return absl::NotFoundError("no release");
    ASSIGN_OR_RETURN(contract::Release release, ReleaseOf(*stored));
    KeepAbsencesOfItem(item, release);
    return release;
  };
  ASSIGN_OR_RETURN(const std::vector<std::string> all_answered, store.Answered(whole.round_id));
  for (const std::string& council : request.councils) {
    if (std::find(all_answered.begin(), all_answered.end(), council) != all_answered.end())
      answered.push_back(council);
  }
  ASSIGN_OR_RETURN(const AnswerHeads heads, ReadHeads(spec, answered, answers));
  std::vector<v1::Figure> figures;
  const FigureSink sink = [&](std::size_t, Figures& made) {
    for (v1::Figure& figure : made) {
      if (figure.level() != v1::GEOGRAPHY_LEVEL_ALL ||
          absl::StrJoin(figure.dimensions(), "|") != request.breakdown)
        continue;
      figure.set_level(v1::GEOGRAPHY_LEVEL_GROUP);
      figure.set_geography_code(std::string(kGroupCode));
      figure.set_geography_name(absl::StrCat("Group of ", request.councils.size(), " councils"));
      figures.push_back(std::move(figure));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(Combine({.spec = spec,
                           .definitions = definitions,
                           .library = library,
                           .members = request.councils,
                           .heads = heads,
                           .answers = answers,
                           .sums = {},
                           .declines = std::move(declines)},
                          sink)
                      .status());
  return figures;
}

}  // namespace waymark::coordinator
