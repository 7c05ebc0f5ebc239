// One council beside its region and all participants. Pure functions; thread-safe.
#ifndef WAYMARK_COORDINATOR_CLI_COMPARE_H_
#define WAYMARK_COORDINATOR_CLI_COMPARE_H_

#include <string>

#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

struct ComparedPlaces {
  std::string council;  // codes
  std::string region;
};

// A table for each window and unit, a row a figure, at most 100 columns wide; then notes. `metric` may be
// null.
std::string ComparisonText(const v1::QueryResponse& response, const ComparedPlaces& places,
                           const v1::Metric* metric);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_COMPARE_H_
