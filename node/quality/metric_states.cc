#include "node/quality/metric_states.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "node/measure/availability.h"
#include "node/measure/unwalked.h"

namespace waymark::node {
namespace {

MetricState StateOf(const v1::Metric& metric, absl::string_view period) {
  return {.metric = metric.id(), .title = metric.title(), .period = std::string(period)};
}

MetricState OfPublished(const MetricSources& sources, const v1::Metric& metric) {
  const published::Answer answer = published::FiguresFor(sources.published, metric, sources.area, kNoDay);
  MetricState state = StateOf(metric, answer.period);
  state.reason = sources.published.collection.empty() ? "no published file is configured"
                                                      : absl::StrJoin(answer.missing, "; ");
  if (!answer.figures.empty()) {
    if (!state.reason.empty()) state.completeness = Completeness::kPartial;
    return state;
  }
  state.completeness = Completeness::kNotAvailable;
  if (state.reason.empty()) state.reason = "no file has a value for this council";
  return state;
}

// The rate beside a count, of which the published population may be missing.
std::vector<std::string> MissingRate(const MetricSources& sources, const v1::Metric& metric, Day until) {
  if (!metric.has_published()) return {};
  if (sources.published.collection.empty()) return {"a rate: no published file is configured"};
  const published::Answer answer = published::RateFor(sources.published, metric, sources.area, until, 0);
  if (answer.missing.empty()) return {};
  return {absl::StrCat("a rate: ", absl::StrJoin(answer.missing, "; "))};
}

// Surveys, data quality and what templates hold: by making the first of their tables.
absl::StatusOr<MetricState> OfUnwalked(const MetricSources& sources, MeasureRequest request) {
  const v1::Metric& metric = *request.metric;
  ASSIGN_OR_RETURN(const std::vector<Measured> tables,
                   MeasureUnwalked(sources.journeys, request, {static_cast<v1::Unit>(metric.units(0))}));
  MetricState state = StateOf(metric, request.period.label);
  state.completeness = tables.front().completeness;
  state.reason = tables.front().reason;
  return state;
}

absl::StatusOr<MetricState> OfSurvey(const MetricSources& sources, MeasureRequest request) {
  const auto answers = sources.answers.find(request.metric->survey().questionnaire());
  if (answers != sources.answers.end()) {
    request.answers = &answers->second;
    request.period = answers->second.period;
  }
  return OfUnwalked(sources, std::move(request));
}

std::vector<std::string> UntoldOutcomes(const Journeys& journeys, const v1::Metric& metric) {
  std::vector<std::string> untold;
  if (metric.kind() != v1::METRIC_KIND_PROPORTION) return untold;
  const std::vector<bool> carried = CarriedOutcomes(journeys, metric);
  for (std::size_t i = 0; i < carried.size(); ++i) {
    if (!carried[i]) untold.push_back(metric.outcomes(static_cast<int>(i)).title());
  }
  return untold;
}

void AddWalked(const MetricSources& sources, MeasureRequest request, const std::vector<Period>& periods,
               std::vector<MetricState>& states) {
  const v1::Metric& metric = *request.metric;
  std::vector<std::uint32_t> windows(metric.window_days().begin(), metric.window_days().end());
  if (windows.empty() || metric.kind() == v1::METRIC_KIND_SURVIVAL) windows = {0};
  const std::vector<std::string> untold = UntoldOutcomes(sources.journeys, metric);
  for (const std::uint32_t window : windows) {
    for (const Period& period : periods) {
      request.period = period;
      Availability found = Assess(sources.journeys, request, window);
      MetricState& state = states.emplace_back(StateOf(metric, period.label));
      state.window_days = window;
      state.completeness = found.completeness;
      state.reason = std::move(found.reason);
      if (!found.can_be_measured()) continue;
      state.without = untold;
      for (std::string& missing : MissingRate(sources, metric, period.last))
        state.without.push_back(std::move(missing));
    }
  }
}

}  // namespace

absl::StatusOr<std::vector<MetricState>> MetricStates(const MetricSources& sources,
                                                      const std::vector<Period>& periods) {
  const catalogue::Library& library = sources.published.library;
  std::vector<MetricState> states;
  for (const v1::Metric& metric : library.metrics()) {
    MeasureRequest request{.metric = &metric};
    request.calendar = &library.working_days();
    if (metric.kind() == v1::METRIC_KIND_PUBLISHED) {
      states.push_back(OfPublished(sources, metric));
    } else if (metric.kind() == v1::METRIC_KIND_SURVEY) {
      ASSIGN_OR_RETURN(states.emplace_back(), OfSurvey(sources, std::move(request)));
    } else if (!IsUnwalked(metric)) {
      AddWalked(sources, std::move(request), periods, states);
    } else {
      for (const Period& period : periods) {
        request.period = period;
        ASSIGN_OR_RETURN(states.emplace_back(), OfUnwalked(sources, request));
      }
    }
  }
  return states;
}

std::vector<std::string> UnusedStandards(const Templates& templates, const catalogue::Library& library) {
  std::vector<std::string> unused;
  for (const Standard& standard : templates.standards.rows) {
    const v1::Metric* const metric = library.Find(standard.metric);
    if (metric == nullptr || !HasStandard(*metric)) unused.push_back(standard.metric);
  }
  return unused;
}

}  // namespace waymark::node
