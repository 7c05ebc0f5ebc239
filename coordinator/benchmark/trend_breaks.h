// What a trend is made of, and why its figures of one period and the next may differ for other reasons than
// families' lives. For trend.cc. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_TREND_BREAKS_H_
#define WAYMARK_COORDINATOR_BENCHMARK_TREND_BREAKS_H_

#include <string>
#include <vector>

#include "base/period.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/origin.h"
#include "proto/contract/succession.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

struct Lineages {
  const catalogue::Library& library;
  const contract::Successions& successions;
};

// What one period's publication says of the place.
struct PeriodAnswer {
  Period period;
  v1::QueryResponse answer;
  Origin origin{};
  std::string gap{};  // why there is nothing of the period before, though councils before this one were asked
};

// Earliest first. Adds to the response's breaks.
void AddBreaks(const std::vector<PeriodAnswer>& answers, const std::string& geography,
               const Lineages& lineages, v1::TrendResponse& response);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_TREND_BREAKS_H_
