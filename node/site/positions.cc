#include "node/site/positions.h"

#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

// A figure's place in a benchmark: what must be the same for two figures to compare.
using Place =
    std::tuple<std::uint32_t, v1::Unit, std::string, std::string>;  // window, unit, category, quantity

Json LimitsJson(const statistics::Interval& limits) {
  return {{"lower", limits.lower}, {"upper", limits.upper}};
}

Json BenchmarkJson(const std::optional<v1::Figure>& figure, const Standing& standing) {
  if (!figure) return nullptr;
  Json object = {{"geography", figure->geography_name()},
                 {"status", std::string(contract::NameOf(figure->status()))},
                 {"contributors", figure->contributors()}};
  if (figure->has_value()) object["value"] = figure->value();
  if (figure->has_lower()) object["lower"] = figure->lower();
  if (figure->has_upper()) object["upper"] = figure->upper();
  if (standing.gap) object["gap"] = *standing.gap;
  if (!standing.quarter.empty()) object["quarter"] = standing.quarter;
  if (standing.expected) {
    object["expected"] = *standing.expected;
    object["gap_to_expected"] = *standing.gap_to_expected;
  }
  if (standing.funnel) {
    object["funnel"] = {{"limits_95", LimitsJson(standing.funnel->warning)},
                        {"limits_99_8", LimitsJson(standing.funnel->alarm)},
                        {"verdict", standing.verdict}};
  }
  return object;
}

}  // namespace

std::string CategoryOf(const FigureRow& row) {
  std::string category;
  for (const auto& [dimension, value] : row.breakdown)
    absl::StrAppend(&category, category.empty() ? "" : "|", value);
  return category;
}

std::string BenchmarkText(const std::optional<v1::Figure>& figure) {
  if (!figure) return "";
  if (figure->status() != v1::FIGURE_STATUS_SHOWN)
    return std::string(contract::ShorthandOf(figure->status()));
  std::string text = NumberText(figure->value(), 2);
  if (figure->has_lower() && figure->has_upper()) {
    absl::StrAppend(&text, " (", NumberText(figure->lower(), 1), " to ", NumberText(figure->upper(), 1), ")");
  }
  return text;
}

std::vector<Position> PositionsOf(const v1::QueryResponse& benchmark, const v1::Metric& metric,
                                  const Whereabouts& here, const std::vector<Measured>& tables) {
  std::map<Place, v1::Figure> region, everyone;
  for (const v1::Figure& figure : benchmark.figures()) {
    const Place place{figure.window_days(), figure.unit(), figure.category(), figure.quantity()};
    if (figure.level() == v1::GEOGRAPHY_LEVEL_ALL) everyone[place] = figure;
    if (figure.level() == v1::GEOGRAPHY_LEVEL_REGION && figure.geography_code() == here.region_code)
      region[place] = figure;
  }
  std::vector<FigureRow> rows;
  for (const Measured& measured : tables) AppendRows(metric, measured, rows);
  std::vector<Position> positions;
  for (FigureRow& row : rows) {
    const Place place{row.window_days, row.counted, CategoryOf(row), row.figure.quantity};
    const auto found = [&](const std::map<Place, v1::Figure>& figures) -> std::optional<v1::Figure> {
      const auto at = figures.find(place);
      if (at == figures.end()) return std::nullopt;
      return at->second;
    };
    Position position{.own = std::move(row),
                      .region = found(region),
                      .everyone = found(everyone),
                      .in_region = {},
                      .among_all = {}};
    const catalogue::RowFigure& own = position.own.figure;
    if (position.region) position.in_region = StandingOf(own, *position.region, here.deprivation);
    if (position.everyone) position.among_all = StandingOf(own, *position.everyone, here.deprivation);
    if (position.region || position.everyone) positions.push_back(std::move(position));
  }
  return positions;
}

nlohmann::ordered_json PositionJson(const Position& position) {
  const FigureRow& row = position.own;
  return {{"metric", row.metric},
          {"version", row.version},
          {"period", row.period},
          {"window_days", row.window_days},
          {"counted", std::string(contract::NameOf(row.counted))},
          {"category", CategoryOf(row)},
          {"quantity", row.figure.quantity},
          {"ours", row.figure.value ? Json(*row.figure.value) : Json(nullptr)},
          {"completeness", std::string(NameOf(row.completeness))},
          {"unit", row.unit},
          {"region", BenchmarkJson(position.region, position.in_region)},
          {"participants", BenchmarkJson(position.everyone, position.among_all)}};
}

}  // namespace waymark::node
