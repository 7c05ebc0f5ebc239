#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/text_table.h"
#include "node/cli/commands.h"
#include "node/disclose/roster_book.h"
#include "node/link/coordinator_link.h"
#include "node/site/figure_request.h"
#include "node/site/kept_benchmarks.h"
#include "node/site/positions.h"
#include "node/site/workplace.h"
#include "proto/contract/names.h"
#include "proto/rpc/tls.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

std::string GapText(const Standing& standing) {
  if (!standing.gap) return "";
  return absl::StrCat(*standing.gap > 0 ? "+" : "", NumberText(standing.gap, 2));
}

void PrintPositions(const std::vector<Position>& positions, const v1::QueryResponse& benchmark) {
  const FigureRow& first = positions.front().own;
  int contributors = 0;
  for (const auto& council : benchmark.coverage())
    contributors += council.absence() == v1::ABSENCE_UNSPECIFIED ? 1 : 0;
  std::printf("Metric %s (version %u): %s, %s, in %s; %d of %d councils\n", first.metric.c_str(),
              first.version, first.title.c_str(), first.period.c_str(), first.unit.c_str(), contributors,
              benchmark.coverage_size());
  TextTable table({"counted", ">window", "category", "figure", ">ours", ">region", ">all participants",
                   ">gap to all", ">expected", "place among councils", "funnel of all"});
  for (const Position& position : positions) {
    const catalogue::RowFigure& own = position.own.figure;
    const std::string category = CategoryOf(position.own);
    const Standing& standing = position.among_all;
    table.AddRow({std::string(contract::NameOf(position.own.counted)),
                  position.own.window_days == 0 ? "" : absl::StrCat(position.own.window_days, " days"),
                  category.empty() ? "all" : category, own.quantity,
                  own.status == v1::FIGURE_STATUS_SHOWN ? NumberText(own.value, 2)
                                                        : std::string(contract::ShorthandOf(own.status)),
                  BenchmarkText(position.region), BenchmarkText(position.everyone), GapText(standing),
                  standing.expected ? NumberText(standing.expected, 2) : "", standing.quarter,
                  standing.verdict});
  }
  std::printf("%s(in brackets: 95%% interval; ours is exact and stays here)\n\n", table.Render().c_str());
}

// What has been published of the metrics asked for; each request's period becomes the benchmark's.
struct Published {
  std::vector<MeasureRequest> requests;
  std::vector<v1::QueryResponse> benchmarks;  // by request
};

// Whether the round asked other regions alone.
bool AskedOthers(const v1::QueryResponse& benchmark, const std::string& region) {
  const auto& asked = benchmark.geographies();
  return !asked.empty() && std::find(asked.begin(), asked.end(), region) == asked.end();
}

absl::StatusOr<Published> BenchmarksOf(const std::vector<MeasureRequest>& requests, bool period_named,
                                       const std::string& region, const Configuration& configuration,
                                       CoordinatorLink& link) {
  Published published;
  std::set<std::string>
      done;  // without --period a metric has one request a year; the newest benchmark serves once
  for (const MeasureRequest& request : requests) {
    if (!period_named && !done.insert(request.metric->id()).second) continue;
    v1::QueryRequest query;
    query.set_metric(request.metric->id());
    query.set_version(request.metric->version());
    if (period_named) query.set_period(request.period.label);
    if (!request.breakdowns.empty()) query.set_breakdown(request.breakdowns.front());
    absl::StatusOr<v1::QueryResponse> benchmark = link.Query(query);
    if (benchmark.ok() && AskedOthers(*benchmark, region)) {
      // No round of everyone is there; perhaps one of this council's own region.
      query.add_geographies(region);
      query.add_geographies(std::string(contract::NameOf(v1::GEOGRAPHY_LEVEL_ALL)));
      benchmark = link.Query(query);
    }
    if (absl::IsNotFound(benchmark.status()) && requests.size() > 1) continue;
    RETURN_IF_ERROR(benchmark.status());
    if (benchmark->figures_size() == 0) continue;
    if (!period_named && request.breakdowns.empty())
      RETURN_IF_ERROR(KeepBenchmark(configuration, request.metric->id(), *benchmark));
    MeasureRequest& kept = published.requests.emplace_back(request);
    ASSIGN_OR_RETURN(kept.period, ParsePeriod(benchmark->figures(0).period()));
    published.benchmarks.push_back(*std::move(benchmark));
  }
  return published;
}

bool ExpectsSomething(const std::vector<v1::QueryResponse>& benchmarks) {
  return std::any_of(benchmarks.begin(), benchmarks.end(), [](const v1::QueryResponse& benchmark) {
    return std::any_of(benchmark.figures().begin(), benchmark.figures().end(),
                       [](const v1::Figure& figure) { return figure.has_expected_slope(); });
  });
}

// Points on the roster that this node holds; 0 where it holds none that is good.
absl::StatusOr<std::uint32_t> OwnDeprivation(const Site& site, const CoordinatorLink& link,
                                             const Clock& clock) {
  const std::string& council = site.configuration.council_code;
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  RosterBook book(workplace->ledger(), link.governance(), link.federation(),
                  {.council = council, .signing_key = workplace->signing_key().public_key()});
  const absl::StatusOr<contract::RosterEpoch> roster = book.Current(clock.Now());
  const contract::RosterMember* self = roster.ok() ? contract::FindMember(*roster, council) : nullptr;
  return self == nullptr ? 0 : self->deprivation;
}

}  // namespace

absl::Status PositionCommand(const CommonOptions& common, const FigureOptions& figures, const Clock& clock) {
  RETURN_IF_ERROR(rpc::RequireTls13());
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  ASSIGN_OR_RETURN(const std::vector<MeasureRequest> requests, FigureRequests(site, figures));
  ASSIGN_OR_RETURN(const auto link, CoordinatorLink::Open(IdentityDirectory(site.configuration),
                                                          site.configuration.https_proxy, clock));
  ASSIGN_OR_RETURN(const Journeys journeys, LoadJourneys(site.configuration));
  Whereabouts here;
  if (const v1::Area* area = site.library.FindArea(site.configuration.council_code)) {
    here.region_code = area->region_code();
  }
  ASSIGN_OR_RETURN(const Published published, BenchmarksOf(requests, !figures.periods.empty(),
                                                           here.region_code, site.configuration, *link));
  ASSIGN_OR_RETURN(const auto measured, MeasureAll(journeys, published.requests));
  if (ExpectsSomething(published.benchmarks)) {
    ASSIGN_OR_RETURN(here.deprivation, OwnDeprivation(site, *link, clock));
  }
  Json array = Json::array();
  int found = 0;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    const v1::QueryResponse& benchmark = published.benchmarks[i];
    const auto positions = PositionsOf(benchmark, *published.requests[i].metric, here, measured[i]);
    if (positions.empty()) continue;
    ++found;
    if (!common.json) PrintPositions(positions, benchmark);
    for (const Position& position : positions) array.push_back(PositionJson(position));
  }
  if (found == 0) return absl::NotFoundError("no benchmark of these metrics has been published yet");
  if (common.json) std::printf("%s\n", array.dump(1).c_str());
  return absl::OkStatus();
}

}  // namespace waymark::node
