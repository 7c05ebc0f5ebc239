// What a selection's words mean. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_CLI_SELECTION_H_
#define WAYMARK_COORDINATOR_CLI_SELECTION_H_

#include "absl/status/statusor.h"
#include "coordinator/cli/commands.h"
#include "waymark/v1/release.pb.h"

namespace waymark::coordinator {

// UNSPECIFIED where none is named; INVALID_ARGUMENT on an unknown one.
absl::StatusOr<v1::Unit> UnitOf(const FigureSelection& selection);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_SELECTION_H_
