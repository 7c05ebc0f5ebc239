#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "catalogue/explain.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/compare.h"
#include "coordinator/cli/curve_text.h"
#include "coordinator/cli/figure_output.h"
#include "coordinator/cli/installed_catalogue.h"
#include "coordinator/cli/output.h"
#include "coordinator/cli/selection.h"
#include "coordinator/cli/standardised_text.h"
#include "coordinator/cli/standing_text.h"
#include "coordinator/cli/trend_text.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

// What the text of an answer is, where neither JSON nor CSV is wanted.
std::string TextOf(const FigureSelection& selection, const v1::QueryResponse& response,
                   const v1::Metric* metric) {
  if (selection.curve) return CurveTables(response, metric);
  return (selection.standing ? StandingTables(response, metric) : FigureTables(response, metric)) +
         StandardisedText(response);
}

absl::StatusOr<v1::QueryRequest> RequestOf(const FigureSelection& selection) {
  v1::QueryRequest request;
  request.set_metric(selection.metric);
  request.set_version(selection.version);
  request.set_period(selection.period);
  request.set_breakdown(selection.breakdown);
  for (const std::string& code : selection.geographies) request.add_geographies(code);
  for (const std::string& code : selection.group) request.add_group(code);
  request.set_standing(selection.standing);
  request.set_curve(selection.curve);
  request.set_standardise(selection.standardise);
  if (selection.window_days) request.set_window_days(*selection.window_days);
  ASSIGN_OR_RETURN(const v1::Unit unit, UnitOf(selection));
  request.set_unit(unit);
  return request;
}

void PrintFigures(const QueryOptions& options, const v1::QueryResponse& response, const std::string& text) {
  if (options.json) {
    Print(FigureJson(response));
  } else {
    Print(options.csv ? FigureCsv(response) : text);
  }
}

// Where nothing is published of the council in that period: under another code it may be.
absl::Status WithSuccession(const absl::Status& status, const std::string& council,
                            const contract::Successions& successions) {
  const std::vector<std::string> became = SuccessionsCompared({}, council, successions);
  if (!absl::IsNotFound(status) || became.empty()) return status;
  return absl::NotFoundError(absl::StrCat(status.message(), " (", absl::StrJoin(became, "; "),
                                          "; `waymark trend` goes through both)"));
}

}  // namespace

absl::StatusOr<v1::Unit> UnitOf(const FigureSelection& selection) {
  if (selection.unit.empty()) return v1::UNIT_UNSPECIFIED;
  if (const std::optional<v1::Unit> unit = contract::UnitNamed(selection.unit)) return *unit;
  return absl::InvalidArgumentError(
      absl::StrCat("unit \"", selection.unit, "\" is none of episodes, children, families"));
}

absl::Status MetricsCommand(const QueryOptions& options, const std::vector<std::string>& ids, bool markdown) {
  ASSIGN_OR_RETURN(const catalogue::Library library, LoadLibrary(options.catalogue));
  if (markdown) {
    Print(catalogue::MetricsMarkdown(library));
    return absl::OkStatus();
  }
  if (ids.empty()) {
    Print(options.json ? catalogue::ListJson(library) : catalogue::ListText(library));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::vector<const v1::Metric*> metrics, library.Select(absl::StrJoin(ids, ",")));
  std::vector<std::string> parts;
  for (const v1::Metric* metric : metrics) {
    parts.push_back(options.json ? catalogue::ExplainJson(*metric) : catalogue::ExplainText(*metric));
  }
  if (options.json && parts.size() > 1) {
    Print(absl::StrCat("[\n", absl::StrJoin(parts, ",\n"), "]\n"));
  } else {
    Print(absl::StrJoin(parts, "\n"));
  }
  return absl::OkStatus();
}

absl::Status BenchmarkCommand(const QueryOptions& options, const FigureSelection& selection) {
  ASSIGN_OR_RETURN(v1::QueryRequest request, RequestOf(selection));
  // A curve is a table of its own.
  if (selection.curve && selection.geographies.empty() && selection.group.empty())
    request.add_geographies(std::string(kParticipantsCode));
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  ASSIGN_OR_RETURN(const v1::QueryResponse response, connection->Query(request));
  // Titles are a help; without a catalogue the figures stand alone.
  const absl::StatusOr<catalogue::Library> library = LoadLibrary(options.catalogue);
  const v1::Metric* const metric = library.ok() ? library->Find(selection.metric) : nullptr;
  PrintFigures(options, response, TextOf(selection, response, metric));
  return absl::OkStatus();
}

absl::Status CompareCommand(const QueryOptions& options, const FigureSelection& selection,
                            const std::string& council) {
  ASSIGN_OR_RETURN(v1::QueryRequest request, RequestOf(selection));
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  const std::string code = council.empty() ? connection->council() : council;
  if (code.empty()) {
    return absl::InvalidArgumentError("this identity is no council's; say which council with --council CODE");
  }
  ASSIGN_OR_RETURN(const v1::RosterResponse roster, connection->Roster());
  ASSIGN_OR_RETURN(const contract::Successions successions,
                   contract::SuccessionsFromProto(roster.successions()));
  ComparedPlaces places{.council = code, .region = ""};
  ASSIGN_OR_RETURN(places.region, RegionCompared(roster, successions, code));
  request.set_standing(true);
  request.add_geographies(places.council);
  if (!places.region.empty()) request.add_geographies(places.region);
  request.add_geographies(std::string(kParticipantsCode));
  const absl::StatusOr<v1::QueryResponse> response = connection->Query(request);
  if (!response.ok()) return WithSuccession(response.status(), code, successions);
  const std::vector<std::string> became = SuccessionsCompared(*response, code, successions);
  if (options.json) {
    Print(ComparisonJson(*response, became));
    return absl::OkStatus();
  }
  const absl::StatusOr<catalogue::Library> library = LoadLibrary(options.catalogue);
  const v1::Metric* const metric = library.ok() ? library->Find(selection.metric) : nullptr;
  PrintFigures(options, *response,
               ComparisonText(*response, places, metric, became) + StandardisedText(*response));
  return absl::OkStatus();
}

absl::Status TrendCommand(const QueryOptions& options, const FigureSelection& selection,
                          const std::string& geography) {
  ASSIGN_OR_RETURN(const v1::QueryRequest words, RequestOf(selection));
  v1::TrendRequest request;
  request.set_metric(words.metric());
  request.set_version(words.version());
  request.set_geography(geography);
  if (words.has_window_days()) request.set_window_days(words.window_days());
  request.set_unit(words.unit());
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  ASSIGN_OR_RETURN(const v1::TrendResponse trend, connection->Trend(request));
  if (options.json) {
    Print(TrendJson(trend));
  } else if (options.csv) {
    v1::QueryResponse figures;
    for (const auto& series : trend.series()) figures.mutable_figures()->MergeFrom(series.figures());
    Print(FigureCsv(figures));
  } else {
    const absl::StatusOr<catalogue::Library> library = LoadLibrary(options.catalogue);
    Print(TrendText(trend, library.ok() ? library->Find(selection.metric) : nullptr));
  }
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
