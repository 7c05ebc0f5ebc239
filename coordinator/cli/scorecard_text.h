// A scorecard as text for a terminal. Pure function; thread-safe.
#ifndef WAYMARK_COORDINATOR_CLI_SCORECARD_TEXT_H_
#define WAYMARK_COORDINATOR_CLI_SCORECARD_TEXT_H_

#include <string>

#include "waymark/v1/scorecard.pb.h"

namespace waymark::coordinator {

// At most 100 columns wide: the figures, their years before, what they are made of, and notes.
std::string ScorecardText(const v1::Scorecard& card);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_SCORECARD_TEXT_H_
