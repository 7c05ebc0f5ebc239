#include "node/cli/site.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "node/ingest/accumulate.h"
#include "node/ingest/ingest.h"

namespace waymark::node {

absl::StatusOr<Site> LoadSite(const std::string& configuration_path) {
  Site site;
  ASSIGN_OR_RETURN(site.configuration, LoadConfiguration(configuration_path));
  ASSIGN_OR_RETURN(site.library, catalogue::Library::Load(site.configuration.catalogue_directory));
  return site;
}

absl::StatusOr<Journeys> LoadJourneys(const Configuration& configuration) {
  if (configuration.sources.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        configuration.path, ": there is no [[source]] table; add one that names the council's extract"));
  }
  ASSIGN_OR_RETURN(IngestResult ingested, Ingest(configuration.sources));
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
  for (const SourceConfig& source : configuration.sources) {
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
