// One metric over every published period, for a place beside all participants, and why figures changed.
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/benchmark/trend.h"
#include "coordinator/export/figure_words.h"
#include "coordinator/web/figure_section.h"
#include "coordinator/web/page.h"
#include "coordinator/web/series_section.h"
#include "coordinator/web/table_request.h"
#include "http/routes.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;
using TrendLine = v1::TrendResponse::Series;

const TrendLine* TheSame(const v1::TrendResponse& trend, const v1::Figure& as) {
  for (const TrendLine& series : trend.series()) {
    if (series.figures().empty()) continue;
    const v1::Figure& first = series.figures(0);
    if (first.quantity() == as.quantity() && first.window_days() == as.window_days() &&
        first.unit() == as.unit())
      return &series;
  }
  return nullptr;
}

const v1::Figure* OfPeriod(const TrendLine* series, const std::string& period) {
  if (series == nullptr) return nullptr;
  for (const v1::Figure& figure : series->figures()) {
    if (figure.period() == period) return &figure;
  }
  return nullptr;
}

std::string Summary(const TrendLine& series) {
  if (!series.has_latest()) return "There is one period, or none that may be compared: no change to tell.";
  const v1::TrendResponse::Test& latest = series.latest();
  const v1::Figure& last = *series.figures().rbegin();
  return absl::StrCat("From ", latest.from_period(), " to ", latest.to_period(), ": ",
                      TravelText(latest.travel()), " (a change of ",
                      SpanText(last, latest.lower(), latest.upper()), " with 95% confidence).");
}

Json BreaksOf(const v1::TrendResponse& trend) {
  Json breaks = Json::array();
  for (const auto& each : trend.breaks())
    breaks.push_back({{"break_period", each.period()},
                      {"what", each.what()},
                      {"note", each.note()},
                      {"is_incomparable", each.is_incomparable()}});
  return breaks;
}

// The kinds of break before a period: "definition, councils".
std::string BreaksBefore(const v1::TrendResponse& trend, const std::string& period) {
  std::string text;
  for (const auto& each : trend.breaks()) {
    if (each.period() == period) absl::StrAppend(&text, text.empty() ? "" : ", ", each.what());
  }
  return text;
}

}  // namespace

absl::StatusOr<Json> TrendPage(const PageParts& parts, const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {"geography", "window", "unit"}));
  ASSIGN_OR_RETURN(const v1::Metric* const metric, MetricNamed(parts, asked));
  std::string geography = ValueOf(asked.request.query, "geography");
  ASSIGN_OR_RETURN(const v1::QueryRequest narrowed, QueryRequestOf(metric->id(), asked.request.query));
  v1::QueryRequest query;
  query.set_metric(metric->id());
  ASSIGN_OR_RETURN(const v1::QueryResponse newest, parts.query.Answer(query, asked.caller.scope));
  const bool sees_all = asked.caller.scope.SeesParticipantsOf(newest.geographies());
  if (geography.empty()) {
    geography = std::string(kParticipantsCode);
    if (!sees_all && !newest.figures().empty()) geography = newest.figures(0).geography_code();
  }
  v1::TrendRequest request;
  request.set_metric(metric->id());
  if (narrowed.has_window_days()) request.set_window_days(narrowed.window_days());
  request.set_unit(narrowed.unit());
  request.set_geography(geography == kParticipantsCode ? "" : geography);
  ASSIGN_OR_RETURN(const v1::TrendResponse own,
                   TrendOf(request, asked.caller.scope, parts.library, parts.query));
  v1::TrendResponse all;
  if (geography != kParticipantsCode && sees_all) {
    request.clear_geography();
    ASSIGN_OR_RETURN(all, TrendOf(request, asked.caller.scope, parts.library, parts.query));
  }
  const bool says_unit = narrowed.unit() == v1::UNIT_UNSPECIFIED && HasSeveralUnits(newest.figures());
  std::vector<v1::Figure> seen;
  Json sections = Json::array();
  for (const TrendLine& series : own.series()) {
    if (series.figures().empty()) continue;
    const v1::Figure& first = *series.figures().rbegin();
    const TrendLine* beside = TheSame(all, first);
    SeriesTable table{
        .id = absl::StrCat("section-", sections.size() + 1),
        .heading = QuantityHeading(first, first.version() == metric->version() ? metric : nullptr, says_unit),
        .unit = first.display_unit(),
        .chart = "trend",
        .row_heading = "Period",
        .summary = Summary(series),
        .file = absl::StrCat("waymark-", metric->id(), "-trend-", sections.size() + 1),
        .columns = {first.geography_name()}};
    if (beside != nullptr) table.columns.emplace_back("All participants");
    for (const v1::Figure& figure : series.figures()) {
      SeriesRow row{.label = figure.period(), .x = "", .is_after = BreaksBefore(own, figure.period())};
      row.figures.push_back(&figure);
      if (beside != nullptr) row.figures.push_back(OfPeriod(beside, figure.period()));
      table.rows.push_back(std::move(row));
      seen.push_back(figure);
    }
    sections.push_back(SeriesSection(table));
  }
  Json notes = Json::array(), left_out = Json::array();
  for (const std::string& note : FigureNotes(seen)) notes.push_back(note);
  for (const std::string& period : own.left_out()) left_out.push_back(period);
  return Json{{"template", "national/trend"},
              {"title", absl::StrCat(metric->title(), ", over time")},
              {"metric", metric->id()},
              {"metric_title", metric->title()},
              {"views", MetricViews(*metric, "trend", asked.request.query)},
              {"action", absl::StrCat("/metrics/", metric->id(), "/trend")},
              {"place", PlaceNameIn(seen, geography)},
              {"place_options", PlaceOptions(newest, parts.library, geography)},
              {"narrowing", NarrowingOptions(newest, narrowed, true)},
              {"sections", std::move(sections)},
              {"has_breaks", !own.breaks().empty()},
              {"breaks", BreaksOf(own)},
              {"has_left_out", !left_out.empty()},
              {"left_out", std::move(left_out)},
              {"notes", std::move(notes)}};
}

}  // namespace waymark::coordinator
