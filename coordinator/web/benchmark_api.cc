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
#include "coordinator/benchmark/journeys.h"
#include "coordinator/export/figure_table.h"
#include "coordinator/export/journey_table.h"
#include "coordinator/export/scorecard_table.h"
#include "coordinator/export/workbook.h"
#include "coordinator/web/http_problem.h"
#include "crypto/hash.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kCsv[] = "text/csv; charset=utf-8";
constexpr char kJson[] = "application/json";
constexpr char kWorkbook[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
constexpr char kMetadata[] = "application/csvm+json";
constexpr char kQuery[] = "/waymark.v1.Benchmarks/Query";
constexpr char kJourneys[] = "/waymark.v1.Benchmarks/Journeys";
constexpr char kScorecard[] = "/waymark.v1.PublishedStatistics/Scorecard";

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

int HttpStatusOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kFailedPrecondition:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kUnavailable:
      return 503;
    default:
      return 500;
  }
}

HttpResponse ProblemOf(const absl::Status& status) {
  const int code = HttpStatusOf(status.code());
  // What broke inside is for the log, not for the caller.
  if (code == 500)
    Log(LogLevel::kError, "an HTTP request failed", {{"error", std::string(status.message())}});
  HttpResponse response = HttpProblem(
      code, absl::StatusCodeToString(status.code()),
      code == 500 ? "it failed here; the coordinator's log says why" : std::string(status.message()));
  if (code == 401) response.headers["WWW-Authenticate"] = "Bearer";
  if (code == 429) response.headers["Retry-After"] = "60";
  return response;
}

// The variable of "…/{metric}.csv" in the path; nothing where the path is another.
std::optional<std::string> VariableIn(absl::string_view path, absl::string_view pattern) {
  const std::size_t open = pattern.find('{');
  if (open == absl::string_view::npos) return path == pattern ? std::optional<std::string>("") : std::nullopt;
  const absl::string_view after = pattern.substr(pattern.find('}') + 1);
  if (!absl::ConsumePrefix(&path, pattern.substr(0, open)) || !absl::ConsumeSuffix(&path, after))
    return std::nullopt;
  if (path.empty() || absl::StrContains(path, "/")) return std::nullopt;
  return std::string(path);
}

absl::Status CheckParameters(const HttpRequest& request, const BenchmarkApi::Route& route) {
  std::vector<std::string> known;
  for (const BenchmarkApi::Parameter& parameter : route.query) known.emplace_back(parameter.name);
  for (const auto& [name, value] : request.query) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", name, "\" is no parameter here; ",
          known.empty() ? "there are none" : absl::StrCat("there are ", absl::StrJoin(known, ", "))));
    }
    if (request.query.count(name) > 1) return absl::InvalidArgumentError(absl::StrCat(name, ": given twice"));
  }
  return absl::OkStatus();
}

std::string ValueOf(const HttpRequest& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? "" : found->second;
}

absl::StatusOr<v1::QueryRequest> QueryOf(const BenchmarkApi::Asked& asked) {
  v1::QueryRequest query;
  query.set_metric(asked.variable);
  query.set_period(ValueOf(asked.request, "period"));
  query.set_round_id(ValueOf(asked.request, "round"));
  if (const std::string version = ValueOf(asked.request, "version"); !version.empty()) {
    std::uint32_t number = 0;
    if (!absl::SimpleAtoi(version, &number) || number == 0)
      return absl::InvalidArgumentError("version: expected a number from 1");
    query.set_version(number);
  }
  if (const std::string window = ValueOf(asked.request, "window"); !window.empty()) {
    std::uint32_t days = 0;
    if (!absl::SimpleAtoi(window, &days))
      return absl::InvalidArgumentError("window: expected a number of days");
    query.set_window_days(days);
  }
  if (const std::string unit = ValueOf(asked.request, "unit"); !unit.empty()) {
    const std::optional<v1::Unit> named = contract::UnitNamed(unit);
    if (!named) return absl::InvalidArgumentError("unit: expected episodes, children or families");
    query.set_unit(*named);
  }
  if (const std::string curve = ValueOf(asked.request, "curve"); !curve.empty()) {
    if (curve != "yes") return absl::InvalidArgumentError("curve: expected yes");
    query.set_curve(true);
  }
  query.set_standardise(ValueOf(asked.request, "standardise"));
  for (const absl::string_view code :
       absl::StrSplit(ValueOf(asked.request, "geography"), ',', absl::SkipEmpty()))
    query.add_geographies(std::string(code));
  return query;
}

// All figures that the request is about: each breakdown, and every place that the caller sees.
absl::StatusOr<PublishedTable> TableOf(BenchmarkQuery& benchmarks, const BenchmarkApi::Asked& asked) {
  ASSIGN_OR_RETURN(v1::QueryRequest query, QueryOf(asked));
  const std::string breakdown = ValueOf(asked.request, "breakdown");
  if (!breakdown.empty() && breakdown != "none") query.set_breakdown(breakdown);
  // Both are of all members, unless a breakdown is named.
  const bool by_itself = query.curve() || !query.standardise().empty();
  if (query.curve() && query.geographies().empty()) query.add_geographies(std::string(kParticipantsCode));
  ASSIGN_OR_RETURN(const v1::QueryResponse first, benchmarks.Answer(query, asked.caller.scope));
  PublishedTable table{.figures = {},
                       .round_id = first.round_id(),
                       .published_unix_s = first.published_unix_s(),
                       .editions = first.editions()};
  // What one round published stays as it is for ever.
  if (query.round_id().empty()) {
    ASSIGN_OR_RETURN(table.successions, benchmarks.Successions());
  }
  // The rest of what this very round published, whatever is published meanwhile.
  query.set_round_id(first.round_id());
  query.set_version(first.version());
  query.set_period(first.period());
  std::vector<std::string> breakdowns = {query.breakdown()};
  if (breakdown.empty() && !by_itself)
    breakdowns.insert(breakdowns.end(), first.breakdowns().begin(), first.breakdowns().end());
  std::vector<v1::QueryRequest> places = {query};
  if (query.geographies().empty() && !first.coverage().empty()) {
    places.push_back(query);
    for (const auto& council : first.coverage()) places.back().add_geographies(council.council());
  }
  for (const std::string& by : breakdowns) {
    for (v1::QueryRequest& each : places) {
      each.set_breakdown(by);
      ASSIGN_OR_RETURN(const v1::QueryResponse response, benchmarks.Answer(each, asked.caller.scope));
      table.figures.insert(table.figures.end(), response.figures().begin(), response.figures().end());
    }
  }
  return table;
}

