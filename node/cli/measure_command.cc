#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/cli/commands.h"
#include "node/site/figure_request.h"
#include "node/site/figure_rows.h"
#include "node/site/measurement.h"
#include "node/site/published_rows.h"
#include "node/site/site.h"

namespace waymark::node {
namespace {

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
  ASSIGN_OR_RETURN(const auto measurement, Measurement::Make(journeys, std::move(requests), published));
  writer.WriteEach(measurement->requests(), [&](std::size_t i) { return measurement->RowsOf(i); });
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
    if (!is_published(metric)) continue;
    ASSIGN_OR_RETURN(const std::vector<FigureRow> rows, PublishedRows(*metric, figures.periods, published));
    writer.Write(rows);
  }
  return writer.Finish();
}

}  // namespace waymark::node
