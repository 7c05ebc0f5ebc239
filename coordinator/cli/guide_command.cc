#include "coordinator/cli/guide_command.h"

#include <memory>
#include <string>

#include "base/status.h"
#include "coordinator/benchmark/guide.h"
#include "coordinator/cli/connection.h"
#include "coordinator/cli/guide_text.h"
#include "coordinator/cli/installed_catalogue.h"
#include "coordinator/cli/output.h"
#include "coordinator/cli/selection.h"
#include "coordinator/export/guide_table.h"
#include "crypto/random.h"

namespace waymark::coordinator {

absl::Status GuideCommand(const QueryOptions& options, const FigureSelection& selection,
                          const std::string& geography, bool alike) {
  ASSIGN_OR_RETURN(const catalogue::Library library, LoadLibrary(options.catalogue));
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  crypto::SystemRandom random;
  const auto ask = [&](const v1::QueryRequest& request) { return connection->Query(request); };
  ASSIGN_OR_RETURN(const Guide guide, GuideOf({.metric = selection.metric,
                                               .version = selection.version,
                                               .period = selection.period,
                                               .alike = alike},
                                              library, ask, DrawFrom(random)));
  if (options.json) {
    Print(GuideJson(guide));
  } else if (options.csv) {
    Print(alike ? GuideAlikeCsv(guide) : GuideCsv(guide));
  } else {
    ASSIGN_OR_RETURN(const std::string text, GuideText(guide, geography));
    Print(text);
  }
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
