#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/status.h"
#include "node/cli/commands.h"
#include "node/cli/published_rows.h"
#include "node/cli/site.h"
#include "node/disclose/policy.h"
#include "node/ingest/ingest.h"
#include "node/ingest/suggest.h"
#include "node/journey/journeys.h"
#include "node/quality/data_report.h"
#include "node/quality/further_fields.h"

namespace waymark::node {

absl::Status CheckConfigCommand(const CommonOptions& common) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  Policy policy;
  if (!site.configuration.policy_path.empty()) {
    ASSIGN_OR_RETURN(policy, Policy::Load(site.configuration.policy_path, site.library));
  }
  const std::string release = policy.releases()
                                  ? absl::StrCat(policy.allowances().size(), " metric(s) may leave")
                                  : absl::StrCat("nothing leaves: ", std::string(policy.closed_because()));
  if (common.json) {
    const nlohmann::ordered_json object = {{"config", common.config},
                                           {"council", site.configuration.council_code},
                                           {"sources", site.configuration.sources.size()},
                                           {"metrics", site.library.metrics().size()},
                                           {"policy", release}};
    std::printf("%s\n", object.dump(1).c_str());
  } else {
    std::printf("%s is good: %s (%s), %zu source(s), %zu metrics in the library; policy: %s\n",
                common.config.c_str(), site.configuration.council_name.c_str(),
                site.configuration.council_code.c_str(), site.configuration.sources.size(),
                site.library.metrics().size(), release.c_str());
  }
  return absl::OkStatus();
}

namespace {

absl::StatusOr<DataReport> MakeReport(const Site& site) {
  const Configuration& configuration = site.configuration;
  ASSIGN_OR_RETURN(const PublishedStatistics published, PublishedStatistics::Load(site));
  const SystemClock clock;
  Progress progress(clock, TerminalForProgress());
  IngestResult ingested;
  const bool has_sources = !configuration.sources.empty();
  if (has_sources) {
    ASSIGN_OR_RETURN(ingested,
                     Ingest(configuration.sources, [&progress](std::uint64_t done, std::uint64_t total) {
                       progress.Show("reading", done, total);
                     }));
  }
  DataReport report;
  report.council_code = configuration.council_code;
  report.council_name = configuration.council_name;
  report.ingest = std::move(ingested.report);
  report.findings = CheckRecords(ingested.records);
  report.further_fields = FurtherFields(ingested.records);
  ASSIGN_OR_RETURN(const Journeys journeys, BuildJourneys(std::move(ingested.records)));
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
  const std::map<std::string, SurveyAnswers> answers =
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
  if (!report.has_published) return report;
  report.published_files = published.collection().files();
  report.rejected = published.collection().rejections();
  ASSIGN_OR_RETURN(report.reconciled, Reconcile(journeys, published.sources(), configuration.council_code));
  return report;
}

absl::StatusOr<std::string> Suggestion(const CheckDataOptions& options) {
  if (!absl::StrContains(options.suggest, "://")) return SuggestForFile(options.suggest);
  return SuggestForDatabase({.connection = options.suggest, .password_file = options.password_file},
                            options.table);
}

}  // namespace

absl::Status CheckDataCommand(const CommonOptions& common, const CheckDataOptions& options) {
  if (!options.suggest.empty()) {
    ASSIGN_OR_RETURN(const std::string text, Suggestion(options));
    std::fwrite(text.data(), 1, text.size(), stdout);
    return absl::OkStatus();
  }
  if (common.config.empty()) {
    return absl::InvalidArgumentError("name the configuration with --config, or a file with --suggest");
  }
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  ASSIGN_OR_RETURN(const DataReport report, MakeReport(site));
  if (!options.html_path.empty())
    RETURN_IF_ERROR(WriteFileAtomically(options.html_path, PageHtml(PageOf(report)), 0600));
  const std::string text = common.json ? absl::StrCat(ReportJson(report), "\n") : ReportText(report);
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (report.ingest.HasErrors()) {
    return absl::FailedPreconditionError("some of the data cannot be used; the report says what to mend");
  }
  return absl::OkStatus();
}

}  // namespace waymark::node
