// One metric: its definition, and its figures for a place, period and breakdown.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "catalogue/wording.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/web/edition_section.h"
#include "coordinator/web/figure_section.h"
#include "coordinator/web/page.h"
#include "coordinator/web/table_request.h"
#include "http/routes.h"
#include "proto/contract/names.h"
#include "proto/contract/revision.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

// What the page shows, as its address says it and the benchmarks completed it.
struct Shown {
  std::string metric;
  v1::QueryResponse response;  // regions and all participants, or the categories of one place
  std::string geography;       // a code; participants if none was given
  std::string breakdown;
  v1::QueryRequest asked;  // with its window and unit, where the address has them
  std::vector<v1::Figure> figures;
  std::vector<std::string> places;  // that were asked, as the API is asked for the same; none: its own choice
};

std::string LabelOf(absl::string_view breakdown) {
  return absl::StrReplaceAll(breakdown, {{"_", " "}, {"|", " and "}});
}

Json DefinitionOf(const v1::Metric& metric) {
  Json caveats = Json::array();
  for (const std::string& caveat : metric.caveats()) caveats.push_back(caveat);
  Json outcomes = Json::array();
  for (const v1::Outcome& outcome : metric.outcomes()) {
    outcomes.push_back({{"outcome", outcome.title()}, {"rule", catalogue::OutcomeInWords(metric, outcome)}});
  }
  return {{"words", metric.definition()},
          {"version", metric.version()},
          {"denominator", catalogue::DenominatorInWords(metric)},
          {"source", metric.source()},
          {"outcomes", std::move(outcomes)},
          {"caveats", std::move(caveats)}};
}

Json PeriodsOf(const Shown& shown, const v1::ListPublishedResponse& published) {
  std::vector<std::string> periods;
  for (const auto& entry : published.entries()) {
    if (entry.metric() == shown.metric) periods.push_back(entry.period());
  }
  std::sort(periods.rbegin(), periods.rend());
  periods.erase(std::unique(periods.begin(), periods.end()), periods.end());
  Json options = Json::array();
  for (const std::string& period : periods)
    options.push_back(PageOption(period, period, period == shown.response.period()));
  return options;
}

Json BreakdownsOf(const Shown& shown) {
  Json options = Json::array();
  options.push_back(PageOption("", "None: all together", shown.breakdown.empty()));
  for (const std::string& breakdown : shown.response.breakdowns())
    options.push_back(
        PageOption(breakdown, absl::StrCat("By ", LabelOf(breakdown)), breakdown == shown.breakdown));
  return options;
}

// With what the place is compared. All participants: with every region. Others: with their region, all
// participants, and the councils of the region.
std::vector<std::string> PlacesBeside(const Shown& shown, const Scope& scope,
                                      const catalogue::Library& library) {
  std::vector<std::string> codes;
  const auto add = [&codes](const std::string& code) {
    if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
  };
  const auto& general = shown.response.figures();  // of regions and all participants
  if (shown.geography == kParticipantsCode) {
    for (const v1::Figure& figure : general) add(figure.geography_code());
    return codes;
  }
  const v1::Area* own = library.FindAreaEver(shown.geography);
  const std::string region = own == nullptr ? shown.geography : own->region_code();
  add(shown.geography);
  add(region);
  if (scope.SeesParticipantsOf(shown.response.geographies())) add(std::string(kParticipantsCode));
  // Of a secure sum there are no councils' own figures.
  if (!general.empty() && general[0].mode() == v1::MODE_SECURE_SUM) return codes;
  for (const auto& council : shown.response.coverage()) {
    const v1::Area* area = library.FindAreaEver(council.council());
    if (area != nullptr && area->region_code() == region) add(council.council());
  }
  return codes;
}

