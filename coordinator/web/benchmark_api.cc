#include "coordinator/web/benchmark_api.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "base/log.h"
#include "base/nearest.h"
#include "base/status.h"
#include "catalogue/explain.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/benchmark/guide.h"
#include "coordinator/benchmark/journeys.h"
#include "coordinator/export/figure_table.h"
#include "coordinator/export/guide_table.h"
#include "coordinator/export/journey_table.h"
#include "coordinator/export/scorecard_table.h"
#include "coordinator/export/workbook.h"
#include "coordinator/web/calls.h"
#include "coordinator/web/table_request.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "http/problem.h"
#include "http/routes.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kCsv[] = "text/csv; charset=utf-8";
constexpr char kJson[] = "application/json";
constexpr char kWorkbook[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
constexpr char kMetadata[] = "application/csvm+json";

// What a table may be narrowed by.
const std::vector<BenchmarkApi::Parameter>& Narrowing() {
  static const auto* const kNarrowing = new std::vector<BenchmarkApi::Parameter>{
      {"version", "of the definition; the newest published if not given"},
      {"period", "2024-25, 2024-25-Q1, …; the newest published if not given"},
      {"round", "what this round published, for ever the same; the newest if not given"},
      {"breakdown", "sex, age_band, …; \"none\": all together alone; everything if not given"},
      {"geography", "codes joined by commas; every council, region and all participants if not given"},
      {"window", "follow-up in days; all if not given"},
      {"unit", "episodes, children or families; all if not given"},
      {"curve",
       "\"yes\": of a time to an event every day of the curve; all participants if no geography is given"},
      {"standardise", "age_band, …: shares and rates also as if every place had all participants' mix"}};
  return *kNarrowing;
}

// What moves may be narrowed by: one place and one breakdown.
const std::vector<BenchmarkApi::Parameter>& Following() {
  static const auto* const kFollowing = new std::vector<BenchmarkApi::Parameter>{
      {"version", "of the definition; the newest published if not given"},
      {"period", "2024-25, 2024-25-Q1, …; the newest published if not given"},
      {"round", "what this round published, for ever the same; the newest if not given"},
      {"breakdown", "sex, age_band, …; all together if not given"},
      {"geography", "one code; all participants if not given"},
      {"unit", "episodes, children or families; all if not given"}};
  return *kFollowing;
}

// Which year of a questionnaire.
const std::vector<BenchmarkApi::Parameter>& Guiding() {
  static const auto* const kGuiding = new std::vector<BenchmarkApi::Parameter>{
      {"version", "of the definition; the newest published if not given"},
      {"period", "2024-25, …; the newest published if not given"},
      {"round", "what this round published, for ever the same; the newest if not given"},
      {"alike", "\"yes\": themes in which a region's councils answer alike too; as CSV these alone"}};
  return *kGuiding;
}

http::Response ProblemOf(const absl::Status& status) {
  const int code = http::StatusCodeOf(status);
  // What broke inside is for the log, not for the caller.
  if (code == 500)
    Log(LogLevel::kError, "an HTTP request failed", {{"error", std::string(status.message())}});
  http::Response response = http::Problem(
      code, absl::StatusCodeToString(status.code()),
      code == 500 ? "it failed here; the coordinator's log says why" : std::string(status.message()));
  if (code == 401) response.headers["WWW-Authenticate"] = "Bearer";
  if (code == 429) response.headers["Retry-After"] = "60";
  return response;
}

absl::Status CheckParameters(const http::Request& request, const BenchmarkApi::Route& route) {
  std::vector<std::string> known;
  for (const BenchmarkApi::Parameter& parameter : route.query) known.emplace_back(parameter.name);
  return http::CheckWords(request.query, known);
}

absl::StatusOr<v1::JourneysRequest> JourneysRequestOf(const Asked& asked) {
  ASSIGN_OR_RETURN(const v1::QueryRequest query, QueryRequestOf(asked.variable, asked.request.query));
  v1::JourneysRequest request;
  request.set_metric(query.metric());
  request.set_version(query.version());
  request.set_period(query.period());
  request.set_round_id(query.round_id());
  request.set_unit(query.unit());
  request.set_breakdown(ValueOf(asked.request.query, "breakdown"));
  if (query.geographies_size() > 1) return absl::InvalidArgumentError("geography: expected one code");
  if (query.geographies_size() == 1) request.set_geography(query.geographies(0));
  return request;
}

absl::StatusOr<Guide> GuideAsked(const Asked& asked, const catalogue::Library& library,
                                 BenchmarkQuery& benchmarks) {
  ASSIGN_OR_RETURN(const v1::QueryRequest query, QueryRequestOf(asked.variable, asked.request.query));
  const std::string alike = ValueOf(asked.request.query, "alike");
  if (!alike.empty() && alike != "yes") return absl::InvalidArgumentError("alike: expected yes");
  crypto::SystemRandom random;
  return GuideOf(
      {.metric = query.metric(),
       .version = query.version(),
       .period = query.period(),
       .round_id = query.round_id(),
       .alike = !alike.empty()},
      library,
      [&](const v1::QueryRequest& request) { return benchmarks.Answer(request, asked.caller.scope); },
      DrawFrom(random));
}

v1::ScorecardRequest ScorecardRequestOf(const Asked& asked) {
  v1::ScorecardRequest request;
  request.set_authority(asked.variable);
  request.set_until(ValueOf(asked.request.query, "until"));
  return request;
}

BenchmarkApi::Tagged TaggedOf(std::string body) {
  std::string tag = http::TagOf(body);
  return {.body = http::Body(std::move(body)), .tag = std::move(tag)};
}

http::Response ResponseOf(const http::Request& request, const char* content_type,
                          const BenchmarkApi::Tagged& answer) {
  http::Response response;
  response.headers["ETag"] = answer.tag;
  // What a token sees is for its holder's own cache, and to be asked about each time.
  response.headers["Cache-Control"] = "private, no-cache";
  response.headers["Vary"] = "Authorization, Cookie";
  if (http::NamesTag(request.if_none_match, answer.tag)) {
    response.status = 304;
    return response;
  }
  response.content_type = content_type;
  response.body = answer.body;
  return response;
}

}  // namespace

