// One place's figures over time, for a terminal. Pure functions; thread-safe.
#ifndef WAYMARK_COORDINATOR_CLI_TREND_TEXT_H_
#define WAYMARK_COORDINATOR_CLI_TREND_TEXT_H_

#include <string>

#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// A table for each window, unit and quantity, at most 100 columns wide, each with what its tests say; then
// why figures may have changed otherwise, and notes. `metric` may be null.
std::string TrendText(const v1::TrendResponse& trend, const v1::Metric* metric);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_TREND_TEXT_H_