absl::StatusOr<v1::JourneysRequest> JourneysRequestOf(const BenchmarkApi::Asked& asked) {
  ASSIGN_OR_RETURN(const v1::QueryRequest query, QueryOf(asked));
  v1::JourneysRequest request;
  request.set_metric(query.metric());
  request.set_version(query.version());
  request.set_period(query.period());
  request.set_round_id(query.round_id());
  request.set_unit(query.unit());
  request.set_breakdown(ValueOf(asked.request, "breakdown"));
  if (query.geographies_size() > 1) return absl::InvalidArgumentError("geography: expected one code");
  if (query.geographies_size() == 1) request.set_geography(query.geographies(0));
  return request;
}

v1::ScorecardRequest ScorecardRequestOf(const BenchmarkApi::Asked& asked) {
  v1::ScorecardRequest request;
  request.set_authority(asked.variable);
  request.set_until(ValueOf(asked.request, "until"));
  return request;
}

bool NamesTag(absl::string_view header, absl::string_view tag) {
  for (absl::string_view each : absl::StrSplit(header, ',')) {
    each = absl::StripAsciiWhitespace(each);
    absl::ConsumePrefix(&each, "W/");
    if (each == tag || each == "*") return true;
  }
  return false;
}

BenchmarkApi::Tagged TaggedOf(std::string body) {
  std::string tag = absl::StrCat("\"", absl::BytesToHexString(crypto::Sha256(body).substr(0, 16)), "\"");
  return {.body = HttpBody(std::move(body)), .tag = std::move(tag)};
}

HttpResponse ResponseOf(const HttpRequest& request, const char* content_type,
                        const BenchmarkApi::Tagged& answer) {
  HttpResponse response;
  response.headers["ETag"] = answer.tag;
  // What a token sees is for its holder's own cache, and to be asked about each time.
  response.headers["Cache-Control"] = "private, no-cache";
  response.headers["Vary"] = "Authorization";
  if (NamesTag(request.if_none_match, answer.tag)) {
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
       "/waymark.v1.Benchmarks/ListPublished",
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
      {"/api/v1/scorecards/{authority}.csv", "an authority's scorecard of published statistics", kCsv,
       kScorecard, kAuthority, kUntil, &BenchmarkApi::ScorecardCsvOf},
      {"/api/v1/scorecards/{authority}.json", "the same as JSON", kJson, kScorecard, kAuthority, kUntil,
       &BenchmarkApi::ScorecardJsonOf}};
  return *kRoutes;
}

HttpResponse BenchmarkApi::Respond(const HttpRequest& request) {
  absl::StatusOr<HttpResponse> response = Find(request);
  return response.ok() ? *std::move(response) : ProblemOf(response.status());
}

absl::StatusOr<HttpResponse> BenchmarkApi::Find(const HttpRequest& request) {
  if (request.path == kOpenApiPath) {
    static const auto* const kDocument = new Tagged(TaggedOf(OpenApiDocument(Routes())));
    return ResponseOf(request, kJson, *kDocument);
  }
  // Who nobody knows is told nothing, not even which addresses there are.
  ASSIGN_OR_RETURN(const Caller caller, CallerOfToken(parts_.access, request.authorization, request.peer));
  RETURN_IF_ERROR(CountRequest(caller.name));
  for (const Route& route : Routes()) {
    const std::optional<std::string> variable = VariableIn(request.path, route.path);
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

absl::Status BenchmarkApi::CountRequest(const std::string& name) {
  const std::int64_t minute = absl::ToUnixSeconds(parts_.clock.Now()) / 60;
  const absl::MutexLock lock(&mutex_);
  if (minute != minute_) requests_.clear();
  minute_ = minute;
  if (++requests_[name] <= kMostRequestsAMinute) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("more than ", kMostRequestsAMinute, " requests in this minute; wait for the next"));
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

absl::StatusOr<BenchmarkApi::Tagged> BenchmarkApi::Table(
    const Asked& asked,
    absl::StatusOr<std::string> (*write)(const PublishedTable&, const catalogue::Library&)) {
  ASSIGN_OR_RETURN(const std::string mark, parts_.query.Mark());
  std::string key = absl::StrCat(asked.caller.scope.Key(), asked.request.path);
  for (const auto& [name, value] : asked.request.query)
    absl::StrAppend(&key, "&", name.size(), ":", name, value.size(), ":", value);
  ASSIGN_OR_RETURN(const std::shared_ptr<const Tagged> table,
                   tables_.Get(
                       mark, key,
                       [&]() -> absl::StatusOr<Tagged> {
                         ASSIGN_OR_RETURN(const PublishedTable made, TableOf(parts_.query, asked));
                         ASSIGN_OR_RETURN(std::string written, write(made, parts_.library));
                         return TaggedOf(std::move(written));
                       },
                       [](const Tagged& text) { return text.body->size(); }));
  return *table;
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
