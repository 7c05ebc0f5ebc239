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
#include "proto/contract/names.h"
#include "statistics/trend.h"

namespace waymark::coordinator {
namespace {

constexpr double kDaysAYear = 365.25;
constexpr double kSignificant = 0.05;
constexpr std::size_t kMostNames = 12;

// What one period's publication says of the place.
struct PeriodAnswer {
  Period period;
  v1::QueryResponse answer;
};

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

// Earliest first; what is not in it goes to `left_out`.
absl::StatusOr<std::vector<PeriodAnswer>> PeriodAnswers(const v1::TrendRequest& request, const Scope& scope,
                                                        BenchmarkQuery& query, v1::TrendResponse& response) {
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
      if (absent.ok()) absent = answer.status();
      response.add_left_out(absl::StrCat(period.label, ": the place is not in it"));
    }
  }
  if (answers.empty()) return absent;
  std::reverse(answers.begin(), answers.end());
  return answers;
}

// The councils whose figures make the place's, by code; those without a name apart.
struct Contributors {
  std::map<std::string, const v1::QueryResponse::Contributor*> named;
  std::size_t unnamed = 0;
};

Contributors ContributorsOf(const v1::QueryResponse& answer, const std::string& geography,
                            const catalogue::Library& library) {
  Contributors contributors;
  for (const auto& council : answer.coverage()) {
    if (council.absence() != v1::ABSENCE_UNSPECIFIED) continue;
    const v1::Area* const area = library.FindArea(council.council());
    if (area == nullptr) {
      ++contributors.unnamed;
    } else if (geography == kParticipantsCode || geography == area->region_code() ||
               geography == council.council()) {
      contributors.named[council.council()] = &council;
    }
  }
  return contributors;
}

std::string Listed(const std::vector<std::string>& names) {
  if (names.size() <= kMostNames) return absl::StrJoin(names, ", ");
  return absl::StrCat(absl::StrJoin(names.begin(), names.begin() + kMostNames, ", "), " and ",
                      names.size() - kMostNames, " more");
}

class Breaks {
 public:
  Breaks(std::string period, v1::TrendResponse& response) : period_(std::move(period)), response_(response) {}

  void Add(absl::string_view what, std::string note, bool is_incomparable = false) {
    v1::TrendResponse::Break& added = *response_.add_breaks();
    added.set_period(period_);
    added.set_what(std::string(what));
    added.set_note(std::move(note));
    added.set_is_incomparable(is_incomparable);
  }

  void AddCouncils(const Contributors& before, const Contributors& after) {
    std::vector<std::string> joined;
    std::vector<std::string> left;
    std::vector<std::string> rescoped;
    for (const auto& [code, council] : after.named) {
      const auto earlier = before.named.find(code);
      if (earlier == before.named.end()) {
        joined.push_back(council->name());
      } else if (earlier->second->scope().SerializeAsString() != council->scope().SerializeAsString()) {
        rescoped.push_back(council->name());
      }
    }
    for (const auto& [code, council] : before.named) {
      if (!after.named.contains(code)) left.push_back(council->name());
    }
    std::vector<std::string> notes;
    if (!joined.empty()) notes.push_back(absl::StrCat("now with ", Listed(joined)));
    if (!left.empty()) notes.push_back(absl::StrCat("no longer with ", Listed(left)));
    if (before.unnamed != after.unnamed) {
      notes.push_back(
          absl::StrCat("councils that are not named: ", after.unnamed, ", before ", before.unnamed));
    }
    if (!notes.empty()) Add("councils", absl::StrJoin(notes, "; "));
    if (!rescoped.empty()) {
      Add("scope", absl::StrCat("what the figures include changed at ", Listed(rescoped)));
    }
  }

 private:
  const std::string period_;
  v1::TrendResponse& response_;
};

void AddBreaks(const std::vector<PeriodAnswer>& answers, const std::string& geography,
               const catalogue::Library& library, v1::TrendResponse& response) {
  for (std::size_t i = 1; i < answers.size(); ++i) {
    const v1::QueryResponse& before = answers[i - 1].answer;
    const v1::QueryResponse& after = answers[i].answer;
    Breaks breaks(answers[i].period.label, response);
    if (!before.figures().empty() && !after.figures().empty()) {
      const v1::Figure& old_one = before.figures(0);
      const v1::Figure& new_one = after.figures(0);
      if (old_one.version() != new_one.version()) {
        breaks.Add("definition",
                   absl::StrCat("version ", new_one.version(), ", before version ", old_one.version()), true);
      }
      if (old_one.mode() != new_one.mode()) {
        breaks.Add("protection", absl::StrCat(contract::NameOf(new_one.mode()), ", before ",
                                              contract::NameOf(old_one.mode())));
      }
    }
    breaks.AddCouncils(ContributorsOf(before, geography, library), ContributorsOf(after, geography, library));
  }
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

// Those of the last version.
std::vector<Point> PointsOf(const v1::TrendResponse::Series& series) {
  std::vector<Point> points;
  const std::uint32_t version = series.figures().empty() ? 0 : series.figures().rbegin()->version();
  for (const v1::Figure& figure : series.figures()) {
    if (figure.version() != version) {
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
                                .interval = {.lower = figure.lower(), .upper = figure.upper()}}});
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

void AddTests(v1::Direction direction, v1::TrendResponse::Series& series) {
  const std::vector<Point> points = PointsOf(series);
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
    AddTests(metric == nullptr ? v1::DIRECTION_NEUTRAL
                               : catalogue::DirectionOf(*metric, series.figures(0).quantity()),
             series);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::TrendResponse> TrendOf(const v1::TrendRequest& request, const Scope& scope,
                                          const catalogue::Library& library, BenchmarkQuery& query) {
  v1::TrendResponse response;
  ASSIGN_OR_RETURN(const std::vector<PeriodAnswer> answers, PeriodAnswers(request, scope, query, response));
  response.set_geography(request.geography().empty() ? std::string(kParticipantsCode) : request.geography());
  AddBreaks(answers, response.geography(), library, response);
  RETURN_IF_ERROR(AddSeries(request, answers, library.Find(request.metric()), response));
  *response.mutable_coverage() = answers.back().answer.coverage();
  return response;
}

}  // namespace waymark::coordinator
