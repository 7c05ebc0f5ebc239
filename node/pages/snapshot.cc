#include "node/pages/snapshot.h"

#include <algorithm>
#include <utility>

#include "base/status.h"
#include "node/site/figure_request.h"
#include "node/site/kept_benchmarks.h"
#include "node/site/measurement.h"
#include "published/scorecard.h"

namespace waymark::node {

absl::StatusOr<std::shared_ptr<const Snapshot>> Snapshot::Read(const Site& site, absl::Time now) {
  std::shared_ptr<Snapshot> made(new Snapshot());
  made->read_at_ = now;
  ASSIGN_OR_RETURN(PublishedStatistics published, PublishedStatistics::Load(site));
  made->published_ = std::make_unique<const PublishedStatistics>(std::move(published));
  ASSIGN_OR_RETURN(CouncilData data, ReadCouncilData(site, *made->published_, nullptr));
  made->data_ = std::make_unique<const CouncilData>(std::move(data));
  RETURN_IF_ERROR(made->MeasureAllMetrics(site));
  RETURN_IF_ERROR(made->StandBesideBenchmarks(site));
  if (!made->published_->collection().empty()) {
    auto scorecard =
        published::ScorecardFor(made->published_->sources(), site.configuration.council_code, kNoDay);
    // A council that is no authority of the published files has no scorecard, and the rest of its pages.
    if (scorecard.ok()) made->scorecard_ = *std::move(scorecard);
  }
  return made;
}

absl::Status Snapshot::MeasureAllMetrics(const Site& site) {
  std::vector<MeasureRequest> requests;
  for (const v1::Metric& metric : site.library.metrics()) {
    if (metric.kind() == v1::METRIC_KIND_PUBLISHED) {
      ASSIGN_OR_RETURN(rows_[metric.id()], PublishedRows(metric, {}, *published_));
      continue;
    }
    for (const Period& period : data_->periods) {
      requests.push_back({.metric = &metric, .period = period, .calendar = &site.library.working_days()});
    }
    // Answers need no records.
    if (data_->periods.empty() && metric.kind() == v1::METRIC_KIND_SURVEY)
      requests.push_back({.metric = &metric});
  }
  AnswerSurveys(data_->answers, /*period_named=*/false, requests);
  std::erase_if(requests, [](const MeasureRequest& request) {
    return IsSurvey(request) && request.answers == nullptr;
  });
  ASSIGN_OR_RETURN(const auto measurement,
                   Measurement::Make(data_->journeys, std::move(requests), *published_));
  for (std::size_t i = 0; i < measurement->requests(); ++i) {
    std::vector<FigureRow>& rows = rows_[measurement->request(i).metric->id()];
    for (FigureRow& row : measurement->RowsOf(i)) rows.push_back(std::move(row));
  }
  return absl::OkStatus();
}

absl::Status Snapshot::StandBesideBenchmarks(const Site& site) {
  Whereabouts here;
  if (const v1::Area* area = site.library.FindArea(site.configuration.council_code))
    here.region_code = area->region_code();
  std::vector<MeasureRequest> requests;
  std::vector<v1::QueryResponse> benchmarks;
  for (auto& [id, benchmark] : KeptBenchmarks(site.configuration)) {
    const v1::Metric* metric = site.library.Find(id);
    const absl::StatusOr<Period> period = ParsePeriod(benchmark.figures(0).period());
    if (metric == nullptr || metric->version() != benchmark.version() || !period.ok()) continue;
    if (metric->kind() == v1::METRIC_KIND_PUBLISHED || metric->kind() == v1::METRIC_KIND_SURVEY) continue;
    requests.push_back({.metric = metric, .period = *period, .calendar = &site.library.working_days()});
    benchmarks.push_back(std::move(benchmark));
  }
  ASSIGN_OR_RETURN(const auto measured, MeasureAll(data_->journeys, requests));
  for (std::size_t i = 0; i < requests.size(); ++i) {
    KeptPositions& kept = positions_[requests[i].metric->id()];
    kept.positions = PositionsOf(benchmarks[i], *requests[i].metric, here, measured[i]);
    kept.benchmark = std::move(benchmarks[i]);
  }
  return absl::OkStatus();
}

const std::vector<FigureRow>& Snapshot::RowsOf(absl::string_view metric) const {
  static const auto* const kNone = new std::vector<FigureRow>();
  const auto found = rows_.find(metric);
  return found == rows_.end() ? *kNone : found->second;
}

const KeptPositions* Snapshot::PositionsFor(absl::string_view metric) const {
  const auto found = positions_.find(metric);
  return found == positions_.end() ? nullptr : &found->second;
}

Day Snapshot::extract_day() const {
  const Records& records = data_->journeys.records();
  Day latest = kNoDay;
  for (const Coverage& coverage :
       {records.early_help, records.social_care, records.contact, records.early_help_assessment}) {
    if (coverage.extract == kNoDay) continue;
    latest = latest == kNoDay ? coverage.extract : std::min(latest, coverage.extract);
  }
  return latest;
}

}  // namespace waymark::node
