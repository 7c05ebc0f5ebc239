// From what somebody typed to what is measured.
#ifndef WAYMARK_NODE_CLI_FIGURE_REQUEST_H_
#define WAYMARK_NODE_CLI_FIGURE_REQUEST_H_

#include <vector>

#include "absl/status/statusor.h"
#include "node/cli/commands.h"
#include "node/cli/site.h"
#include "node/measure/measurer.h"

namespace waymark::node {

// One request a metric and period. A breakdown, window or unit that some selected entries lack is left out
// for those, so that one command can ask several metrics; INVALID_ARGUMENT where none of them has it. The
// requests point into `site`.
absl::StatusOr<std::vector<MeasureRequest>> FigureRequests(const Site& site, const FigureOptions& options);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_CLI_FIGURE_REQUEST_H_
