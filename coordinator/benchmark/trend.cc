#include "coordinator/benchmark/trend.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/period.h"
#include "base/status.h"
#include "catalogue/direction.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/benchmark/origin.h"
#include "coordinator/benchmark/query_checks.h"
#include "coordinator/benchmark/trend_breaks.h"
#include "proto/contract/names.h"
#include "statistics/intervals.h"
#include "statistics/noise_interval.h"
#include "statistics/trend.h"

namespace waymark::coordinator {
namespace {

constexpr double kDaysAYear = 365.25;
constexpr double kSignificant = 0.05;

bool IsAsLong(const Period& a, const Period& b) {
  return std::abs(a.days() - b.days()) <= 3;  // quarters and years differ by as much
}

// The newest first; of each period its newest version.
absl::StatusOr<std::vector<std::pair<Period, std::uint32_t>>> PublishedPeriods(
    const v1::TrendRequest& request, const Scope& scope, BenchmarkQuery& query) {
  ASSIGN_OR_RETURN(const v1::ListPublishedResponse listed, query.ListPublished(scope));
  std::map<std::string, std::uint32_t> versions;
  for (const auto& entry : listed.entries()) {
    if (entry.metric() != request.metric() ||
        (request.version() != 0 && entry.version() != request.version()))
      continue;
    std::uint32_t& version = versions[entry.period()];
    version = std::max(version, entry.version());
  }
  std::vector<std::pair<Period, std::uint32_t>> periods;
  for (const auto& [label, version] : versions) {
    ASSIGN_OR_RETURN(Period period, ParsePeriod(label));
    periods.emplace_back(std::move(period), version);
  }
  std::sort(periods.begin(), periods.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first.last, a.first.first) > std::pair(b.first.last, b.first.first);
  });
  return periods;
}

absl::StatusOr<v1::QueryResponse> Ask(const v1::TrendRequest& request, const Scope& scope,
                                      const std::string& period, std::uint32_t version,
                                      BenchmarkQuery& query) {
  v1::QueryRequest asked;
  asked.set_metric(request.metric());
  asked.set_version(version);
  asked.set_period(period);
  asked.add_geographies(request.geography().empty() ? std::string(kParticipantsCode) : request.geography());
  return query.Answer(asked, scope);
}

// What the councils before it gave, where the place is one that began of others; `absent` where it is none.
absl::StatusOr<PeriodAnswer> AskBefore(const v1::TrendRequest& request, const Scope& scope,
                                       const std::pair<Period, std::uint32_t>& asked,
                                       const Lineages& lineages, BenchmarkQuery& query,
                                       const absl::Status& absent) {
  const auto& [period, version] = asked;
  const v1::Area* const area = lineages.library.FindAreaEver(request.geography());
  if (area == nullptr || contract::BeginningOf(lineages.successions, request.geography()) == nullptr)
    return absent;
  v1::TrendRequest region = request;
  region.set_geography(area->region_code());
  ASSIGN_OR_RETURN(const v1::QueryResponse coverage, Ask(region, scope, period.label, version, query));
  PeriodAnswer found{.period = period, .answer = {}};
  found.origin = OriginOf(request.geography(), lineages.successions, coverage);
  if (found.origin.kind == Origin::Kind::kMissing) return found;
  v1::TrendRequest before = request;
  before.set_geography(found.origin.councils[0]);
  if (found.origin.councils.size() == 1) {
    ASSIGN_OR_RETURN(found.answer, Ask(before, scope, period.label, version, query));
  } else {
    v1::QueryRequest together;
    together.set_metric(request.metric());
    together.set_version(version);
    together.set_period(period.label);
    auto sum = query.Together(together, found.origin.councils, scope);
    // Of what was summed securely nobody has a council's own figure.
    if (absl::IsFailedPrecondition(sum.status())) return absent;
    if (!sum.ok()) return sum.status();
    found.answer = *std::move(sum);
  }
  Mark(found.origin, request.geography(), lineages.library, found.answer);
  return found;
}

// Why the place has nothing in a period, where it is known.
std::string WhyAbsent(const v1::TrendRequest& request, const Lineages& lineages, const Origin& origin) {
  if (origin.kind == Origin::Kind::kMissing)
    return absl::StrCat("of the councils before it ", absl::StrJoin(origin.councils, ", "), " gave nothing");
  const auto* end = contract::EndOf(lineages.successions, request.geography());
  return end == nullptr ? "the place is not in it" : contract::Describe(*end);
}

