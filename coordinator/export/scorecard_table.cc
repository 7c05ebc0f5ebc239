#include "coordinator/export/scorecard_table.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/csv.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

Json Optional(bool present, double number) {
  return present ? Json(number) : Json(nullptr);
}

Json ToJson(const v1::PlaceFigure& place) {
  return {{"status", std::string(contract::NameOf(place.status()))},
          {"shorthand", std::string(contract::ShorthandOf(place.status()))},
          {"value", Optional(place.has_value(), place.value())},
          {"lower", Optional(place.has_lower(), place.lower())},
          {"upper", Optional(place.has_upper(), place.upper())},
          {"made_of_authorities", place.authorities()},
          {"of", place.of()},
          {"note", place.note()}};
}

Json ToJson(const v1::ScorecardInput& input) {
  return {{"term", input.term()},
          {"title", input.title()},
          {"unit", input.unit()},
          {"year", input.year()},
          {"status", std::string(contract::NameOf(input.status()))},
          {"value", Optional(input.has_value(), input.value())},
          {"note", input.note()},
          {"substitute", input.substitute()},
          {"file", input.file()},
          {"line", input.line()}};
}

Json ToJson(const v1::ScorecardRow& row) {
  Json json = {{"heading", row.heading()},
               {"metric", row.metric()},
               {"version", row.version()},
               {"title", row.title()},
               {"unit", row.unit()},
               {"direction", std::string(contract::NameOf(row.direction()))},
               {"period", row.period()},
               {"is_partial", row.is_partial()},
               {"own", ToJson(row.own())},
               {"neighbours", ToJson(row.neighbours())},
               {"neighbours_least", Optional(row.has_neighbours_least(), row.neighbours_least())},
               {"neighbours_greatest", Optional(row.has_neighbours_greatest(), row.neighbours_greatest())},
               {"region", ToJson(row.region())},
               {"england", ToJson(row.nation())},
               {"standing", nullptr},
               {"trend", Json::array()},
               {"inputs", Json::array()},
               {"missing", Json::array()},
               {"note", row.note()}};
  if (row.has_standing()) {
    const v1::Standing& standing = row.standing();
    json["standing"] = {{"rank", standing.rank()},
                        {"of", standing.of()},
                        {"best", standing.best() == 0 ? Json(nullptr) : Json(standing.best())},
                        {"worst", standing.worst() == 0 ? Json(nullptr) : Json(standing.worst())},
                        {"quartile", standing.quartile()}};
  }
  for (const v1::TrendPoint& point : row.trend()) {
    json["trend"].push_back({{"period", point.period()},
                             {"own", ToJson(point.own())},
                             {"is_otherwise_made", point.is_otherwise_made()}});
  }
  for (const v1::ScorecardInput& input : row.inputs()) json["inputs"].push_back(ToJson(input));
  for (const std::string& missing : row.missing()) json["missing"].push_back(missing);
  return json;
}

}  // namespace

std::string ScorecardCsv(const v1::Scorecard& card) {
  std::string text =
      "area_code,area_name,metric,version,title,unit,direction,is_partial,place,time_period,status,shorthand,"
      "value,"
      "lower,upper,made_of_authorities,of,rank,rank_of,rank_best,rank_worst,quartile,is_otherwise_made,"
      "note\n";
  const auto add = [&](const v1::ScorecardRow& row, absl::string_view place, absl::string_view period,
                       const v1::PlaceFigure& figure, bool is_ranked, bool is_otherwise_made) {
    const Json cells = ToJson(figure);
    const auto number = [&cells](const char* name) {
      return cells[name].is_null() ? std::string() : cells[name].dump();
    };
    std::vector<std::string> line = {card.code(),
                                     CsvField(card.name()),
                                     row.metric(),
                                     absl::StrCat(row.version()),
                                     CsvField(row.title()),
                                     CsvField(row.unit()),
                                     std::string(contract::NameOf(row.direction())),
                                     row.is_partial() ? "true" : "false",
                                     std::string(place),
                                     CsvField(period),
                                     std::string(contract::NameOf(figure.status())),
                                     std::string(contract::ShorthandOf(figure.status())),
                                     number("value"),
                                     number("lower"),
                                     number("upper"),
                                     number("made_of_authorities"),
                                     number("of")};
    const v1::Standing& standing = row.standing();
    for (const std::uint32_t rank :
         {standing.rank(), standing.of(), standing.best(), standing.worst(), standing.quartile()})
      line.push_back(is_ranked && rank > 0 ? absl::StrCat(rank) : "");
    line.emplace_back(is_otherwise_made ? "true" : "false");
    line.push_back(CsvField(figure.note()));
    absl::StrAppend(&text, absl::StrJoin(line, ","), "\n");
  };
  for (const v1::ScorecardRow& row : card.rows()) {
    add(row, "own", row.period(), row.own(), row.has_standing(), false);
    add(row, "neighbours", row.period(), row.neighbours(), false, false);
    add(row, "region", row.period(), row.region(), false, false);
    add(row, "england", row.period(), row.nation(), false, false);
    for (const v1::TrendPoint& point : row.trend()) {
      if (point.period() == row.period()) continue;  // it is its own
      add(row, "own before", point.period(), point.own(), false, point.is_otherwise_made());
    }
  }
  return text;
}

std::string ScorecardJson(const v1::Scorecard& card) {
  Json json = {{"code", card.code()},
               {"name", card.name()},
               {"region_code", card.region_code()},
               {"region_name", card.region_name()},
               {"neighbours", Json::array()},
               {"rows", Json::array()}};
  for (const v1::ScorecardNeighbour& neighbour : card.neighbours()) {
    json["neighbours"].push_back(
        {{"code", neighbour.code()}, {"name", neighbour.name()}, {"closeness", neighbour.closeness()}});
  }
  for (const v1::ScorecardRow& row : card.rows()) json["rows"].push_back(ToJson(row));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace waymark::coordinator