const std::vector<BenchmarkApi::Route>& BenchmarkApi::Routes() {
  static const std::vector<Parameter> kUntil = {
      {"until", "years that ended by this day, as 2025-03-31; the latest if not given"}};
  static constexpr char kMetric[] = "an identifier of the metric library";
  static constexpr char kAuthority[] = "a name, an ONS code, or the Department for Education's number";
  static const auto* const kRoutes = new std::vector<Route>{
      {"/api/v1/metrics", "the metric library", kJson, "", "", {}, &BenchmarkApi::Metrics},
      {"/api/v1/metrics/{metric}",
       "one metric's definition",
       kJson,
       "",
       kMetric,
       {},
       &BenchmarkApi::MetricOf},
      {"/api/v1/published",
       "what is published, and where to read it",
       kJson,
       kListPublished,
       "",
       {},
       &BenchmarkApi::Published},
      {"/api/v1/tables/{metric}.csv", "all figures of a metric as one flat table", kCsv, kQuery, kMetric,
       Narrowing(), &BenchmarkApi::TableCsv},
      // Before the next, whose pattern it fits too.
      {"/api/v1/tables/{metric}.csv-metadata.json",
       "the table's columns, by CSV on the Web",
       kMetadata,
       kQuery,
       kMetric,
       {},
       &BenchmarkApi::TableMetadata},
      {"/api/v1/tables/{metric}.xlsx", "the same as a workbook for people", kWorkbook, kQuery, kMetric,
       Narrowing(), &BenchmarkApi::TableWorkbook},
      {"/api/v1/tables/{metric}.json", "the same as JSON", kJson, kQuery, kMetric, Narrowing(),
       &BenchmarkApi::TableJson},
      {"/api/v1/journeys/{metric}.csv", "moves between states as a flat table", kCsv, kJourneys, kMetric,
       Following(), &BenchmarkApi::JourneysCsvOf},
      {"/api/v1/journeys/{metric}.json", "the same as nodes and links of a Sankey diagram", kJson, kJourneys,
       kMetric, Following(), &BenchmarkApi::JourneysJsonOf},
      {"/api/v1/guide/{metric}.csv", "councils' answers to a questionnaire, combined", kCsv, kQuery, kMetric,
       Guiding(), &BenchmarkApi::GuideCsvOf},
      {"/api/v1/guide/{metric}.json", "the same as JSON", kJson, kQuery, kMetric, Guiding(),
       &BenchmarkApi::GuideJsonOf},
      {"/api/v1/scorecards/{authority}.csv", "an authority's scorecard of published statistics", kCsv,
       kScorecard, kAuthority, kUntil, &BenchmarkApi::ScorecardCsvOf},
      {"/api/v1/scorecards/{authority}.json", "the same as JSON", kJson, kScorecard, kAuthority, kUntil,
       &BenchmarkApi::ScorecardJsonOf}};
  return *kRoutes;
}

