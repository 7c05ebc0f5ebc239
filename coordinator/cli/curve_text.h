// Survival curves and cumulative incidences as tables for a terminal. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_CLI_CURVE_TEXT_H_
#define WAYMARK_COORDINATOR_CLI_CURVE_TEXT_H_

#include <string>

#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// Of each place, unit and category a table with a row a day: the share without an event and that with each
// kind, with their bands. `metric` may be null: then there are no titles.
std::string CurveTables(const v1::QueryResponse& response, const v1::Metric* metric);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_CURVE_TEXT_H_
