#include "coordinator/benchmark/query.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/nearest.h"
#include "base/period.h"
#include "base/status.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/benchmark/confine.h"
#include "coordinator/benchmark/group_figures.h"
#include "coordinator/benchmark/query_checks.h"
#include "coordinator/benchmark/standardise.h"
#include "coordinator/benchmark/standing.h"
#include "coordinator/benchmark/stored.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

absl::Status Damaged() {
  return absl::DataLossError("stored figures are damaged; restore a backup");
}

std::string KeyOf(const v1::QueryRequest& asked, const Scope& scope) {
  return absl::StrCat(scope.Key(), asked.SerializeAsString());
}

// The last day of a published period, to tell which is the newest.
std::pair<Day, Day> Age(const std::string& label) {
  const absl::StatusOr<Period> period = ParsePeriod(label);
  return period.ok() ? std::pair(period->last, period->first) : std::pair(Day{0}, Day{0});
}

template <typename Project>
std::vector<std::string> Distinct(const std::vector<PublishedItem>& items, Project project) {
  std::set<std::string> seen;
  for (const PublishedItem& item : items) seen.insert(absl::StrCat(project(item)));
  return {seen.begin(), seen.end()};
}

// Whether the round may hold figures of all that the request is about.
bool Covers(const v1::ListPublishedResponse::Entry& entry, const v1::QueryRequest& request,
            const catalogue::Library& library) {
  const auto& asked = entry.geographies();
  if (asked.empty()) return true;
  std::vector<std::string> wanted(request.geographies().begin(), request.geographies().end());
  wanted.insert(wanted.end(), request.group().begin(), request.group().end());
  const auto is_asked = [&](const std::string& code) {
    // Beside a region or council: the participants of the round that holds it.
    if (code == kParticipantsCode) return wanted.size() > 1;
    const v1::Area* const area = library.FindAreaEver(code);
    const std::string& region = area == nullptr ? code : area->region_code();
    return std::find(asked.begin(), asked.end(), region) != asked.end();
  };
  return !wanted.empty() && std::all_of(wanted.begin(), wanted.end(), is_asked);
}

