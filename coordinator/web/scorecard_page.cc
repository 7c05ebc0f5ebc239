// Published statistics of any authority: its scorecard, and what came against what was expected, of all of
// them.
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "catalogue/wording.h"
#include "coordinator/export/figure_cells.h"
#include "coordinator/export/figure_words.h"
#include "coordinator/web/figure_section.h"
#include "coordinator/web/page.h"
#include "coordinator/web/table_request.h"
#include "http/routes.h"
#include "http/target.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

// As a figure, so that its words are those of every other.
v1::Figure FigureOf(const v1::PlaceFigure& place, const std::string& unit) {
  v1::Figure figure;
  figure.set_status(place.status());
  figure.set_display_unit(unit);
  if (place.has_value()) figure.set_value(place.value());
  if (place.has_lower()) figure.set_lower(place.lower());
  if (place.has_upper()) figure.set_upper(place.upper());
  return figure;
}

Json PlaceCell(const v1::PlaceFigure& place, const std::string& unit, const std::string& of) {
  Json cell = FigureCells(FigureOf(place, unit));
  cell["of"] = of;
  cell["made_of"] = place.authorities() == 0
                        ? ""
                        : absl::StrCat("made of ", place.authorities(), " of ", place.of(), " authorities");
  cell["place_note"] = place.note();
  return cell;
}

std::string StandingOf(const v1::ScorecardRow& row) {
  if (!row.has_standing()) return "";
  const v1::Standing& standing = row.standing();
  std::string text = absl::StrCat(standing.rank(), " of ", standing.of(), ", 1 is best");
  if (standing.best() > 0)
    absl::StrAppend(&text, "; by chance anywhere from ", standing.best(), " to ", standing.worst());
  return text;
}

Json LineOf(const v1::ScorecardRow& row, std::size_t number) {
  Json trend = Json::array(), inputs = Json::array(), missing = Json::array();
  for (const v1::TrendPoint& point : row.trend()) {
    Json cell = FigureCells(FigureOf(point.own(), row.unit()));
    trend.push_back({{"row_label", point.period()},
                     {"row_x", ""},
                     {"row_break", point.is_otherwise_made() ? "made otherwise than the latest" : ""},
                     {"series_cells", Json::array({std::move(cell)})}});
  }
  for (const v1::ScorecardInput& input : row.inputs()) {
    inputs.push_back(
        {{"input", input.title()},
         {"year", input.year()},
         {"input_value", input.has_value() ? absl::StrCat(input.value(), " ", input.unit())
                                           : std::string(contract::NameOf(input.status()))},
         {"substitute", input.substitute()},
         {"input_note", input.note()},
         {"where", input.file().empty() ? "" : absl::StrCat(input.file(), ", line ", input.line())}});
  }
  for (const std::string& each : row.missing()) missing.push_back(each);
  const std::string id = absl::StrCat("section-", number);
  Json series = {{"id", id + "-trend"},
                 {"heading", absl::StrCat(row.title(), " over the years")},
                 {"unit", row.unit()},
                 {"chart", "trend"},
                 {"row_heading", "Year"},
                 {"summary", ""},
                 {"file", absl::StrCat("waymark-", row.metric(), "-years")},
                 {"series_columns", Json::array({{{"series_name", "This authority"}}})},
                 {"series_rows", std::move(trend)}};
  return {
      {"id", id},
      {"group", row.heading()},
      {"heading", row.title()},
      {"unit", row.unit()},
      {"period", row.period()},
      {"partial",
       row.is_partial() ? "Partial: some part is published by no file, and not in the figure." : ""},
      {"direction", catalogue::DirectionInWords(row.direction())},
      {"standing", StandingOf(row)},
      {"figure_rows", Json::array({PlaceCell(row.own(), row.unit(), "This authority"),
                                   PlaceCell(row.neighbours(), row.unit(), "Statistical neighbours (mean)"),
                                   PlaceCell(row.region(), row.unit(), "Region"),
                                   PlaceCell(row.nation(), row.unit(), "England")})},
      {"has_trend", row.trend_size() > 1},
      {"sections", Json::array({std::move(series)})},
      {"inputs", std::move(inputs)},
      {"has_missing", !missing.empty()},
      {"missing", std::move(missing)},
      {"line_note", row.note()}};
}

}  // namespace

absl::StatusOr<Json> ScorecardPage(const PageParts& parts, const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {"until"}));
  v1::ScorecardRequest request;
  request.set_authority(asked.variable);
  request.set_until(ValueOf(asked.request.query, "until"));
  ASSIGN_OR_RETURN(const v1::Scorecard card, parts.published.Scorecard(request, asked.caller.scope));
  Json lines = Json::array(), neighbours = Json::array();
  for (const v1::ScorecardRow& row : card.rows()) lines.push_back(LineOf(row, lines.size() + 1));
  for (const v1::ScorecardNeighbour& neighbour : card.neighbours())
    neighbours.push_back({{"href", absl::StrCat("/scorecards/", neighbour.code())},
                          {"neighbour", neighbour.name()},
                          {"closeness", absl::AsciiStrToLower(neighbour.closeness())}});
  const std::string files = absl::StrCat("/api/v1/scorecards/", card.code());
  const std::string words = AddressWords({{"until", request.until()}});
  return Json{{"template", "national/scorecard"},
              {"title", absl::StrCat("Scorecard: ", card.name())},
              {"authority", card.name()},
              {"region", card.region_name()},
              {"lines", std::move(lines)},
              {"has_neighbours", !neighbours.empty()},
              {"neighbours", std::move(neighbours)},
              {"csv", absl::StrCat(files, ".csv", words)},
              {"json", absl::StrCat(files, ".json", words)}};
}

absl::StatusOr<Json> ScorecardListPage(const PageParts& parts, const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {"authority"}));
  const std::string own = ValueOf(asked.request.query, "authority");
  Json page = {{"template", "national/scorecards"},
               {"title", "Published statistics"},
               {"nothing", ""},
               {"has_expected", false}};
  absl::StatusOr<PublishedBoard::Expectations> expected = parts.published.Expected(asked.caller.scope);
  if (absl::IsFailedPrecondition(expected.status())) {
    page["nothing"] = "No published statistics were imported here yet.";
    return page;
  }
  RETURN_IF_ERROR(expected.status());
  Json rows = Json::array(), options = Json::array();
  for (const auto& each : expected->authorities) {
    options.push_back(PageOption(each.code, each.name, each.code == own));
    v1::Figure actual, against;
    for (auto [figure, value] : {std::pair(&actual, each.actual), std::pair(&against, each.expected)}) {
      figure->set_display_unit(expected->unit);
      figure->set_status(value.has_value() ? v1::FIGURE_STATUS_SHOWN : v1::FIGURE_STATUS_NOT_AVAILABLE);
      if (value.has_value()) figure->set_value(*value);
    }
    Json row = FigureCells(actual);
    row["name"] = each.name;
    row["href"] = absl::StrCat("/scorecards/", each.code);
    row["own"] = each.code == own;
    row["expected"] = each.expected.has_value() ? Json(*each.expected).dump() : "";
    row["expected_text"] = ValueText(against);
    rows.push_back(std::move(row));
  }
  page["has_expected"] = true;
  page["heading"] = expected->title;
  page["unit"] = expected->unit;
  page["figure_rows"] = std::move(rows);
  page["authority_options"] = std::move(options);
  return page;
}

}  // namespace waymark::coordinator
