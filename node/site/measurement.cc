#include "node/site/measurement.h"

#include <optional>
#include <utility>

#include "base/period.h"
#include "base/status.h"

namespace waymark::node {

bool IsSurvey(const MeasureRequest& request) {
  return request.metric->kind() == v1::METRIC_KIND_SURVEY;
}

void AnswerSurveys(const std::map<std::string, SurveyAnswers>& all, bool period_named,
                   std::vector<MeasureRequest>& requests) {
  std::vector<MeasureRequest> kept;
  for (MeasureRequest& request : requests) {
    if (IsSurvey(request)) {
      const auto answers = all.find(request.metric->survey().questionnaire());
      if (answers != all.end()) request.answers = &answers->second;
      if (!period_named && !kept.empty() && kept.back().metric == request.metric) continue;
      if (!period_named && request.answers != nullptr) request.period = request.answers->period;
    }
    kept.push_back(std::move(request));
  }
  requests = std::move(kept);
}

Measurement::Measurement(const Journeys& journeys, std::vector<MeasureRequest> requests,
                         const PublishedStatistics& published)
    : journeys_(journeys),
      published_(published),
      requests_(std::move(requests)),
      standards_(journeys.records().templates, requests_) {}

absl::StatusOr<std::unique_ptr<Measurement>> Measurement::Make(const Journeys& journeys,
                                                               std::vector<MeasureRequest> requests,
                                                               const PublishedStatistics& published) {
  std::unique_ptr<Measurement> made(new Measurement(journeys, std::move(requests), published));
  ASSIGN_OR_RETURN(made->measured_, MeasureAll(journeys, made->requests_));
  return made;
}

std::vector<FigureRow> Measurement::RowsOf(std::size_t i) const {
  std::vector<FigureRow> rows;
  const MeasureRequest& request = requests_[i];
  for (const Measured& table : measured_[i]) AppendRows(*request.metric, table, rows);
  published_.AppendRates(*request.metric, request.period, 0, rows);
  standards_.AppendRows(i, measured_, rows);
  AppendPaths(journeys_, request, rows);
  published_.AppendRoughGuide(*request.metric, request.period, journeys_, rows);
  return rows;
}

absl::StatusOr<std::vector<FigureRow>> PublishedRows(const v1::Metric& metric,
                                                     const std::vector<std::string>& periods,
                                                     const PublishedStatistics& published) {
  std::vector<FigureRow> rows;
  if (periods.empty()) published.AppendRows(metric, std::nullopt, rows);
  for (const std::string& text : periods) {
    ASSIGN_OR_RETURN(const Period period, ParsePeriod(text));
    published.AppendRows(metric, period, rows);
  }
  return rows;
}

}  // namespace waymark::node