absl::StatusOr<Shown> Find(const PageParts& parts, const Asked& asked) {
  const http::Words& words = asked.request.query;
  ASSIGN_OR_RETURN(v1::QueryRequest query, QueryRequestOf(asked.variable, words));
  Shown shown;
  shown.metric = asked.variable;
  shown.breakdown = ValueOf(words, "breakdown");
  shown.geography = ValueOf(words, "geography");
  if (shown.geography.empty()) shown.geography = std::string(kParticipantsCode);
  query.clear_geographies();
  shown.asked = query;
  query.clear_window_days();
  query.clear_unit();
  ASSIGN_OR_RETURN(shown.response, parts.query.Answer(query, asked.caller.scope));
  query = shown.asked;
  // The rest of what this very round published, whatever is published meanwhile.
  query.set_round_id(shown.response.round_id());
  query.set_version(shown.response.version());
  query.set_period(shown.response.period());
  query.set_breakdown(shown.breakdown);
  shown.places = shown.breakdown.empty() ? PlacesBeside(shown, asked.caller.scope, parts.library)
                                         : std::vector<std::string>{shown.geography};
  for (const std::string& code : shown.places) query.add_geographies(code);
  ASSIGN_OR_RETURN(const v1::QueryResponse response, parts.query.Answer(query, asked.caller.scope));
  shown.figures.assign(response.figures().begin(), response.figures().end());
  return shown;
}

std::string WindowWord(const v1::QueryRequest& asked) {
  return asked.has_window_days() ? absl::StrCat(asked.window_days()) : "";
}

std::string UnitWord(const v1::QueryRequest& asked) {
  return asked.unit() == v1::UNIT_UNSPECIFIED ? "" : std::string(contract::NameOf(asked.unit()));
}

// Where the same figures stand as files; the words are the API's.
std::string FileWords(const Shown& shown) {
  return AddressWords({{"version", absl::StrCat(shown.response.version())},
                       {"period", shown.response.period()},
                       {"round", shown.response.round_id()},
                       {"breakdown", shown.breakdown.empty() ? "none" : shown.breakdown},
                       {"geography", absl::StrJoin(shown.places, ",")},
                       {"window", WindowWord(shown.asked)},
                       {"unit", UnitWord(shown.asked)}});
}

std::string PermanentWords(const Shown& shown) {
  return AddressWords({{"version", absl::StrCat(shown.response.version())},
                       {"period", shown.response.period()},
                       {"round", shown.response.round_id()},
                       {"breakdown", shown.breakdown},
                       {"geography", shown.geography == kParticipantsCode ? "" : shown.geography},
                       {"window", WindowWord(shown.asked)},
                       {"unit", UnitWord(shown.asked)}});
}

// What each edition of the round said of the place, and why there is a later one.
Json EditionsOf(const Shown& shown, const std::string& metric) {
  Json editions = Json::array();
  if (shown.response.editions_size() < 2) return editions;
  for (const v1::Edition& edition : shown.response.editions()) {
    const std::string reasons = contract::ReasonsText(edition);
    editions.push_back(
        {{"number", edition.number()},
         {"when", DayText(edition.published_unix_s())},
         {"why", reasons.empty() ? "first publication" : reasons},
         {"is_this", edition.round_id() == shown.response.round_id()},
         {"href", absl::StrCat("/metrics/", metric,
                               AddressWords({{"period", shown.response.period()},
                                             {"round", edition.round_id()},
                                             {"breakdown", shown.breakdown},
                                             {"geography",
                                              shown.geography == kParticipantsCode ? "" : shown.geography},
                                             {"window", WindowWord(shown.asked)},
                                             {"unit", UnitWord(shown.asked)}}))}});
  }
  return editions;
}

// This edition's figures of the place beside those of the one before it (of the first: after it); false where
// there is none that has them.
absl::StatusOr<Json> ComparisonOf(const PageParts& parts, const Asked& asked, const Shown& shown,
                                  const v1::Metric* metric) {
  const auto& editions = shown.response.editions();
  const auto here = std::find_if(editions.begin(), editions.end(), [&](const v1::Edition& edition) {
    return edition.round_id() == shown.response.round_id();
  });
  std::vector<v1::Figure> ours;
  for (const v1::Figure& figure : shown.figures) {
    if (figure.geography_code() == shown.geography) ours.push_back(figure);
  }
  if (editions.size() < 2 || here == editions.end() || ours.empty()) return Json(false);
  const bool is_first = here == editions.begin();
  const v1::Edition& other = is_first ? editions[1] : *std::prev(here);
  v1::QueryRequest query = shown.asked;
  query.set_round_id(other.round_id());
  query.set_version(shown.response.version());
  query.set_period(shown.response.period());
  query.set_breakdown(shown.breakdown);
  query.add_geographies(shown.geography);
  const absl::StatusOr<v1::QueryResponse> answer = parts.query.Answer(query, asked.caller.scope);
  if (absl::IsNotFound(answer.status()) || absl::IsInvalidArgument(answer.status())) return Json(false);
  RETURN_IF_ERROR(answer.status());
  const std::vector<v1::Figure> theirs(answer->figures().begin(), answer->figures().end());
  const std::string name_here = absl::StrCat("Edition ", here->number(), ", shown here"),
                    name_other = absl::StrCat("Edition ", other.number());
  return Json{
      {"earlier", is_first ? name_here : name_other},
      {"later", is_first ? name_other : name_here},
      {"later_number", absl::StrCat(is_first ? other.number() : here->number())},
      {"reasons", contract::ReasonsText(is_first ? other : *here)},
      {"edition_rows", is_first ? EditionRows(ours, theirs, metric) : EditionRows(theirs, ours, metric)}};
}

