// `waymark guide`.
#ifndef WAYMARK_COORDINATOR_CLI_GUIDE_COMMAND_H_
#define WAYMARK_COORDINATOR_CLI_GUIDE_COMMAND_H_

#include <string>

#include "absl/status/status.h"
#include "coordinator/cli/commands.h"

namespace waymark::coordinator {

// A questionnaire's answers combined, at all places; as text, at one. `alike`: whether a region's councils
// are.
absl::Status GuideCommand(const QueryOptions& options, const FigureSelection& selection,
                          const std::string& geography, bool alike);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_GUIDE_COMMAND_H_