// Rounds that asked other regions alone go, where there are others: they hide none that hold what is wanted.
absl::Status PreferCovering(const v1::QueryRequest& request, const catalogue::Library& library,
                            std::vector<PublishedItem>& items) {
  std::vector<PublishedItem> covering;
  for (const PublishedItem& item : items) {
    v1::ListPublishedResponse::Entry entry;
    if (!entry.ParseFromString(item.entry)) return Damaged();
    if (Covers(entry, request, library)) covering.push_back(item);
  }
  if (!covering.empty()) items = std::move(covering);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<PublishedItem>> BenchmarkQuery::Visible(const Scope& scope) {
  ASSIGN_OR_RETURN(const std::string mark, store_.PublishedMark());
  ASSIGN_OR_RETURN(
      const std::shared_ptr<const std::vector<PublishedItem>> items,
      items_.Get(
          mark, "", [this] { return store_.PublishedItems(); },
          [](const std::vector<PublishedItem>& all) { return all.size() * sizeof(PublishedItem); }));
  if (!scope.regions && !scope.metrics) return *items;
  std::vector<PublishedItem> visible;
  for (const PublishedItem& item : *items) {
    v1::ListPublishedResponse::Entry entry;
    if (!entry.ParseFromString(item.entry)) return Damaged();
    if (scope.SeesMetric(item.metric) && scope.SeesSomeOf(entry.geographies())) visible.push_back(item);
  }
  return visible;
}

absl::StatusOr<PublishedItem> BenchmarkQuery::FindItem(const v1::QueryRequest& request, const Scope& scope) {
  if (request.metric().empty())
    return absl::InvalidArgumentError("metric: missing; give an id of `waymark metrics`");
  ASSIGN_OR_RETURN(std::vector<PublishedItem> items, Visible(scope));
  std::vector<PublishedItem> withdrawn;
  std::erase_if(items, [&](const PublishedItem& item) {
    if (item.is_withdrawn && item.metric == request.metric()) withdrawn.push_back(item);
    return item.is_withdrawn;
  });
  const std::vector<std::string> published = Distinct(items, [](const auto& item) { return item.metric; });
  const auto keep = [&](auto wanted) {
    items.erase(std::remove_if(items.begin(), items.end(), [&](const auto& item) { return !wanted(item); }),
                items.end());
  };
  keep([&](const PublishedItem& item) { return item.metric == request.metric(); });
  if (items.empty()) {
    const std::string listed = published.empty()
                                   ? "nothing is published yet"
                                   : absl::StrCat("published are ", absl::StrJoin(published, ", "));
    if (!withdrawn.empty()) {
      return absl::NotFoundError(absl::StrCat("metric ", request.metric(), " was published in round ",
                                              withdrawn.back().round_id, ", which was withdrawn; ", listed));
    }
    if (library_.Find(request.metric()) != nullptr) {
      return absl::NotFoundError(
          absl::StrCat("metric ", request.metric(), " has no published benchmark; ", listed));
    }
    std::vector<std::string> known;
    for (const v1::Metric& metric : library_.metrics()) known.push_back(metric.id());
    return absl::InvalidArgumentError(absl::StrCat("metric: \"", request.metric(),
                                                   "\" is not in the catalogue;",
                                                   Meant(request.metric(), known), " ", listed));
  }
  if (!request.round_id().empty()) {
    keep([&](const PublishedItem& item) { return item.round_id == request.round_id(); });
    if (items.empty()) {
      return absl::NotFoundError(absl::StrCat("metric ", request.metric(), " was not published in round \"",
                                              request.round_id(), "\", or that was withdrawn"));
    }
  }
  RETURN_IF_ERROR(PreferCovering(request, library_, items));
  const std::vector<std::string> versions = Distinct(items, [](const auto& item) { return item.version; });
  std::uint32_t version = request.version();
  if (version == 0) {
    for (const PublishedItem& item : items) version = std::max(version, item.version);
  }
  keep([&](const PublishedItem& item) { return item.version == version; });
  if (items.empty()) {
    return absl::NotFoundError(absl::StrCat("metric ", request.metric(), " is published in version ",
                                            absl::StrJoin(versions, ", "), ", not ", version));
  }
  const std::vector<std::string> periods = Distinct(items, [](const auto& item) { return item.period; });
  std::string period = items.front().period;
  if (request.period().empty()) {
    for (const std::string& label : periods) {
      if (Age(label) > Age(period)) period = label;
    }
  } else {
    ASSIGN_OR_RETURN(const Period asked, ParsePeriod(request.period()));
    period = asked.label;
  }
  keep([&](const PublishedItem& item) { return item.period == period; });
  if (items.empty()) {
    return absl::NotFoundError(absl::StrCat("metric ", request.metric(), " is published for ",
                                            absl::StrJoin(periods, ", "), ", not for ", period));
  }
  return items.back();
}

// Those of the councils that `response` names: one without a name is compared with nobody.
absl::StatusOr<std::vector<v1::Figure>> BenchmarkQuery::NamedCouncils(const PublishedItem& item,
                                                                      const std::string& breakdown,
                                                                      const v1::QueryResponse& response) {
  std::vector<std::string> named;
  for (const auto& council : response.coverage()) {
    if (library_.FindAreaEver(council.council()) != nullptr) named.push_back(council.council());
  }
  if (named.empty()) return std::vector<v1::Figure>();  // no geographies would mean regions
  return reader_.Of(item, breakdown, named);
}

// Of places; a group's comes of GroupFigures.
absl::StatusOr<std::vector<v1::Figure>> BenchmarkQuery::Curves(const v1::QueryRequest& request,
                                                               const PublishedItem& item) {
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, SpecOfPublished(item, store_));
  if (contract::IsSecure(spec) && sums_ == nullptr)
    return absl::FailedPreconditionError("curve: sums that were made securely are not read again here");
  ASSIGN_OR_RETURN(const std::vector<StoredContributor> stored,
                   store_.Contributors(item.round_id, item.item));
  std::vector<std::string> members;
  for (const StoredContributor& contributor : stored) {
    v1::QueryResponse::Contributor council;
    if (!council.ParseFromString(contributor.bytes)) return Damaged();
    members.push_back(council.council());
  }
  const std::set<std::string> places(request.geographies().begin(), request.geographies().end());
  ASSIGN_OR_RETURN(
      std::vector<v1::Figure> figures,
      Recombined(
          {.item = item, .breakdown = request.breakdown(), .members = members, .own = places, .curve = true},
          library_, store_, sums_));
  if (!places.empty())
    std::erase_if(figures,
                  [&](const v1::Figure& figure) { return !places.contains(figure.geography_code()); });
  return figures;
}

