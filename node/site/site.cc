#include "node/site/site.h"

#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "node/ingest/accumulate.h"
#include "node/ingest/formats.h"
#include "node/ingest/ingest.h"
#include "node/ingest/templates.h"
#include "node/questionnaire/filled.h"

namespace waymark::node {

namespace {

// Rows that a council began to keep last year do not shorten what its journeys show.
bool IsTemplates(const SourceConfig& source) {
  return source.format->read == ReadTemplates;
}

}  // namespace

absl::StatusOr<Site> LoadSite(const std::string& configuration_path) {
  Site site;
  ASSIGN_OR_RETURN(site.configuration, LoadConfiguration(configuration_path));
  ASSIGN_OR_RETURN(site.library, catalogue::Library::Load(site.configuration.catalogue_directory));
  for (const auto& [id, file] : site.configuration.questionnaires) {
    if (site.library.FindQuestionnaire(id) != nullptr) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        configuration_path, ": [questionnaires] ", id, ": the catalogue has no such questionnaire; it has ",
        absl::StrJoin(
            site.library.questionnaires(), ", ",
            [](std::string* out, const v1::Questionnaire& one) { absl::StrAppend(out, one.id()); })));
  }
  return site;
}

absl::StatusOr<std::map<std::string, SurveyAnswers>> LoadAnswers(const Site& site) {
  std::map<std::string, SurveyAnswers> answers;
  ErrorList errors;
  for (const auto& [id, file] : site.configuration.questionnaires) {
    const absl::StatusOr<Filled> filled = Filled::Load(file, site.library);
    errors.Add(filled.status());
    if (filled.ok()) answers.emplace(id, filled->Answers());
  }
  RETURN_IF_ERROR(errors.Joined());
  return answers;
}

std::FILE* TerminalForProgress() {
  return ::isatty(STDERR_FILENO) != 0 ? stderr : nullptr;
}

absl::StatusOr<Journeys> LoadJourneys(const Configuration& configuration, Progress* progress,
                                      const Extras& make) {
  if (configuration.sources.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        configuration.path, ": there is no [[source]] table; add one that names the council's extract"));
  }
  const auto show = [progress](std::uint64_t done, std::uint64_t total) {
    if (progress != nullptr) progress->Show("reading", done, total);
  };
  ASSIGN_OR_RETURN(IngestResult ingested, Ingest(configuration.sources, show, make));
  return BuildJourneys(std::move(ingested.records));
}

absl::StatusOr<std::vector<Period>> DefaultPeriods(const Configuration& configuration) {
  Day from = 0;
  Day extract = kNoDay;
  const auto narrow = [&](const Coverage& coverage) {
    if (coverage.from == kNoDay) return;
    from = std::max(from, coverage.from);
    extract = std::min(extract, coverage.extract);
  };
  const std::vector<SourceConfig>& all = configuration.sources;
  const bool only_templates = std::all_of(all.begin(), all.end(), IsTemplates);
  for (const SourceConfig& source : all) {
    if (IsTemplates(source) && !only_templates) continue;
    if (!source.accumulate) {
      narrow({.from = source.covered_from, .extract = source.extract_date});
      continue;
    }
    ASSIGN_OR_RETURN(const std::vector<ExtractHead> extracts, ExtractsOf(source));
    const Reach reach = ReachOf(extracts);
    for (const Coverage& coverage :
         {reach.early_help, reach.social_care, reach.contacts, reach.early_help_assessments}) {
      narrow(coverage);
    }
  }
  std::vector<Period> years;
  std::vector<Period> quarters;
  for (Period year = FinancialYearOf(from); year.first <= extract; year = FinancialYearOf(year.last + 1)) {
    if (year.first >= from && year.last <= extract) years.push_back(year);
    for (const Period& quarter : QuartersWithin(year)) {
      if (quarter.first >= from && quarter.last <= extract) quarters.push_back(quarter);
    }
  }
  if (!years.empty()) return years;
  if (!quarters.empty()) return quarters;
  return absl::FailedPreconditionError(
      absl::StrCat("the sources cover no whole quarter (", FormatDay(from), " to ", FormatDay(extract),
                   "); name a period with --period, as ", FormatDay(from), "..", FormatDay(extract)));
}

}  // namespace waymark::node
