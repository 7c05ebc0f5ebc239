// A time to an event, day by day: the share without one, and with each kind of it.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/web/figure_section.h"
#include "coordinator/web/page.h"
#include "coordinator/web/series_section.h"
#include "coordinator/web/table_request.h"
#include "http/routes.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

// Of one kind ("survival", "incidence_social_care") by day and place.
using Days = std::map<std::uint32_t, std::map<std::string, const v1::Figure*>>;

std::string HeadingOf(const v1::Metric& metric, const std::string& kind) {
  if (kind == "survival") return "Without an event";
  const std::string id = kind.substr(kind.find('_') + 1);
  for (const v1::Outcome& outcome : metric.outcomes()) {
    if (outcome.id() == id) return absl::StrCat("With an event: ", outcome.title());
  }
  return absl::StrReplaceAll(kind, {{"_", " "}});
}

}  // namespace

absl::StatusOr<Json> CurvePage(const PageParts& parts, const Asked& asked) {
  RETURN_IF_ERROR(
      http::CheckWords(asked.request.query, {"geography", "period", "version", "round", "window", "unit"}));
  ASSIGN_OR_RETURN(const v1::Metric* const metric, MetricNamed(parts, asked));
  ASSIGN_OR_RETURN(v1::QueryRequest query, QueryRequestOf(metric->id(), asked.request.query));
  query.clear_geographies();
  query.clear_window_days();  // a curve is of all days
  const v1::Unit unit = query.unit();
  query.clear_unit();
  ASSIGN_OR_RETURN(const v1::QueryResponse newest, parts.query.Answer(query, asked.caller.scope));
  const bool sees_all = asked.caller.scope.SeesParticipantsOf(newest.geographies());
  std::string geography = ValueOf(asked.request.query, "geography");
  if (geography.empty() && !sees_all && !newest.figures().empty())
    geography = newest.figures(0).geography_code();
  std::vector<std::string> places;
  if (!geography.empty()) places.push_back(geography);
  if (sees_all) places.emplace_back(kParticipantsCode);
  for (const std::string& code : places) query.add_geographies(code);
  // A line is of one unit.
  query.set_unit(unit == v1::UNIT_UNSPECIFIED && !newest.figures().empty() ? newest.figures(0).unit() : unit);
  query.set_curve(true);
  query.set_round_id(newest.round_id());
  ASSIGN_OR_RETURN(const v1::QueryResponse response, parts.query.Answer(query, asked.caller.scope));
  std::vector<std::string> kinds;
  std::map<std::string, Days> by;
  for (const v1::Figure& figure : response.figures()) {
    const std::string& quantity = figure.quantity();
    const std::size_t from = quantity.rfind('_');
    std::uint32_t day = 0;
    if (from == std::string::npos || !absl::SimpleAtoi(quantity.substr(from + 1), &day)) continue;
    const std::string kind = quantity.substr(0, from);
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
    by[kind][day][figure.geography_code()] = &figure;
  }
  const std::vector<v1::Figure> figures(response.figures().begin(), response.figures().end());
  Json sections = Json::array(), notes = Json::array();
  for (const std::string& kind : kinds) {
    SeriesTable table{.id = absl::StrCat("section-", sections.size() + 1),
                      .heading = HeadingOf(*metric, kind),
                      .unit = "%",
                      .chart = "curves",
                      .row_heading = "Day",
                      .summary = "",
                      .file = absl::StrCat("waymark-", metric->id(), "-curve-", sections.size() + 1)};
    for (const std::string& code : places) table.columns.push_back(PlaceNameIn(figures, code));
    for (const auto& [day, of] : by[kind]) {
      SeriesRow row{.label = absl::StrCat(day), .x = absl::StrCat(day), .is_after = ""};
      for (const std::string& code : places) {
        const auto found = of.find(code);
        row.figures.push_back(found == of.end() ? nullptr : found->second);
        if (found != of.end()) table.unit = found->second->display_unit();
      }
      table.rows.push_back(std::move(row));
    }
    sections.push_back(SeriesSection(table));
  }
  for (const std::string& note : FigureNotes(figures)) notes.push_back(note);
  return Json{{"template", "national/curve"},
              {"title", absl::StrCat(metric->title(), ", day by day")},
              {"metric", metric->id()},
              {"metric_title", metric->title()},
              {"views", MetricViews(*metric, "curve", asked.request.query)},
              {"action", absl::StrCat("/metrics/", metric->id(), "/curve")},
              {"shown_period", response.period()},
              {"place_options", PlaceOptions(newest, parts.library, geography)},
              {"narrowing", NarrowingOptions(newest, query, false)},
              {"sections", std::move(sections)},
              {"coverage", CoverageWords(newest)},
              {"notes", std::move(notes)}};
}

}  // namespace waymark::coordinator