absl::Status BenchmarkQuery::AddStandardised(const v1::QueryRequest& asked, const v1::QueryRequest& request,
                                             const PublishedItem& item, const v1::QueryResponse& response,
                                             std::vector<v1::Figure>& figures) {
  ASSIGN_OR_RETURN(const v1::Metric metric, PublishedDefinition(store_, item));
  RETURN_IF_ERROR(CheckStandardises(metric));
  v1::QueryRequest by = asked;
  v1::QueryRequest by_places = request;
  by.set_breakdown(asked.standardise());
  by_places.set_breakdown(asked.standardise());
  ASSIGN_OR_RETURN(const std::vector<v1::Figure> strata, FiguresOf(by, by_places, item, response, false));
  ASSIGN_OR_RETURN(const std::vector<v1::Figure> standard,
                   reader_.Of(item, asked.standardise(), {std::string(kParticipantsCode)}));
  SetStandardised(metric, asked.standardise(),
                  absl::StrCat("all participants of round ", item.round_id, " by ", asked.standardise()),
                  strata, standard, figures);
  return absl::OkStatus();
}

// `request` is what was asked, filled in and confined.
absl::StatusOr<std::vector<v1::Figure>> BenchmarkQuery::FiguresOf(const v1::QueryRequest& asked,
                                                                  const v1::QueryRequest& request,
                                                                  const PublishedItem& item,
                                                                  const v1::QueryResponse& response,
                                                                  bool is_one_council) {
  std::vector<v1::Figure> figures;
  const auto append = [&](const std::vector<v1::Figure>& more) {
    figures.insert(figures.end(), more.begin(), more.end());
  };
  const bool names_places = !asked.geographies().empty();
  if (!asked.group().empty()) {
    const std::vector<std::string> councils(asked.group().begin(), asked.group().end());
    ASSIGN_OR_RETURN(figures, GroupFigures({.item = item,
                                            .breakdown = request.breakdown(),
                                            .councils = councils,
                                            .coverage = response,
                                            .is_one_council = is_one_council,
                                            .curve = asked.curve()},
                                           library_, store_));
  }
  if (names_places || (asked.group().empty() && !asked.standing())) {
    ASSIGN_OR_RETURN(const std::vector<v1::Figure> places,
                     asked.curve()
                         ? Curves(request, item)
                         : reader_.Of(item, request.breakdown(),
                                      {request.geographies().begin(), request.geographies().end()}));
    append(places);
  }
  if (names_places || !asked.standing()) return figures;
  ASSIGN_OR_RETURN(const std::vector<v1::Figure> peers, NamedCouncils(item, request.breakdown(), response));
  if (peers.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("standing: round ", item.round_id, " has no figures of named councils for metric ",
                     item.metric, "; ask for its regions or ", kParticipantsCode));
  }
  append(peers);
  return figures;
}

// Those, with what goes beside them.
absl::StatusOr<std::vector<v1::Figure>> BenchmarkQuery::Wanted(const v1::QueryRequest& asked,
                                                               const v1::QueryRequest& request,
                                                               const PublishedItem& item,
                                                               const v1::QueryResponse& response,
                                                               bool is_one_council) {
  ASSIGN_OR_RETURN(const v1::Metric metric, PublishedDefinition(store_, item));
  if (asked.curve()) RETURN_IF_ERROR(CheckIsCurve(metric, library_));
  ASSIGN_OR_RETURN(std::vector<v1::Figure> figures,
                   FiguresOf(asked, request, item, response, is_one_council));
  if (asked.standing()) {
    ASSIGN_OR_RETURN(const std::vector<v1::Figure> peers, NamedCouncils(item, request.breakdown(), response));
    SetStandings(metric, peers, figures);
  }
  if (!asked.standardise().empty()) RETURN_IF_ERROR(AddStandardised(asked, request, item, response, figures));
  return figures;
}

absl::StatusOr<v1::QueryResponse> BenchmarkQuery::Answer(const v1::QueryRequest& asked, const Scope& scope) {
  ASSIGN_OR_RETURN(const std::string mark, store_.PublishedMark());
  ASSIGN_OR_RETURN(const std::shared_ptr<const v1::QueryResponse> answer,
                   answers_.Get(
                       mark, KeyOf(asked, scope), [&] { return Made(asked, scope, false); },
                       [](const v1::QueryResponse& response) { return response.SpaceUsedLong(); }));
  return *answer;
}

