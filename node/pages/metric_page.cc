#include "node/pages/metric_page.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "catalogue/wording.h"
#include "node/pages/context.h"
#include "node/pages/difference.h"
#include "node/pages/journeys_section.h"
#include "node/site/measurement.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

Json Option(const std::string& value, const std::string& label, bool chosen) {
  return {{"option_value", value}, {"option_label", label}, {"chosen", chosen}};
}

// A number as charts read it.
std::string Plain(const std::optional<double>& number) {
  return NumberText(number, 6);
}

Json FigureJson(const FigureRow& row, const std::string& name) {
  const bool is_shown = row.figure.value.has_value();
  return {{"name", name},
          {"is_shown", is_shown},
          {"value", Plain(row.figure.value)},
          {"low", Plain(row.figure.lower)},
          {"high", Plain(row.figure.upper)},
          {"value_text", FigureText(row)},
          {"interval", SpanText(row.figure.lower, row.figure.upper)},
          {"numerator", CountText(row.figure.numerator)},
          {"denominator", CountText(row.figure.denominator)}};
}

std::string QuantityName(const v1::Metric& metric, const std::string& quantity) {
  const std::string title = catalogue::QuantityTitle(metric, quantity);
  return title.empty() ? quantity : title;
}

// Figures that stand in one table: of one unit, window and display unit.
struct Group {
  const FigureRow* first = nullptr;
  std::vector<const FigureRow*> rows;
};

std::vector<Group> GroupsOf(const std::vector<FigureRow>& rows) {
  std::vector<Group> groups;
  for (const FigureRow& row : rows) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
      return group.first->counted == row.counted && group.first->window_days == row.window_days &&
             group.first->unit == row.unit;
    });
    Group& group = same == groups.end() ? groups.emplace_back() : *same;
    if (group.first == nullptr) group.first = &row;
    group.rows.push_back(&row);
  }
  return groups;
}

std::string HeadingOf(const FigureRow& row) {
  std::vector<std::string> parts;
  if (row.counted != v1::UNIT_UNSPECIFIED) parts.push_back(std::string(contract::NameOf(row.counted)));
  if (row.window_days > 0) parts.push_back(absl::StrCat("followed for ", row.window_days, " days"));
  return absl::StrCat(row.unit.empty() ? "Figures" : absl::StrCat("In ", row.unit),
                      parts.empty() ? "" : absl::StrCat(", of ", absl::StrJoin(parts, ", ")));
}

Json SectionOf(const v1::Metric& metric, const Group& group, std::size_t number) {
  Json rows = Json::array(), notes = Json::array();
  const auto note = [&notes](const std::string& text) {
    if (!text.empty() && std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(text);
  };
  for (const FigureRow* row : group.rows) {
    note(row->note);
    if (row->completeness != Completeness::kComplete)
      note(absl::StrCat(std::string(NameOf(row->completeness)), ": ", row->reason));
    if (row->figure.quantity.empty()) continue;
    const std::string quantity = QuantityName(metric, row->figure.quantity);
    rows.push_back(FigureJson(
        *row, row->breakdown.empty() ? quantity : absl::StrCat(BreakdownText(*row), ": ", quantity)));
  }
  const bool has_rows = !rows.empty();
  return {{"id", absl::StrCat("figures-", number)},
          {"heading", HeadingOf(*group.first)},
          {"unit", group.first->unit},
          {"chart", "bars"},
          {"series", ""},
          {"has_rows", has_rows},
          {"figure_rows", std::move(rows)},
          {"notes", std::move(notes)}};
}

// Every complete period of what the entry is named after, as a line; one without a figure is a gap.
Json TrendOf(const v1::Metric& metric, const std::vector<FigureRow>& rows) {
  Json trend = Json::array();
  const auto shown = std::find_if(rows.begin(), rows.end(), [](const FigureRow& row) {
    return row.figure.value.has_value() && row.breakdown.empty();
  });
  if (shown == rows.end()) return trend;
  for (const FigureRow& row : rows) {
    if (row.figure.quantity == shown->figure.quantity && row.counted == shown->counted &&
        row.window_days == shown->window_days && row.unit == shown->unit && row.breakdown.empty() &&
        (row.completeness == Completeness::kComplete || !row.figure.value))
      trend.push_back(FigureJson(row, row.period));
  }
  if (trend.size() < 2) return Json::array();
  return Json::array({{{"id", "trend"},
                       {"heading", absl::StrCat("Over time: ", QuantityName(metric, shown->figure.quantity))},
                       {"unit", shown->unit},
                       {"chart", "trend"},
                       {"series", "Our figure"},
                       {"has_rows", true},
                       {"figure_rows", std::move(trend)},
                       {"notes", Json::array()}}});
}

std::vector<std::string> PeriodsOf(const std::vector<FigureRow>& rows) {
  std::vector<std::string> periods;
  for (const FigureRow& row : rows) {
    if (std::find(periods.begin(), periods.end(), row.period) == periods.end()) periods.push_back(row.period);
  }
  return periods;
}

// By the same way as `measure --breakdown`.
absl::StatusOr<std::vector<FigureRow>> BrokenDown(const catalogue::Library& library, const Snapshot& snapshot,
                                                  const v1::Metric& metric, const std::string& period,
                                                  const std::string& breakdown) {
  ASSIGN_OR_RETURN(const Period parsed, ParsePeriod(period));
  std::vector<MeasureRequest> requests = {
      {.metric = &metric, .period = parsed, .breakdowns = {breakdown}, .calendar = &library.working_days()}};
  AnswerSurveys(snapshot.data().answers, /*period_named=*/true, requests);
  ASSIGN_OR_RETURN(const auto measurement,
                   Measurement::Make(snapshot.data().journeys, std::move(requests), snapshot.published()));
  return measurement->RowsOf(0);
}

Json CaveatsOf(const v1::Metric& metric) {
  Json caveats = Json::array();
  for (const std::string& caveat : metric.caveats()) caveats.push_back(caveat);
  return caveats;
}

}  // namespace

