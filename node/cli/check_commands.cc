#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/status.h"
#include "node/cli/commands.h"
#include "node/disclose/policy.h"
#include "node/ingest/suggest.h"
#include "node/quality/data_report.h"
#include "node/site/council_data.h"
#include "node/site/published_rows.h"
#include "node/site/site.h"

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
  ASSIGN_OR_RETURN(const PublishedStatistics published, PublishedStatistics::Load(site));
  const SystemClock clock;
  Progress progress(clock, TerminalForProgress());
  ASSIGN_OR_RETURN(const CouncilData data, ReadCouncilData(site, published, &progress));
  const DataReport& report = data.report;
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
