// One metric between councils: each with its interval, the ranks that it may have, and the limits of a
// funnel.
#include <map>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/web/figure_section.h"
#include "coordinator/web/page.h"
#include "coordinator/web/series_section.h"
#include "coordinator/web/table_request.h"
#include "http/routes.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

std::string NumberWords(bool is_there, double number) {
  return is_there ? Json(number).dump() : "";
}

std::string RanksOf(const v1::CouncilStanding& standing) {
  if (standing.rank_from() == 0) return "";
  return standing.rank_from() == standing.rank_to()
             ? absl::StrCat(standing.rank_from(), " of ", standing.councils())
             : absl::StrCat(standing.rank_from(), " to ", standing.rank_to(), " of ", standing.councils());
}

// Within what chance alone would do, or not: of proportions.
std::string LimitsOf(const v1::Figure& figure) {
  const v1::CouncilStanding& standing = figure.standing();
  if (!standing.has_alarm_lower() || !figure.has_value()) return "";
  if (figure.value() < standing.alarm_lower() || figure.value() > standing.alarm_upper())
    return "outside the 99.8% limits";
  if (figure.value() < standing.warning_lower() || figure.value() > standing.warning_upper())
    return "outside the 95% limits";
  return "within the limits";
}

Json RowOf(const v1::Figure& figure, const std::string& own) {
  const v1::CouncilStanding& standing = figure.standing();
  Json row = FigureCells(figure);
  row["name"] = figure.geography_name();
  row["own"] = figure.geography_code() == own;
  row["size"] = NumberWords(figure.has_denominator(), figure.denominator());
  row["target"] = NumberWords(standing.has_target(), standing.target());
  row["warning_lower"] = NumberWords(standing.has_warning_lower(), standing.warning_lower());
  row["warning_upper"] = NumberWords(standing.has_warning_upper(), standing.warning_upper());
  row["alarm_lower"] = NumberWords(standing.has_alarm_lower(), standing.alarm_lower());
  row["alarm_upper"] = NumberWords(standing.has_alarm_upper(), standing.alarm_upper());
  row["ranks"] = RanksOf(standing);
  row["limits"] = LimitsOf(figure);
  return row;
}

}  // namespace

absl::StatusOr<Json> CouncilsPage(const PageParts& parts, const Asked& asked) {
  RETURN_IF_ERROR(
      http::CheckWords(asked.request.query, {"geography", "period", "version", "round", "window", "unit"}));
  ASSIGN_OR_RETURN(const v1::Metric* const metric, MetricNamed(parts, asked));
  ASSIGN_OR_RETURN(v1::QueryRequest query, QueryRequestOf(metric->id(), asked.request.query));
  const std::string own = ValueOf(asked.request.query, "geography");
  query.clear_geographies();
  v1::QueryRequest general = query;
  general.clear_window_days();
  general.clear_unit();
  ASSIGN_OR_RETURN(const v1::QueryResponse all, parts.query.Answer(general, asked.caller.scope));
  query.set_round_id(all.round_id());
  query.set_standing(true);
  ASSIGN_OR_RETURN(const v1::QueryResponse response, parts.query.Answer(query, asked.caller.scope));
  const bool is_current = response.version() == metric->version();
  std::vector<std::string> order;
  std::map<std::string, Json> by;
  std::map<std::string, bool> has_limits;
  std::vector<v1::Figure> councils;
  const bool says_unit = HasSeveralUnits(response.figures());
  for (const v1::Figure& figure : response.figures()) {
    if (figure.level() != v1::GEOGRAPHY_LEVEL_COUNCIL) continue;
    councils.push_back(figure);
    const std::string key = absl::StrCat(figure.quantity(), " ", figure.window_days(), " ", figure.unit());
    if (by.count(key) == 0) {
      order.push_back(key);
      by[key] = {{"id", absl::StrCat("section-", order.size())},
                 {"heading", QuantityHeading(figure, is_current ? metric : nullptr, says_unit)},
                 {"unit", figure.display_unit()},
                 {"file", absl::StrCat("waymark-", metric->id(), "-councils-", order.size())},
                 {"figure_rows", Json::array()}};
    }
    by[key]["figure_rows"].push_back(RowOf(figure, own));
    has_limits[key] = has_limits[key] || figure.standing().has_alarm_lower();
  }
  Json sections = Json::array(), notes = Json::array();
  for (const std::string& key : order) {
    by[key]["chart"] = has_limits[key] ? "funnel" : "bars";
    by[key]["is_funnel"] = has_limits[key];
    sections.push_back(std::move(by[key]));
  }
  for (const std::string& note : FigureNotes(councils)) notes.push_back(note);
  return Json{{"template", "national/councils"},
              {"title", absl::StrCat(metric->title(), ", between councils")},
              {"metric", metric->id()},
              {"metric_title", metric->title()},
              {"views", MetricViews(*metric, "councils", asked.request.query)},
              {"action", absl::StrCat("/metrics/", metric->id(), "/councils")},
              {"shown_period", response.period()},
              {"place_options", PlaceOptions(response, parts.library, own)},
              {"narrowing", NarrowingOptions(all, query, true)},
              {"is_empty", sections.empty()},
              {"sections", std::move(sections)},
              {"coverage", CoverageWords(response)},
              {"notes", std::move(notes)}};
}

}  // namespace waymark::coordinator
