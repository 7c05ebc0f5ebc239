// A scorecard as text for a terminal, as CSV and as JSON. Pure functions; thread-safe.
#ifndef WAYMARK_COORDINATOR_CLI_SCORECARD_OUTPUT_H_
#define WAYMARK_COORDINATOR_CLI_SCORECARD_OUTPUT_H_

#include <string>

#include "waymark/v1/scorecard.pb.h"

namespace waymark::coordinator {

// At most 100 columns wide: the figures, their years before, what they are made of, and notes.
std::string ScorecardText(const v1::Scorecard& card);

// One header line, one line for each line, place and year. Columns keep their names and order from version to
// version; new ones come last. No value: the cell is empty, and status and shorthand say why.
std::string ScorecardCsv(const v1::Scorecard& card);

std::string ScorecardJson(const v1::Scorecard& card);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_SCORECARD_OUTPUT_H_
