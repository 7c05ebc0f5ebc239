#include "coordinator/cli/scorecard_output.h"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/csv.h"
#include "base/text_table.h"
#include "coordinator/cli/figure_text.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

std::string NumberText(double value, const std::string& unit) {
  const int decimals = unit == "£" ? 0 : 1;
  std::string digits = absl::StrFormat("%.*f", decimals, std::abs(value));
  const bool is_negative = value < 0 && digits.find_first_not_of("0.") != std::string::npos;
  return absl::StrCat(is_negative ? "-" : "", unit == "£" ? "£" : "", digits, unit == "%" ? "%" : "");
}

std::string PlaceText(const v1::PlaceFigure& place, const std::string& unit) {
  if (!place.has_value()) return std::string(contract::ShorthandOf(place.status()));
  return absl::StrCat(NumberText(place.value(), unit), place.authorities() > 0 ? "*" : "");
}

std::string NeighboursText(const v1::PlaceFigure& place, const std::string& unit) {
  if (!place.has_value()) return std::string(contract::ShorthandOf(place.status()));
  return absl::StrCat(NumberText(place.value(), unit),
                      place.authorities() < place.of() ? absl::StrCat(" (", place.authorities(), ")") : "");
}

std::string IntervalText(const v1::PlaceFigure& place, const std::string& unit) {
  if (!place.has_lower() || !place.has_upper()) return "";
  return absl::StrCat(NumberText(place.lower(), unit), " to ", NumberText(place.upper(), unit));
}

std::string StandingText(const v1::ScorecardRow& row) {
  if (!row.has_standing()) return row.direction() == v1::DIRECTION_NEUTRAL ? "not ranked" : "";
  const v1::Standing& standing = row.standing();
  std::string text = absl::StrCat(standing.rank(), " of ", standing.of());
  if (standing.best() > 0) absl::StrAppend(&text, " (", standing.best(), "–", standing.worst(), ")");
  return text;
}

std::string TitleOf(const v1::ScorecardRow& row) {
  return absl::StrCat(row.metric(), " ", row.title(), row.is_partial() ? " (partial)" : "");
}

std::string FiguresTable(const v1::Scorecard& card) {
  std::string rendered;
  for (std::size_t titles = 40; titles >= 12; --titles) {
    TextTable table({"Figure", "Year", ">Own", "95% interval", ">Neighbours",
                     absl::StrCat(">", Shorten(card.region_name(), 10)), ">England", "Rank"});
    for (const v1::ScorecardRow& row : card.rows()) {
      table.AddRow({Shorten(TitleOf(row), titles), row.period(), PlaceText(row.own(), row.unit()),
                    IntervalText(row.own(), row.unit()), NeighboursText(row.neighbours(), row.unit()),
                    PlaceText(row.region(), row.unit()), PlaceText(row.nation(), row.unit()),
                    StandingText(row)});
    }
    rendered = table.Render();
    if (WidthOf(rendered) <= kMostColumns) break;
  }
  return rendered;
}

std::string TrendLine(const v1::ScorecardRow& row) {
  std::vector<std::string> points;
  for (const v1::TrendPoint& point : row.trend()) {
    points.push_back(absl::StrCat(point.period(), " ", PlaceText(point.own(), row.unit()),
                                  point.is_otherwise_made() ? "†" : ""));
  }
  return Wrap(absl::StrCat(row.metric(), ": ", absl::StrJoin(points, ", ")));
}

std::string InputsText(const v1::ScorecardRow& row) {
  std::string text;
  for (const v1::ScorecardInput& input : row.inputs()) {
    absl::StrAppend(
        &text, Wrap(absl::StrCat("- ", input.title(), ", ", input.year(), ": ",
                                 input.has_value() ? absl::StrFormat("%.10g %s", input.value(), input.unit())
                                                   : std::string(contract::ShorthandOf(input.status())),
                                 input.substitute().empty() ? "" : absl::StrCat("; ", input.substitute()),
                                 input.note().empty() ? "" : absl::StrCat("; not believed: ", input.note()),
                                 " (", input.file(), ":", input.line(), ")")));
  }
  for (const std::string& missing : row.missing())
    absl::StrAppend(&text, Wrap(absl::StrCat("- missing: ", missing)));
  if (!row.note().empty()) absl::StrAppend(&text, Wrap(absl::StrCat("- ", row.note())));
  return text;
}

std::string NotesText(const v1::Scorecard& card) {
  std::set<std::string> notes;
  bool joined = false, partial = false, otherwise = false, ranges = false, gap = false;
  for (const v1::ScorecardRow& row : card.rows()) {
    for (const v1::PlaceFigure* place : {&row.region(), &row.nation()}) {
      joined |= place->has_value() && place->authorities() > 0;
      if (place->note().empty()) continue;
      notes.insert(absl::StrCat("Metric ", row.metric(), ", ",
                                place == &row.region() ? card.region_name() : "England",
                                ": the published value is not believed: ", place->note(), "."));
    }
    partial |= row.is_partial();
    ranges |= row.standing().best() > 0;
    gap |= !row.note().empty();
    for (const v1::TrendPoint& point : row.trend()) otherwise |= point.is_otherwise_made();
  }
  std::string text = Wrap(
      "Neighbours: the mean of the statistical neighbours, (n) where only n have a figure. Rank: 1 is best, "
      "among all "
      "authorities with a figure for the same years. [x]: not published. [c]: suppressed by the publisher.");
  if (ranges) {
    absl::StrAppend(&text, Wrap("Rank (a–b): where chance leaves it with 95%, for all authorities at once."));
  }
  if (gap) absl::StrAppend(&text, Wrap("A gap is actual less expected: below zero, fewer than expected."));
  if (joined) {
    absl::StrAppend(&text, Wrap("*: not as published for the place, but made of its authorities' figures."));
  }
  if (partial) {
    absl::StrAppend(&text, Wrap("(partial): some part is in no file that was read; everybody's lacks it."));
  }
  if (otherwise) absl::StrAppend(&text, Wrap("†: made of other parts than the latest; do not compare."));
  for (const std::string& note : notes) absl::StrAppend(&text, Wrap(note));
  return text;
}

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

std::string ScorecardText(const v1::Scorecard& card) {
  std::string text = Wrap(absl::StrCat(card.name(), " (", card.code(), "), ", card.region_name()));
  std::vector<std::string> neighbours;
  for (const v1::ScorecardNeighbour& neighbour : card.neighbours()) neighbours.push_back(neighbour.name());
  if (!neighbours.empty())
    absl::StrAppend(&text, Wrap(absl::StrCat("Statistical neighbours: ", absl::StrJoin(neighbours, ", "))));
  absl::StrAppend(&text, "\n", FiguresTable(card), "\nYears before\n");
  for (const v1::ScorecardRow& row : card.rows()) {
    if (row.trend_size() > 1) absl::StrAppend(&text, TrendLine(row));
  }
  absl::StrAppend(&text, "\nMade of\n");
  for (const v1::ScorecardRow& row : card.rows())
    absl::StrAppend(
        &text, Wrap(absl::StrCat(TitleOf(row), ", ", row.unit(), ", definition version ", row.version())),
        InputsText(row));
  return absl::StrCat(text, "\n", NotesText(card));
}

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
    for (const v1::TrendPoint& point : row.trend())
      add(row, "own before", point.period(), point.own(), false, point.is_otherwise_made());
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
