// A questionnaire's answers combined (coordinator/benchmark/guide.h), for a terminal. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_CLI_GUIDE_TEXT_H_
#define WAYMARK_COORDINATOR_CLI_GUIDE_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "coordinator/benchmark/guide.h"

namespace waymark::coordinator {

// At one place, by code; "": all participants. INVALID_ARGUMENT with the codes that there are.
absl::StatusOr<std::string> GuideText(const Guide& guide, const std::string& geography);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_GUIDE_TEXT_H_
