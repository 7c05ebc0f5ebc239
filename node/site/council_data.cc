#include "node/site/council_data.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "node/ingest/ingest.h"
#include "node/quality/further_fields.h"

namespace waymark::node {

absl::StatusOr<CouncilData> ReadCouncilData(const Site& site, const PublishedStatistics& published,
                                            Progress* progress) {
  const Configuration& configuration = site.configuration;
  IngestResult ingested;
  const bool has_sources = !configuration.sources.empty();
  if (has_sources) {
    ASSIGN_OR_RETURN(ingested,
                     Ingest(configuration.sources, [progress](std::uint64_t done, std::uint64_t total) {
                       if (progress != nullptr) progress->Show("reading", done, total);
                     }));
  }
  DataReport report;
  report.council_code = configuration.council_code;
  report.council_name = configuration.council_name;
  report.ingest = std::move(ingested.report);
  report.findings = CheckRecords(ingested.records);
  report.further_fields = FurtherFields(ingested.records);
  ASSIGN_OR_RETURN(Journeys journeys, BuildJourneys(std::move(ingested.records)));
  std::vector<Period> periods;
  if (!has_sources) {
    report.metrics_note = "there is no [[source]]: only what is published and answered is here.";
  } else if (auto covered = DefaultPeriods(configuration); covered.ok()) {
    periods = *std::move(covered);
  } else {
    report.metrics_note = std::string(covered.status().message());
  }
  // What cannot be read here is no reason to keep the rest back.
  const auto answered = LoadAnswers(site);
  if (!answered.ok()) {
    for (const absl::string_view line : absl::StrSplit(answered.status().message(), '\n'))
      report.ingest.issues.push_back({Severity::kWarning, "[questionnaires]", 0, std::string(line)});
  }
  std::map<std::string, SurveyAnswers> answers =
      answered.ok() ? *answered : std::map<std::string, SurveyAnswers>();
  ASSIGN_OR_RETURN(report.metrics, MetricStates({.journeys = journeys,
                                                 .answers = answers,
                                                 .published = published.sources(),
                                                 .area = configuration.council_code},
                                                periods));
  for (const std::string& metric : UnusedStandards(journeys.records().templates, site.library)) {
    report.ingest.issues.push_back(
        {Severity::kWarning, "standards.csv", 0,
         absl::StrCat("metric ", metric, " has no standard in working days: these days are not used")});
  }
  report.has_published = !configuration.published_paths.empty();
  if (report.has_published) {
    report.published_files = published.collection().files();
    report.rejected = published.collection().rejections();
    ASSIGN_OR_RETURN(report.reconciled, Reconcile(journeys, published.sources(), configuration.council_code));
  }
  return CouncilData{.report = std::move(report),
                     .journeys = std::move(journeys),
                     .answers = std::move(answers),
                     .periods = std::move(periods)};
}

}  // namespace waymark::node
