// The report of a region and period: everything that was published of it, beside all participants and the
// spread of councils, on one page to print. It is there as soon as a round is published, and stays as its
// address says.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "catalogue/direction.h"
#include "catalogue/wording.h"
#include "coordinator/benchmark/combine.h"
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

// Where the councils' own values lie, where any may be seen.
struct Spread {
  std::optional<double> least, most;
  std::string least_name, most_name;
};

bool IsOfOne(const v1::Figure& a, const v1::Figure& b) {
  return a.quantity() == b.quantity() && a.window_days() == b.window_days() && a.unit() == b.unit();
}

Spread SpreadOf(const v1::QueryResponse& councils, const v1::Figure& as) {
  Spread spread;
  for (const v1::Figure& figure : councils.figures()) {
    if (!IsOfOne(figure, as) || figure.status() != v1::FIGURE_STATUS_SHOWN || !figure.has_value()) continue;
    if (!spread.least || figure.value() < *spread.least) {
      spread.least = figure.value();
      spread.least_name = figure.geography_name();
    }
    if (!spread.most || figure.value() > *spread.most) {
      spread.most = figure.value();
      spread.most_name = figure.geography_name();
    }
  }
  return spread;
}

Json RowOf(const v1::Metric* metric, const std::string& title, const v1::Figure& own, const v1::Figure* all,
           const Spread& spread) {
  Json row = FigureCells(own);
  row["metric"] = own.metric();
  row["metric_title"] = title;
  row["direction"] =
      metric == nullptr ? "" : catalogue::DirectionInWords(catalogue::DirectionOf(*metric, own.quantity()));
  row["all"] = all != nullptr ? NumberWords(all->has_value(), all->value()) : "";
  row["all_text"] = all != nullptr ? FigureCells(*all)["value_text"].get<std::string>() : "";
  row["q1"] = all != nullptr ? NumberWords(all->has_lowest_quartile(), all->lowest_quartile()) : "";
  row["q3"] = all != nullptr ? NumberWords(all->has_highest_quartile(), all->highest_quartile()) : "";
  row["least"] = NumberWords(spread.least.has_value(), spread.least.value_or(0));
  row["most"] = NumberWords(spread.most.has_value(), spread.most.value_or(0));
  return row;
}

struct Report {
  Json rows = Json::array();
  std::vector<v1::Figure> figures;
  std::string place;
  std::set<std::string> rounds, periods;
  std::set<std::string> absent;
  std::int64_t published_unix_s = 0;
};

absl::Status Add(const PageParts& parts, const Asked& asked, const v1::ListPublishedResponse::Entry& entry,
                 const std::string& region, Report& report) {
  v1::QueryRequest query = QueryOf(entry);
  ASSIGN_OR_RETURN(const v1::QueryResponse general, parts.query.Answer(query, asked.caller.scope));
  v1::QueryResponse councils;
  if (entry.mode() != v1::MODE_SECURE_SUM) {
    for (const auto& council : general.coverage()) {
      if (council.absence() == v1::ABSENCE_UNSPECIFIED) query.add_geographies(council.council());
    }
    if (!query.geographies().empty()) {
      ASSIGN_OR_RETURN(councils, parts.query.Answer(query, asked.caller.scope));
    }
  }
  const v1::Metric* metric = parts.library.Find(entry.metric());
  const std::string title = metric == nullptr ? entry.metric() : metric->title();
  if (metric != nullptr && metric->version() != entry.version()) metric = nullptr;
  for (const v1::Figure& figure : general.figures()) {
    if (figure.geography_code() != region) continue;
    const v1::Figure* all = nullptr;
    for (const v1::Figure& other : general.figures()) {
      if (other.geography_code() == kParticipantsCode && IsOfOne(other, figure)) all = &other;
    }
    Json& row = report.rows.emplace_back(RowOf(metric, title, figure, all, SpreadOf(councils, figure)));
    row["quantity"] = QuantityHeading(figure, metric, HasSeveralUnits(general.figures()));
    report.figures.push_back(figure);
    report.place = figure.geography_name();
    report.rounds.insert(entry.round_id());
    report.periods.insert(entry.period());
    report.published_unix_s = std::max(report.published_unix_s, general.published_unix_s());
  }
  for (const auto& council : general.coverage()) {
    const v1::Area* area = parts.library.FindAreaEver(council.council());
    if (council.absence() != v1::ABSENCE_UNSPECIFIED && area != nullptr && area->region_code() == region)
      report.absent.insert(council.name());
  }
  return absl::OkStatus();
}

