// A scorecard as a flat table and as JSON. Pure functions; thread-safe.
#ifndef WAYMARK_COORDINATOR_EXPORT_SCORECARD_TABLE_H_
#define WAYMARK_COORDINATOR_EXPORT_SCORECARD_TABLE_H_

#include <string>

#include "waymark/v1/scorecard.pb.h"

namespace waymark::coordinator {

// One header line, one line for each line, place and year. Columns keep their names and order from version to
// version; new ones come last. No value: the cell is empty, and status and shorthand say why.
std::string ScorecardCsv(const v1::Scorecard& card);

std::string ScorecardJson(const v1::Scorecard& card);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_EXPORT_SCORECARD_TABLE_H_