absl::StatusOr<Json> FiguresOf(const PageParts& parts, const Asked& asked, const v1::Metric& metric) {
  ASSIGN_OR_RETURN(const Shown shown, Find(parts, asked));
  ASSIGN_OR_RETURN(const v1::ListPublishedResponse published, parts.query.ListPublished(asked.caller.scope));
  const bool is_current = metric.version() == shown.response.version();
  const std::string files = absl::StrCat("/api/v1/tables/", metric.id()), words = FileWords(shown);
  Json notes = Json::array();
  for (const std::string& note : FigureNotes(shown.figures)) notes.push_back(note);
  const auto& editions = shown.response.editions();
  ASSIGN_OR_RETURN(Json comparison, ComparisonOf(parts, asked, shown, is_current ? &metric : nullptr));
  const std::string edition = contract::EditionText(editions, shown.response.round_id());
  return Json{
      {"place", PlaceNameIn(shown.figures, shown.geography)},
      {"shown_period", shown.response.period()},
      {"by", shown.breakdown.empty() ? "" : LabelOf(shown.breakdown)},
      {"shown_version", shown.response.version()},
      {"is_other_version", !is_current},
      {"round", shown.response.round_id()},
      {"published_on", DayText(shown.response.published_unix_s())},
      {"edition", edition},
      {"has_editions", editions.size() > 1},
      {"editions", EditionsOf(shown, metric.id())},
      {"comparison", std::move(comparison)},
      {"is_replaced", !editions.empty() && editions.rbegin()->round_id() != shown.response.round_id()},
      {"asks_round", ValueOf(asked.request.query, "round")},
      {"place_options", PlaceOptions(shown.response, parts.library, shown.geography)},
      {"period_options", PeriodsOf(shown, published)},
      {"breakdown_options", BreakdownsOf(shown)},
      {"narrowing", NarrowingOptions(shown.response, shown.asked, true)},
      {"coverage", CoverageWords(shown.response)},
      {"sections", FigureSections(shown.figures, is_current ? &metric : nullptr, shown.geography,
                                  shown.breakdown.empty() ? RowName::kPlace : RowName::kCategory)},
      {"notes", std::move(notes)},
      {"csv", absl::StrCat(files, ".csv", words)},
      {"xlsx", absl::StrCat(files, ".xlsx", words)},
      {"json", absl::StrCat(files, ".json", words)},
      {"permanent", absl::StrCat("/metrics/", metric.id(), PermanentWords(shown))},
      {"file", absl::StrCat("waymark-", metric.id(), "-", shown.response.period())}};
}

}  // namespace

absl::StatusOr<Json> MetricPage(const PageParts& parts, const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(
      asked.request.query, {"geography", "period", "breakdown", "version", "round", "window", "unit"}));
  ASSIGN_OR_RETURN(const v1::Metric* const metric, MetricNamed(parts, asked));
  Json page = {{"template", "national/metric"},
               {"title", metric->title()},
               {"metric", metric->id()},
               {"views", MetricViews(*metric, "", asked.request.query)},
               {"trend", absl::StrCat("/metrics/", metric->id(), "/trend", KeptWords(asked.request.query))},
               {"definition", DefinitionOf(*metric)},
               {"direction", catalogue::DirectionInWords(metric->direction())}};
  absl::StatusOr<Json> figures = FiguresOf(parts, asked, *metric);
  if (absl::IsNotFound(figures.status()) && asked.request.query.empty()) {
    page["figures"] = false;
    page["nothing"] = std::string(figures.status().message());
    return page;
  }
  RETURN_IF_ERROR(figures.status());
  page["figures"] = *std::move(figures);
  return page;
}

}  // namespace waymark::coordinator