// Newest first.
std::vector<std::string> PeriodsOf(const v1::ListPublishedResponse& published) {
  std::set<std::string> periods;
  for (const auto& entry : published.entries()) periods.insert(entry.period());
  return {periods.rbegin(), periods.rend()};
}

}  // namespace

absl::StatusOr<Json> ReportPage(const PageParts& parts, const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {"period", "round"}));
  const std::string region = asked.variable;
  if (!asked.caller.scope.SeesPlace(region, parts.library))
    return absl::PermissionDeniedError(absl::StrCat(region, " is no region that this token sees"));
  ASSIGN_OR_RETURN(const v1::ListPublishedResponse published, parts.query.ListPublished(asked.caller.scope));
  const std::vector<std::string> periods = PeriodsOf(published);
  const std::string round = ValueOf(asked.request.query, "round");
  std::string period = ValueOf(asked.request.query, "period");
  if (period.empty() && round.empty() && !periods.empty()) period = periods.front();
  Report report;
  for (const auto& entry : published.entries()) {
    if ((period.empty() || entry.period() == period) && (round.empty() || entry.round_id() == round))
      RETURN_IF_ERROR(Add(parts, asked, entry, region, report));
  }
  if (report.rows.empty())
    return absl::NotFoundError(absl::StrCat("nothing is published of ", region, " in this period or round"));
  Json notes = Json::array(), rounds = Json::array(), absent = Json::array(), options = Json::array();
  for (const std::string& note : FigureNotes(report.figures)) notes.push_back(note);
  for (const std::string& each : report.rounds)
    rounds.push_back(
        {{"round", each}, {"href", absl::StrCat("/reports/", region, AddressWords({{"round", each}}))}});
  for (const std::string& each : report.absent) absent.push_back(each);
  for (const std::string& each : periods) options.push_back(PageOption(each, each, each == period));
  return Json{{"template", "national/report"},
              {"title", absl::StrCat("Comparison report: ", report.place)},
              {"place", report.place},
              {"region", region},
              {"shown_period", absl::StrJoin(report.periods, ", ")},
              {"published_on", DayText(report.published_unix_s)},
              {"rounds", std::move(rounds)},
              {"has_absent", !absent.empty()},
              {"absent", std::move(absent)},
              {"period_options", std::move(options)},
              {"figure_rows", std::move(report.rows)},
              {"notes", std::move(notes)}};
}

absl::StatusOr<Json> ReportListPage(const PageParts& parts, const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {}));
  ASSIGN_OR_RETURN(const v1::ListPublishedResponse published, parts.query.ListPublished(asked.caller.scope));
  std::map<std::string, std::string> regions;  // name, by code
  for (const v1::Area& area : parts.library.areas()) {
    if (asked.caller.scope.SeesPlace(area.region_code(), parts.library))
      regions[area.region_code()] = area.region_name();
  }
  const std::vector<std::string> periods = PeriodsOf(published);
  Json list = Json::array();
  for (const auto& [code, name] : regions) {
    Json links = Json::array();
    for (const std::string& period : periods)
      links.push_back({{"href", absl::StrCat("/reports/", code, AddressWords({{"period", period}}))},
                       {"link_period", period}});
    list.push_back({{"region_name", name}, {"links", std::move(links)}});
  }
  return Json{{"template", "national/reports"},
              {"title", "Comparison reports"},
              {"is_empty", periods.empty()},
              {"regions", std::move(list)}};
}

}  // namespace waymark::coordinator
