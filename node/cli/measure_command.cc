#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/cli/beside_rows.h"
#include "node/cli/commands.h"
#include "node/cli/figure_request.h"
#include "node/cli/figure_rows.h"
#include "node/cli/published_rows.h"
#include "node/cli/site.h"

namespace waymark::node {
namespace {

bool IsSurvey(const MeasureRequest& request) {
  return request.metric->kind() == v1::METRIC_KIND_SURVEY;
}

// Gives surveys the council's answers. Where nobody named a period, answers stand for that of their own file,
// whatever the records cover, and once.
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

// The rows of what is measured from the council's records, rates included.
absl::Status WriteMeasured(const Site& site, const FigureOptions& figures,
                           const PublishedStatistics& published, RowWriter& writer) {
  ASSIGN_OR_RETURN(auto requests, FigureRequests(site, figures));
  std::map<std::string, SurveyAnswers> answers;
  if (std::any_of(requests.begin(), requests.end(), IsSurvey)) {
    ASSIGN_OR_RETURN(answers, LoadAnswers(site));
    AnswerSurveys(answers, !figures.periods.empty(), requests);
  }
  const SystemClock clock;
  Progress progress(clock, TerminalForProgress());
  // Answers need no records.
  ASSIGN_OR_RETURN(const Journeys journeys,
                   std::all_of(requests.begin(), requests.end(), IsSurvey)
                       ? BuildJourneys(Records())
                       : LoadJourneys(site.configuration, &progress, ExtrasOf(requests)));
  progress.Show("measuring", 0, 0);
  const OwnStandards standards(journeys.records().templates, requests);
  ASSIGN_OR_RETURN(const auto measured, MeasureAll(journeys, requests));
  writer.WriteEach(standards.requests(), [&](std::size_t i) {
    std::vector<FigureRow> rows;
    const MeasureRequest& request = requests[i];
    for (const Measured& table : measured[i]) AppendRows(*request.metric, table, rows);
    published.AppendRates(*request.metric, request.period, 0, rows);
    standards.AppendRows(i, measured, rows);
    AppendPaths(journeys, request, rows);
    published.AppendRoughGuide(*request.metric, request.period, journeys, rows);
    return rows;
  });
  return absl::OkStatus();
}

absl::Status WritePublished(const v1::Metric& metric, const FigureOptions& figures,
                            const PublishedStatistics& published, RowWriter& writer) {
  std::vector<FigureRow> rows;
  if (figures.periods.empty()) published.AppendRows(metric, std::nullopt, rows);
  for (const std::string& text : figures.periods) {
    ASSIGN_OR_RETURN(const Period period, ParsePeriod(text));
    published.AppendRows(metric, period, rows);
  }
  writer.Write(rows);
  return absl::OkStatus();
}

}  // namespace

absl::Status MeasureCommand(const CommonOptions& common, const FigureOptions& figures) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  ASSIGN_OR_RETURN(const auto metrics, site.library.Select(figures.metric));
  ASSIGN_OR_RETURN(const PublishedStatistics published, PublishedStatistics::Load(site));
  RowWriter writer(common.json ? RowFormat::kJson : figures.csv ? RowFormat::kCsv : RowFormat::kText, stdout);
  const auto is_published = [](const v1::Metric* metric) {
    return metric->kind() == v1::METRIC_KIND_PUBLISHED;
  };
  if (!std::all_of(metrics.begin(), metrics.end(), is_published)) {
    RETURN_IF_ERROR(WriteMeasured(site, figures, published, writer));
  }
  for (const v1::Metric* metric : metrics) {
    if (is_published(metric)) RETURN_IF_ERROR(WritePublished(*metric, figures, published, writer));
  }
  return writer.Finish();
}

}  // namespace waymark::node
