#include "node/pages/journeys_section.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "catalogue/moves.h"
#include "node/pages/context.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

struct Diagram {
  const FigureRow* first = nullptr;
  std::vector<const FigureRow*> moves;
};

// From no help to most, on both sides.
auto PlaceOf(const FigureRow* row) {
  const auto move = catalogue::MoveOf(row->figure.quantity);
  return std::pair(catalogue::StatePlace(move->first), catalogue::StatePlace(move->second));
}

std::vector<Diagram> DiagramsOf(const std::vector<FigureRow>& rows) {
  std::vector<Diagram> diagrams;
  for (const FigureRow& row : rows) {
    if (!row.breakdown.empty() || !catalogue::MoveOf(row.figure.quantity)) continue;
    auto same = std::find_if(diagrams.begin(), diagrams.end(), [&](const Diagram& diagram) {
      return std::tuple(diagram.first->counted, diagram.first->window_days, diagram.first->period) ==
             std::tuple(row.counted, row.window_days, row.period);
    });
    if (same == diagrams.end()) same = diagrams.insert(diagrams.end(), {.first = &row, .moves = {}});
    same->moves.push_back(&row);
  }
  for (Diagram& diagram : diagrams) {
    std::stable_sort(diagram.moves.begin(), diagram.moves.end(),
                     [](const FigureRow* a, const FigureRow* b) { return PlaceOf(a) < PlaceOf(b); });
  }
  return diagrams;
}

Json FlowOf(const FigureRow& row) {
  const auto move = catalogue::MoveOf(row.figure.quantity);
  const bool is_counted = row.figure.numerator.has_value(), is_shown = row.figure.value.has_value();
  return {{"from", catalogue::StateLabel(move->first)},
          {"to", catalogue::StateLabel(move->second)},
          {"is_counted", is_counted},
          {"moves", NumberText(row.figure.numerator, 6)},
          {"numerator", CountText(row.figure.numerator)},
          {"state", is_counted ? "" : FigureText(row)},
          {"is_shown", is_shown},
          {"value", NumberText(row.figure.value, 6)},
          {"value_text", FigureText(row)},
          {"low", NumberText(row.figure.lower, 6)},
          {"interval", SpanText(row.figure.lower, row.figure.upper)}};
}

}  // namespace

Json JourneyDiagrams(const std::vector<FigureRow>& rows) {
  Json diagrams = Json::array();
  for (const Diagram& diagram : DiagramsOf(rows)) {
    const FigureRow& first = *diagram.first;
    Json flows = Json::array();
    double moves = 0;
    for (const FigureRow* row : diagram.moves) {
      flows.push_back(FlowOf(*row));
      moves += row->figure.numerator.value_or(0);
    }
    diagrams.push_back(
        {{"id", absl::StrCat("journeys-", diagrams.size() + 1)},
         {"heading",
          absl::StrCat("Moves of ", contract::NameOf(first.counted),
                       first.window_days > 0 ? absl::StrCat(" within ", first.window_days, " days") : "")},
         {"summary", absl::StrCat(CountText(moves), " moves in ", first.period, ".")},
         {"file", absl::StrCat("metric-", first.metric, "-journeys-", diagrams.size() + 1)},
         {"flow_rows", std::move(flows)}});
  }
  return diagrams;
}

}  // namespace waymark::node
