#include "coordinator/export/journey_table.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/export/cells.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

Json NumberJson(bool present, double number) {
  const ExportCell cell = NumberCell(present, number);
  if (const auto* const whole = std::get_if<std::int64_t>(&cell)) return *whole;
  return present ? Json(number) : Json(nullptr);
}

bool IsNumber(const v1::Figure& figure) {
  return figure.status() == v1::FIGURE_STATUS_SHOWN && figure.has_numerator();
}

const v1::JourneysResponse::State* FindState(const v1::JourneysResponse::Diagram& diagram,
                                             const std::string& id) {
  for (const v1::JourneysResponse::State& state : diagram.states()) {
    if (state.id() == id) return &state;
  }
  return nullptr;
}

std::string LabelOf(const v1::JourneysResponse::Diagram& diagram, const std::string& id) {
  const v1::JourneysResponse::State* const state = FindState(diagram, id);
  return state == nullptr ? id : state->label();
}

// One flow's own facts, in the order of the CSV's columns.
Json FactsOf(const v1::Figure& figure) {
  return {{"rate", NumberJson(figure.has_value(), figure.value())},
          {"rate_unit", figure.display_unit()},
          {"lower", NumberJson(figure.has_lower(), figure.lower())},
          {"upper", NumberJson(figure.has_upper(), figure.upper())},
          {"status", std::string(contract::NameOf(figure.status()))},
          {"shorthand", std::string(contract::ShorthandOf(figure.status()))},
          {"protection", std::string(contract::NameOf(figure.mode()))},
          {"contributors", figure.contributors()},
          {"suppressed_parts", figure.suppressed_parts()}};
}

std::string CsvText(const Json& value) {
  return value.is_string() ? CsvCellOf(value.get<std::string>()) : value.is_null() ? "" : value.dump();
}

// Places in `nodes`, states before first.
Json NodesOf(const v1::JourneysResponse::Diagram& diagram) {
  Json nodes = Json::array();
  for (const char* side : {"before", "after"}) {
    for (const v1::JourneysResponse::State& state : diagram.states()) {
      nodes.push_back({{"id", absl::StrCat(state.id(), "_", side)},
                       {"state", state.id()},
                       {"label", state.label()},
                       {"side", side},
                       {"average_people", NumberJson(state.has_average_people(), state.average_people())}});
    }
  }
  return nodes;
}

int PlaceOf(const v1::JourneysResponse::Diagram& diagram, const std::string& state) {
  for (int i = 0; i < diagram.states_size(); ++i) {
    if (diagram.states(i).id() == state) return i;
  }
  return -1;
}

Json DiagramJson(const v1::JourneysResponse::Diagram& diagram) {
  Json links = Json::array();
  for (const v1::JourneysResponse::Flow& flow : diagram.flows()) {
    Json link = {{"source", PlaceOf(diagram, flow.from())},
                 {"target", diagram.states_size() + PlaceOf(diagram, flow.to())},
                 {"value", NumberJson(IsNumber(flow.figure()), flow.figure().numerator())}};
    link.update(FactsOf(flow.figure()));
    links.push_back(std::move(link));
  }
  return {{"category", diagram.category()},
          {"counted", std::string(contract::NameOf(diagram.unit()))},
          {"window_days", diagram.window_days() == 0 ? Json(nullptr) : Json(diagram.window_days())},
          {"moves_shown", NumberJson(true, diagram.shown())},
          {"flows_not_shown", diagram.not_shown()},
          {"nodes", NodesOf(diagram)},
          {"links", links}};
}

}  // namespace

std::string JourneysCsv(const v1::JourneysResponse& journeys) {
  std::string csv =
      "metric,definition_version,period,round_id,geography_code,geography_name,breakdown,category,counted,"
      "window_days,from,from_label,to,to_label,moves,average_people_in_from";
  const Json facts = FactsOf(v1::Figure());
  for (const auto& [name, value] : facts.items()) absl::StrAppend(&csv, ",", name);
  csv += "\n";
  for (const v1::JourneysResponse::Diagram& diagram : journeys.diagrams()) {
    for (const v1::JourneysResponse::Flow& flow : diagram.flows()) {
      const v1::Figure& figure = flow.figure();
      const v1::JourneysResponse::State* const from = FindState(diagram, flow.from());
      const bool has_people = from != nullptr && from->has_average_people();
      const std::vector<Json> cells = {
          journeys.metric(),
          journeys.version(),
          journeys.period(),
          journeys.round_id(),
          figure.geography_code(),
          figure.geography_name(),
          absl::StrJoin(journeys.dimensions(), "|"),
          journeys.dimensions().empty() ? "Total" : diagram.category(),
          std::string(contract::NameOf(diagram.unit())),
          diagram.window_days() == 0 ? Json(nullptr) : Json(diagram.window_days()),
          flow.from(),
          LabelOf(diagram, flow.from()),
          flow.to(),
          LabelOf(diagram, flow.to()),
          IsNumber(figure) ? NumberJson(true, figure.numerator())
                           : Json(std::string(contract::ShorthandOf(figure.status()))),
          NumberJson(has_people, has_people ? from->average_people() : 0)};
      csv +=
          absl::StrJoin(cells, ",", [](std::string* out, const Json& cell) { out->append(CsvText(cell)); });
      const Json more = FactsOf(figure);
      for (const auto& [name, value] : more.items()) absl::StrAppend(&csv, ",", CsvText(value));
      csv += "\n";
    }
  }
  return csv;
}

std::string JourneysJson(const v1::JourneysResponse& journeys) {
  Json diagrams = Json::array();
  for (const v1::JourneysResponse::Diagram& diagram : journeys.diagrams())
    diagrams.push_back(DiagramJson(diagram));
  Json coverage = Json::array();
  for (const auto& council : journeys.coverage()) {
    coverage.push_back({{"council", council.council()},
                        {"name", council.name()},
                        {"absence", std::string(contract::NameOf(council.absence()))}});
  }
  const Json json = {
      {"metric", journeys.metric()},
      {"definition_version", journeys.version()},
      {"period", journeys.period()},
      {"round_id", journeys.round_id()},
      {"published", UtcText(journeys.published_unix_s())},
      {"geography", journeys.geography()},
      {"breakdown", std::vector<std::string>(journeys.dimensions().begin(), journeys.dimensions().end())},
      {"diagrams", diagrams},
      {"coverage", coverage}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace waymark::coordinator