Json MetricListContext(const catalogue::Library& library, const Snapshot& snapshot) {
  PageTable table{.caption = "Every entry of the library, with our newest figure",
                  .header = {"Metric", "Title", "Period", ">Our figure", "Of what"}};
  std::vector<std::string> links;
  for (const v1::Metric& metric : library.metrics()) {
    const std::vector<FigureRow>& rows = snapshot.RowsOf(metric.id());
    const FigureRow* newest = nullptr;
    for (const FigureRow& row : rows) {
      if (newest == nullptr || (row.figure.value && row.period != newest->period)) newest = &row;
    }
    const bool has_quantity = newest != nullptr && !newest->figure.quantity.empty();
    table.rows.push_back({metric.id(), metric.title(), newest == nullptr ? "" : newest->period,
                          newest == nullptr ? "not available" : FigureText(*newest),
                          has_quantity ? QuantityName(metric, newest->figure.quantity) : ""});
    links.push_back(absl::StrCat("/metrics/", metric.id()));
  }
  return {{"tables", Json::array({TableContext(table, links)})}};
}

absl::StatusOr<Json> MetricContext(const catalogue::Library& library, const Snapshot& snapshot,
                                   const MetricAsked& asked) {
  const v1::Metric* metric = library.Find(asked.metric);
  if (metric == nullptr) return absl::NotFoundError("There is no such metric in the library.");
  const std::vector<FigureRow>& all = snapshot.RowsOf(metric->id());
  const std::vector<std::string> periods = PeriodsOf(all);
  const std::string period = !asked.period.empty() ? asked.period : periods.empty() ? "" : periods.back();
  if (!asked.period.empty() && std::find(periods.begin(), periods.end(), period) == periods.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("This metric has no figures of the period asked for; it has ",
                     periods.empty() ? "none" : absl::StrJoin(periods, ", "), "."));
  }
  const auto& known = metric->breakdowns();
  if (!asked.breakdown.empty() && std::find(known.begin(), known.end(), asked.breakdown) == known.end()) {
    return absl::InvalidArgumentError(absl::StrCat("This metric has no such breakdown; it has ",
                                                   known.empty() ? "none" : absl::StrJoin(known, ", "), "."));
  }
  std::vector<FigureRow> rows;
  if (asked.breakdown.empty()) {
    std::copy_if(all.begin(), all.end(), std::back_inserter(rows),
                 [&](const FigureRow& row) { return row.period == period; });
  } else if (!period.empty()) {
    ASSIGN_OR_RETURN(rows, BrokenDown(library, snapshot, *metric, period, asked.breakdown));
  }
  Json sections = asked.breakdown.empty() ? TrendOf(*metric, all) : Json::array();
  for (const Group& group : GroupsOf(rows))
    sections.push_back(SectionOf(*metric, group, sections.size() + 1));
  Json diagrams = JourneyDiagrams(rows);
  Json period_options = Json::array(),
       breakdown_options = Json::array({Option("", "all", asked.breakdown.empty())});
  for (auto each = periods.rbegin(); each != periods.rend(); ++each)
    period_options.push_back(Option(*each, *each, *each == period));
  for (const std::string& each : known)
    breakdown_options.push_back(Option(each, each, each == asked.breakdown));
  return Json{{"metric", metric->id()},
              {"metric_title", metric->title()},
              {"shown_period", period},
              {"by", asked.breakdown},
              {"words", metric->definition()},
              {"version", metric->version()},
              {"denominator", catalogue::DenominatorInWords(*metric)},
              {"direction", catalogue::DirectionInWords(metric->direction())},
              {"caveats", CaveatsOf(*metric)},
              {"diagrams", std::move(diagrams)},
              {"has_sections", !sections.empty()},
              {"sections", std::move(sections)},
              {"period_options", std::move(period_options)},
              {"breakdown_options", std::move(breakdown_options)}};
}

}  // namespace waymark::node
