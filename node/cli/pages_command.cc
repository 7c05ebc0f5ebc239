#include <cstdio>

#include "base/status.h"
#include "node/cli/commands.h"
#include "node/cli/stop_signal.h"
#include "node/pages/server.h"
#include "node/site/site.h"

namespace waymark::node {

absl::Status PagesCommand(const CommonOptions& common, const Clock& clock) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  StopOnSignals();
  ASSIGN_OR_RETURN(const auto pages, PagesServer::Start(site, clock));
  std::printf("http://%s/\n", pages->local_address().c_str());
  std::fflush(stdout);
  while (!IsStopAsked()) PauseUntil(clock, clock.Now() + absl::Seconds(1));
  return absl::OkStatus();
}

}  // namespace waymark::node
