// Where councils stand among each other, as tables for a terminal: ranks, quarters, funnel limits. Pure
// functions; thread-safe.
#ifndef WAYMARK_COORDINATOR_CLI_STANDING_TEXT_H_
#define WAYMARK_COORDINATOR_CLI_STANDING_TEXT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// "above 99.8% limits", "within 95% limits", …; "" without limits.
absl::string_view FunnelPlaceOf(const v1::Figure& figure);

// Heading, a table of councils for each window, unit, group and quantity, the better first, notes. `metric`
// may be null: then the higher comes first.
std::string StandingTables(const v1::QueryResponse& response, const v1::Metric* metric);

// One council's figures of one window and unit, a row a quantity; "" where none has a standing.
std::string StandingOfCouncil(const std::vector<const v1::Figure*>& figures);

// What the tables' columns mean.
std::string StandingNotes();

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_STANDING_TEXT_H_