// Earliest first; what is not in it goes to `left_out`.
absl::StatusOr<std::vector<PeriodAnswer>> PeriodAnswers(const v1::TrendRequest& request, const Scope& scope,
                                                        const Lineages& lineages, BenchmarkQuery& query,
                                                        v1::TrendResponse& response) {
  using Periods = std::vector<std::pair<Period, std::uint32_t>>;
  ASSIGN_OR_RETURN(const Periods periods, PublishedPeriods(request, scope, query));
  // Where nothing is published the query says what is.
  if (periods.empty()) return Ask(request, scope, "", request.version(), query).status();
  std::vector<PeriodAnswer> answers;
  absl::Status absent;
  for (const auto& [period, version] : periods) {
    if (!answers.empty() && !IsAsLong(period, answers.front().period)) {
      response.add_left_out(absl::StrCat(period.label, ": another length"));
    } else if (!answers.empty() && period.Overlaps(answers.back().period)) {
      response.add_left_out(absl::StrCat(period.label, ": overlaps ", answers.back().period.label));
    } else {
      absl::StatusOr<v1::QueryResponse> answer = Ask(request, scope, period.label, version, query);
      if (answer.ok()) {
        answers.push_back({.period = period, .answer = *std::move(answer)});
        continue;
      }
      if (!absl::IsNotFound(answer.status())) return answer.status();
      auto before = AskBefore(request, scope, {period, version}, lineages, query, answer.status());
      if (!before.ok() && !absl::IsNotFound(before.status())) return before.status();
      if (before.ok() && before->origin.kind != Origin::Kind::kMissing) {
        answers.push_back(*std::move(before));
        continue;
      }
      if (absent.ok()) absent = answer.status();
      const std::string why = WhyAbsent(request, lineages, before.ok() ? before->origin : Origin());
      response.add_left_out(absl::StrCat(period.label, ": ", why));
      if (before.ok() && !answers.empty()) answers.back().gap = why;
    }
  }
  if (answers.empty()) return absent;
  std::reverse(answers.begin(), answers.end());
  return answers;
}

v1::Travel TravelOf(const statistics::Change& change, v1::Direction direction) {
  if (change.p >= kSignificant) return v1::TRAVEL_NO_CLEAR_CHANGE;
  const bool up = change.change > 0;
  if (direction == v1::DIRECTION_HIGH_IS_BETTER) return up ? v1::TRAVEL_BETTER : v1::TRAVEL_WORSE;
  if (direction == v1::DIRECTION_LOW_IS_BETTER) return up ? v1::TRAVEL_WORSE : v1::TRAVEL_BETTER;
  return up ? v1::TRAVEL_UP : v1::TRAVEL_DOWN;
}

// A figure that can be tested, and when it is of.
struct Point {
  Period period;
  statistics::TrendPoint point;
};

// A count's own interval is of what protection hides: nothing was sampled. Whether it changed is asked of
// what brought the events about, so the chance that they came when they did joins it (Poisson, by Byar).
statistics::Interval WithChance(const v1::Figure& count) {
  const statistics::Interval hidden{.lower = count.lower(), .upper = count.upper()};
  const absl::StatusOr<statistics::Interval> chance =
      statistics::ByarInterval(std::max(0.0, count.value()), 1);
  return chance.ok() ? statistics::SquareAndAdd(count.value(), *chance, hidden) : hidden;
}

// Those of the last version, and of the place itself.
std::vector<Point> PointsOf(const std::string& geography, bool are_counts,
                            const v1::TrendResponse::Series& series) {
  std::vector<Point> points;
  const std::uint32_t version = series.figures().empty() ? 0 : series.figures().rbegin()->version();
  for (const v1::Figure& figure : series.figures()) {
    if (figure.version() != version || figure.geography_code() != geography) {
      points.clear();
      continue;
    }
    const absl::StatusOr<Period> period = ParsePeriod(figure.period());
    const bool is_known = figure.status() == v1::FIGURE_STATUS_SHOWN && figure.has_value() &&
                          figure.has_lower() && figure.has_upper();
    if (!is_known || !period.ok()) continue;
    points.push_back({.period = *period,
                      .point = {.at = (period->first + period->last) / 2.0 / kDaysAYear,
                                .value = figure.value(),
                                .interval = are_counts ? WithChance(figure)
                                                       : statistics::Interval{.lower = figure.lower(),
                                                                              .upper = figure.upper()}}});
  }
  return points;
}

