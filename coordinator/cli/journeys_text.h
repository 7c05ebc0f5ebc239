// Moves between states as tables for a terminal. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_CLI_JOURNEYS_TEXT_H_
#define WAYMARK_COORDINATOR_CLI_JOURNEYS_TEXT_H_

#include <string>

#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// A table for each unit, window and category, the greatest flow first. `metric` may be null: then there are
// no titles.
std::string JourneysText(const v1::JourneysResponse& journeys, const v1::Metric* metric);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_JOURNEYS_TEXT_H_
