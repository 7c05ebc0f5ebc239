#include "coordinator/benchmark/recombined.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_join.h"
#include "base/status.h"
#include "coordinator/benchmark/stored.h"
#include "coordinator/benchmark/stored_answers.h"

namespace waymark::coordinator {
namespace {

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

// A curve is one table whose windows are the days at which it is read.
v1::Catalogue ReadAtEveryEdge(v1::Catalogue definitions) {
  for (v1::Metric& metric : *definitions.mutable_metrics()) {
    if (metric.kind() == v1::METRIC_KIND_SURVIVAL) *metric.mutable_window_days() = metric.bins();
  }
  return definitions;
}

absl::StatusOr<std::map<std::string, v1::Absence>> DeclinesOf(const PublishedItem& item, Store& store) {
  ASSIGN_OR_RETURN(const std::vector<StoredContributor> contributors,
                   store.Contributors(item.round_id, item.item));
  std::map<std::string, v1::Absence> declines;
  for (const StoredContributor& stored : contributors) {
    v1::QueryResponse::Contributor contributor;
    if (!contributor.ParseFromString(stored.bytes))
      return absl::DataLossError("a stored contributor is damaged; restore a backup");
    declines[contributor.council()] = contributor.absence();
  }
  return declines;
}

}  // namespace

absl::StatusOr<contract::RoundSpec> SpecOfPublished(const PublishedItem& item, Store& store) {
  ASSIGN_OR_RETURN(const std::optional<Round> round, store.FindRound(item.round_id));
  if (!round) return absl::DataLossError("the round of a published figure is gone; restore a backup");
  ASSIGN_OR_RETURN(contract::RoundSpec spec, SpecOf(*round));
  if (static_cast<std::size_t>(item.item) >= spec.items.size())
    return absl::DataLossError("a published item is not its round's; restore a backup");
  return spec;
}

absl::StatusOr<std::vector<v1::Figure>> Recombined(const RecombineRequest& request,
                                                   const catalogue::Library& library, Store& store,
                                                   const SumSource& sums) {
  ASSIGN_OR_RETURN(const contract::RoundSpec whole, SpecOfPublished(request.item, store));
  const auto item = static_cast<std::size_t>(request.item.item);
  contract::RoundSpec spec = SpecOfItem(whole, item);
  if (request.is_one_council) spec.least_contributors = static_cast<std::uint32_t>(request.members.size());
  ASSIGN_OR_RETURN(const std::optional<Round> round, store.FindRound(whole.round_id));
  ASSIGN_OR_RETURN(v1::Catalogue definitions, DefinitionsOf(*round));
  if (request.curve) definitions = ReadAtEveryEdge(std::move(definitions));
  std::vector<SummedPart> summed;
  std::map<std::string, std::string> given;  // the release of each council
  if (contract::IsSecure(whole)) {
    ASSIGN_OR_RETURN(summed, sums(*round));
  } else {
    ASSIGN_OR_RETURN(given, ReleasesIn(*round, store));
  }
  std::vector<std::string> answered;
  for (const std::string& council : request.members) {
    if (given.contains(council)) answered.push_back(council);
  }
  const StoredAnswers stored(store, std::move(given));
  ASSIGN_OR_RETURN(AnswerHeads heads, stored.Heads(spec.items, answered));
  for (contract::Release& head : heads.releases) KeepAbsencesOfItem(item, head);
  const AnswerSource answers = stored.source();
  ASSIGN_OR_RETURN(auto declines, DeclinesOf(request.item, store));
  std::vector<v1::Figure> figures;
  const FigureSink sink = [&](std::size_t, Figures& made) {
    for (v1::Figure& figure : made) {
      if (absl::StrJoin(figure.dimensions(), "|") == request.breakdown) figures.push_back(std::move(figure));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(Combine({.spec = spec,
                           .definitions = definitions,
                           .library = library,
                           .members = request.members,
                           .heads = heads,
                           .answers = answers,
                           .sums = summed,
                           .declines = std::move(declines),
                           .own = &request.own},
                          sink)
                      .status());
  return figures;
}

}  // namespace waymark::coordinator