absl::StatusOr<std::shared_ptr<const std::string>> BenchmarkQuery::AnswerBytes(const v1::QueryRequest& asked,
                                                                               const Scope& scope) {
  ASSIGN_OR_RETURN(const std::string mark, store_.PublishedMark());
  return bytes_.Get(
      mark, KeyOf(asked, scope),
      [&]() -> absl::StatusOr<std::string> {
        ASSIGN_OR_RETURN(const v1::QueryResponse made, Made(asked, scope, false));
        return made.SerializeAsString();
      },
      [](const std::string& bytes) { return bytes.size(); });
}

absl::StatusOr<v1::QueryResponse> BenchmarkQuery::Together(const v1::QueryRequest& asked,
                                                           const std::vector<std::string>& councils,
                                                           const Scope& scope) {
  v1::QueryRequest request = asked;
  request.clear_geographies();
  request.mutable_group()->Assign(councils.begin(), councils.end());
  return Made(request, scope, true);
}

absl::StatusOr<v1::QueryResponse> BenchmarkQuery::Made(const v1::QueryRequest& asked, const Scope& scope,
                                                       bool is_one_council) {
  RETURN_IF_ERROR(CheckCombination(asked));
  RETURN_IF_ERROR(CheckScope(asked, scope, library_));
  v1::QueryRequest request = Filled(asked, scope);
  ASSIGN_OR_RETURN(const PublishedItem item, FindItem(request, scope));
  v1::QueryResponse response;
  response.set_round_id(item.round_id);
  response.set_published_unix_s(item.published_unix_s);
  v1::ListPublishedResponse::Entry entry;
  if (!entry.ParseFromString(item.entry)) return Damaged();
  response.set_version(item.version);
  response.set_period(item.period);
  *response.mutable_breakdowns() = entry.breakdowns();
  *response.mutable_geographies() = entry.geographies();
  ASSIGN_OR_RETURN(const std::vector<StoredEdition> editions,
                   store_.Editions(item.revises.empty() ? item.round_id : item.revises));
  for (const StoredEdition& one : editions) *response.add_editions() = EditionToProto(one);
  ASSIGN_OR_RETURN(const std::vector<StoredContributor> contributors,
                   store_.Contributors(item.round_id, item.item));
  for (const StoredContributor& contributor : contributors) {
    if (!response.add_coverage()->ParseFromString(contributor.bytes)) return Damaged();
  }
  RETURN_IF_ERROR(CheckBreakdown("breakdown", request.breakdown(), item));
  RETURN_IF_ERROR(CheckBreakdown("standardise", request.standardise(), item));
  if (!asked.standardise().empty() && !scope.SeesParticipantsOf(entry.geographies())) {
    return absl::PermissionDeniedError(absl::StrCat("standardise: the standard is all participants of round ",
                                                    item.round_id,
                                                    ", who are of regions that this access is not for"));
  }
  RETURN_IF_ERROR(Confine(asked, scope, library_, request, response));
  RETURN_IF_ERROR(CheckGeographies(request, response, library_));
  ASSIGN_OR_RETURN(std::vector<v1::Figure> figures, Wanted(asked, request, item, response, is_one_council));
  response.mutable_figures()->Assign(std::make_move_iterator(figures.begin()),
                                     std::make_move_iterator(figures.end()));
  RETURN_IF_ERROR(Narrow(request, response));
  return response;
}

absl::StatusOr<v1::ListPublishedResponse> BenchmarkQuery::ListPublished(const Scope& scope) {
  ASSIGN_OR_RETURN(const std::vector<PublishedItem> items, Visible(scope));
  std::map<std::tuple<std::string, std::uint32_t, std::string>, const PublishedItem*> latest;
  for (const PublishedItem& item : items) {
    if (!item.is_withdrawn) latest[{item.metric, item.version, item.period}] = &item;
  }
  v1::ListPublishedResponse response;
  for (const auto& [key, item] : latest) {
    v1::ListPublishedResponse::Entry& entry = *response.add_entries();
    if (!entry.ParseFromString(item->entry)) return Damaged();
    auto* asked = entry.mutable_geographies();
    asked->erase(std::remove_if(asked->begin(), asked->end(),
                                [&](const std::string& code) { return !scope.SeesPlace(code, library_); }),
                 asked->end());
    if (item->revises.empty()) continue;  // a later edition stands in the first one's place
    ASSIGN_OR_RETURN(const std::vector<StoredEdition> editions, store_.Editions(item->revises));
    for (const StoredEdition& one : editions) *entry.add_editions() = EditionToProto(one);
  }
  return response;
}

}  // namespace waymark::coordinator