// What the last point is set against: of part of a year the same part of the year before, where it is there.
const Point& Earlier(const std::vector<Point>& points) {
  const Period& last = points.back().period;
  for (const Point& point : points) {
    const int apart = last.first - point.period.first;
    if (last.days() < 300 && 362 <= apart && apart <= 369) return point;
  }
  return points[points.size() - 2];
}

void SetTest(const statistics::Change& change, const Period& from, const Period& to, v1::Direction direction,
             v1::TrendResponse::Test& test) {
  test.set_from_period(from.label);
  test.set_to_period(to.label);
  test.set_change(change.change);
  test.set_lower(change.interval.lower);
  test.set_upper(change.interval.upper);
  test.set_p(change.p);
  test.set_travel(TravelOf(change, direction));
}

void AddTests(const std::string& geography, const v1::Metric* metric, v1::TrendResponse::Series& series) {
  const v1::Direction direction = metric == nullptr
                                      ? v1::DIRECTION_NEUTRAL
                                      : catalogue::DirectionOf(*metric, series.figures(0).quantity());
  const bool are_counts = metric != nullptr && metric->kind() == v1::METRIC_KIND_COUNT;
  const std::vector<Point> points = PointsOf(geography, are_counts, series);
  if (points.size() < 2) return;
  const Period& last = points.back().period;
  const Point& before = Earlier(points);
  if (const auto change = statistics::ChangeBetween(before.point, points.back().point); change.ok())
    SetTest(*change, before.period, last, direction, *series.mutable_latest());
  std::vector<statistics::TrendPoint> line;
  std::vector<double> values;
  for (const Point& point : points) {
    line.push_back(point.point);
    values.push_back(point.point.value);
  }
  if (const auto slope = statistics::SlopeOf(line); slope.ok())
    SetTest(*slope, points.front().period, last, direction, *series.mutable_slope());
  const auto runs = statistics::RunsAboutMedian(values);
  if (!runs) return;
  v1::TrendResponse::Runs& out = *series.mutable_runs();
  out.set_points(static_cast<std::uint32_t>(runs->points));
  out.set_longest(static_cast<std::uint32_t>(runs->longest));
  out.set_longest_usual(static_cast<std::uint32_t>(runs->longest_usual));
  out.set_crossings(static_cast<std::uint32_t>(runs->crossings));
  out.set_crossings_usual(static_cast<std::uint32_t>(runs->crossings_usual));
  out.set_unusual(runs->unusual());
}

// By window, unit and quantity, in the order in which they are published.
absl::Status AddSeries(const v1::TrendRequest& request, const std::vector<PeriodAnswer>& answers,
                       const v1::Metric* metric, v1::TrendResponse& response) {
  std::map<std::tuple<std::uint32_t, int, std::string>, int> at;
  for (const PeriodAnswer& one : answers) {
    for (const v1::Figure& figure : one.answer.figures()) {
      if ((request.has_window_days() && !MatchesWindow(figure, request.window_days())) ||
          (request.unit() != v1::UNIT_UNSPECIFIED && figure.unit() != request.unit())) {
        continue;
      }
      const auto [found, is_new] =
          at.try_emplace({figure.window_days(), figure.unit(), figure.quantity()}, response.series_size());
      *(is_new ? response.add_series() : response.mutable_series(found->second))->add_figures() = figure;
    }
  }
  if (response.series().empty()) {
    return absl::InvalidArgumentError(
        "window, unit: no period has figures under these; leave them out to see what there is");
  }
  for (v1::TrendResponse::Series& series : *response.mutable_series()) {
    AddTests(response.geography(), metric, series);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::TrendResponse> TrendOf(const v1::TrendRequest& request, const Scope& scope,
                                          const catalogue::Library& library, BenchmarkQuery& query) {
  v1::TrendResponse response;
  ASSIGN_OR_RETURN(const contract::Successions successions, query.Successions());
  const Lineages lineages{.library = library, .successions = successions};
  ASSIGN_OR_RETURN(const std::vector<PeriodAnswer> answers,
                   PeriodAnswers(request, scope, lineages, query, response));
  response.set_geography(request.geography().empty() ? std::string(kParticipantsCode) : request.geography());
  AddBreaks(answers, response.geography(), lineages, response);
  RETURN_IF_ERROR(AddSeries(request, answers, library.Find(request.metric()), response));
  *response.mutable_coverage() = answers.back().answer.coverage();
  return response;
}

}  // namespace waymark::coordinator