http::Response BenchmarkApi::Respond(const http::Request& request) {
  absl::StatusOr<http::Response> response = Find(request);
  return response.ok() ? *std::move(response) : ProblemOf(response.status());
}

absl::StatusOr<http::Response> BenchmarkApi::Find(const http::Request& request) {
  if (request.path == kOpenApiPath) {
    static const auto* const kDocument = new Tagged(TaggedOf(OpenApiDocument(Routes())));
    return ResponseOf(request, kJson, *kDocument);
  }
  // Who nobody knows is told nothing, not even which addresses there are.
  ASSIGN_OR_RETURN(const Caller caller, parts_.callers.Of(request));
  if (request.is_post) return http::OnlyRead();
  for (const Route& route : Routes()) {
    const std::optional<std::string> variable = http::VariableIn(request.path, route.path);
    if (!variable.has_value()) continue;
    if (*route.call != '\0') RETURN_IF_ERROR(CheckAccess(route.call, caller));
    RETURN_IF_ERROR(CheckParameters(request, route));
    ASSIGN_OR_RETURN(const Tagged answer,
                     (this->*route.answer)({.request = request, .caller = caller, .variable = *variable}));
    return ResponseOf(request, route.content_type, answer);
  }
  return absl::NotFoundError(
      absl::StrCat("there is no such address; ", kOpenApiPath, " describes those that are"));
}

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::Metrics(const Asked&) {
  return TaggedOf(catalogue::ListJson(parts_.library));
}

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::MetricOf(const Asked& asked) {
  if (const v1::Metric* metric = parts_.library.Find(asked.variable); metric != nullptr)
    return TaggedOf(catalogue::ExplainJson(*metric));
  std::vector<std::string> known;
  for (const v1::Metric& metric : parts_.library.metrics()) known.push_back(metric.id());
  const std::string nearest = Nearest(asked.variable, known);
  return absl::NotFoundError(
      absl::StrCat("metric: \"", asked.variable, "\" is not in the library",
                   nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?")));
}

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::Published(const Asked& asked) {
  ASSIGN_OR_RETURN(const v1::ListPublishedResponse published, parts_.query.ListPublished(asked.caller.scope));
  Json entries = Json::array();
  for (const auto& entry : published.entries()) {
    const std::string table = absl::StrCat("/api/v1/tables/", entry.metric());
    const std::string narrowed =
        absl::StrCat("?version=", entry.version(), "&period=", entry.period(), "&round=", entry.round_id());
    entries.push_back(
        {{"metric", entry.metric()},
         {"version", entry.version()},
         {"period", entry.period()},
         {"protection", std::string(contract::NameOf(entry.mode()))},
         {"round_id", entry.round_id()},
         {"editions", Json::parse(EditionsJson(entry.editions()))},
         {"breakdowns", std::vector<std::string>(entry.breakdowns().begin(), entry.breakdowns().end())},
         {"csv", absl::StrCat(table, ".csv", narrowed)},
         {"json", absl::StrCat(table, ".json", narrowed)},
         {"metadata", absl::StrCat(table, ".csv-metadata.json")}});
  }
  return TaggedOf(Json({{"published", entries}}).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::Kept(
    const Asked& asked, const std::function<absl::StatusOr<std::string>()>& make) {
  ASSIGN_OR_RETURN(const std::string mark, parts_.query.Mark());
  std::string key = absl::StrCat(asked.caller.scope.Key(), asked.request.path);
  for (const auto& [name, value] : asked.request.query)
    absl::StrAppend(&key, "&", name.size(), ":", name, value.size(), ":", value);
  ASSIGN_OR_RETURN(const std::shared_ptr<const Tagged> table,
                   tables_.Get(
                       mark, key,
                       [&]() -> absl::StatusOr<Tagged> {
                         ASSIGN_OR_RETURN(std::string made, make());
                         return TaggedOf(std::move(made));
                       },
                       [](const Tagged& text) { return text.body->size(); }));
  return *table;
}

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::Table(
    const Asked& asked,
    absl::StatusOr<std::string> (*write)(const PublishedTable&, const catalogue::Library&)) {
  return Kept(asked, [&]() -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const PublishedTable made,
                     PublishedTableOf(parts_.query, asked.variable, asked.request.query, asked.caller.scope));
    return write(made, parts_.library);
  });
}

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::TableCsv(const Asked& asked) {
  return Table(asked, [](const PublishedTable& table, const catalogue::Library& library) {
    return absl::StatusOr<std::string>(FigureTableCsv(table, library));
  });
}

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::TableJson(const Asked& asked) {
  return Table(asked, [](const PublishedTable& table, const catalogue::Library& library) {
    return absl::StatusOr<std::string>(FigureTableJson(table, library));
  });
}

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::TableWorkbook(const Asked& asked) {
  return Table(asked, FigureWorkbookBytes);
}

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::TableMetadata(const Asked& asked) {
  const v1::Metric* metric = parts_.library.Find(asked.variable);
  if (metric == nullptr || !asked.caller.scope.SeesMetric(asked.variable))
    return absl::NotFoundError(
        absl::StrCat("metric: \"", asked.variable, "\" is not one that this token sees"));
  return TaggedOf(FigureTableMetadata(absl::StrCat(asked.variable, ".csv"), metric->title()));
}

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::JourneysCsvOf(const Asked& asked) {
  ASSIGN_OR_RETURN(const v1::JourneysRequest request, JourneysRequestOf(asked));
  ASSIGN_OR_RETURN(const v1::JourneysResponse journeys,
                   JourneysOf(request, asked.caller.scope, parts_.library, parts_.query));
  return TaggedOf(JourneysCsv(journeys));
}

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::JourneysJsonOf(const Asked& asked) {
  ASSIGN_OR_RETURN(const v1::JourneysRequest request, JourneysRequestOf(asked));
  ASSIGN_OR_RETURN(const v1::JourneysResponse journeys,
                   JourneysOf(request, asked.caller.scope, parts_.library, parts_.query));
  return TaggedOf(JourneysJson(journeys));
}

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::GuideCsvOf(const Asked& asked) {
  return Kept(asked, [&]() -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const Guide guide, GuideAsked(asked, parts_.library, parts_.query));
    return ValueOf(asked.request.query, "alike").empty() ? GuideCsv(guide) : GuideAlikeCsv(guide);
  });
}

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::GuideJsonOf(const Asked& asked) {
  return Kept(asked, [&]() -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const Guide guide, GuideAsked(asked, parts_.library, parts_.query));
    return GuideJson(guide);
  });
}

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::ScorecardCsvOf(const Asked& asked) {
  ASSIGN_OR_RETURN(const v1::Scorecard card,
                   parts_.published.Scorecard(ScorecardRequestOf(asked), asked.caller.scope));
  return TaggedOf(ScorecardCsv(card));
}

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::ScorecardJsonOf(const Asked& asked) {
  ASSIGN_OR_RETURN(const v1::Scorecard card,
                   parts_.published.Scorecard(ScorecardRequestOf(asked), asked.caller.scope));
  return TaggedOf(ScorecardJson(card));
}

}  // namespace waymark::coordinator
