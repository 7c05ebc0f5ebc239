// Moves between states, as a diagram and as a table.
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/benchmark/journeys.h"
#include "coordinator/export/figure_words.h"
#include "coordinator/web/figure_section.h"
#include "coordinator/web/page.h"
#include "coordinator/web/table_request.h"
#include "http/routes.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;
using Diagram = v1::JourneysResponse::Diagram;

std::string LabelIn(const Diagram& diagram, const std::string& id) {
  for (const v1::JourneysResponse::State& state : diagram.states()) {
    if (state.id() == id) return state.label();
  }
  return id;
}

Json SectionOf(const Diagram& diagram, std::size_t number, const std::string& metric) {
  Json rows = Json::array();
  for (const v1::JourneysResponse::Flow& flow : diagram.flows()) {
    const v1::Figure& figure = flow.figure();
    Json row = FigureCells(figure);
    const bool is_counted = row["is_shown"].get<bool>() && figure.has_numerator();
    row["from"] = LabelIn(diagram, flow.from());
    row["to"] = LabelIn(diagram, flow.to());
    row["is_counted"] = is_counted;
    row["moves"] = is_counted ? Json(figure.numerator()).dump() : "";
    rows.push_back(std::move(row));
  }
  std::string heading = absl::StrCat("Moves of ", contract::NameOf(diagram.unit()));
  if (diagram.window_days() > 0) absl::StrAppend(&heading, " within ", diagram.window_days(), " days");
  return {
      {"id", absl::StrCat("section-", number)},
      {"heading", heading},
      {"summary", absl::StrCat(CountText(true, diagram.shown()), " moves have a number",
                               diagram.not_shown() == 0
                                   ? "."
                                   : absl::StrCat("; ", diagram.not_shown(),
                                                  " kinds of move have none, so these are not all moves."))},
      {"file", absl::StrCat("waymark-", metric, "-journeys-", number)},
      {"flow_rows", std::move(rows)}};
}

}  // namespace

absl::StatusOr<Json> JourneysPage(const PageParts& parts, const Asked& asked) {
  RETURN_IF_ERROR(
      http::CheckWords(asked.request.query, {"geography", "period", "version", "round", "window", "unit"}));
  ASSIGN_OR_RETURN(const v1::Metric* const metric, MetricNamed(parts, asked));
  ASSIGN_OR_RETURN(v1::QueryRequest query, QueryRequestOf(metric->id(), asked.request.query));
  query.clear_geographies();
  v1::QueryRequest general = query;
  general.clear_window_days();
  general.clear_unit();
  ASSIGN_OR_RETURN(const v1::QueryResponse newest, parts.query.Answer(general, asked.caller.scope));
  v1::JourneysRequest request;
  request.set_metric(metric->id());
  request.set_version(query.version());
  request.set_period(query.period());
  request.set_round_id(newest.round_id());
  request.set_unit(query.unit());
  request.set_geography(ValueOf(asked.request.query, "geography"));
  ASSIGN_OR_RETURN(const v1::JourneysResponse journeys,
                   JourneysOf(request, asked.caller.scope, parts.library, parts.query));
  std::vector<v1::Figure> figures;
  Json sections = Json::array(), notes = Json::array();
  for (const Diagram& diagram : journeys.diagrams()) {
    if (query.has_window_days() && diagram.window_days() != query.window_days()) continue;
    sections.push_back(SectionOf(diagram, sections.size() + 1, metric->id()));
    for (const v1::JourneysResponse::Flow& flow : diagram.flows()) figures.push_back(flow.figure());
  }
  for (const std::string& note : FigureNotes(figures)) notes.push_back(note);
  const std::string words = AddressWords({{"period", journeys.period()},
                                          {"round", journeys.round_id()},
                                          {"geography", request.geography()},
                                          {"unit", ValueOf(asked.request.query, "unit")}});
  const std::string geography =
      request.geography().empty() ? std::string(kParticipantsCode) : request.geography();
  return Json{{"template", "national/journeys"},
              {"title", absl::StrCat(metric->title(), ": journeys")},
              {"metric", metric->id()},
              {"metric_title", metric->title()},
              {"views", MetricViews(*metric, "journeys", asked.request.query)},
              {"action", absl::StrCat("/metrics/", metric->id(), "/journeys")},
              {"shown_period", journeys.period()},
              {"place", PlaceNameIn(figures, geography)},
              {"place_options", PlaceOptions(newest, parts.library, geography)},
              {"narrowing", NarrowingOptions(newest, query, true)},
              {"csv", absl::StrCat("/api/v1/journeys/", metric->id(), ".csv", words)},
              {"json", absl::StrCat("/api/v1/journeys/", metric->id(), ".json", words)},
              {"diagrams", std::move(sections)},
              {"coverage", CoverageWords(newest)},
              {"notes", std::move(notes)}};
}

}  // namespace waymark::coordinator
