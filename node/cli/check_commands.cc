#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/cli/commands.h"
#include "node/cli/site.h"
#include "node/disclose/policy.h"
#include "node/ingest/ingest.h"

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

absl::Status CheckDataCommand(const CommonOptions& common) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(common.config));
  ASSIGN_OR_RETURN(const IngestResult result, Ingest(configuration.sources));
  const std::string text = common.json ? absl::StrCat(result.report.Json(), "\n") : result.report.Text();
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (result.report.HasErrors()) {
    return absl::FailedPreconditionError("some of the data cannot be used; the report says what to mend");
  }
  return absl::OkStatus();
}

}  // namespace waymark::node
