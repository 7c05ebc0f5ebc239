// Where a council's figure stands among the other councils': ranks that its uncertainty leaves open, quarter
// by what is better, and funnel limits at its size. All of it is worked out of published figures, so it
// tells nothing that they do not. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_STANDING_H_
#define WAYMARK_COORDINATOR_BENCHMARK_STANDING_H_

#include <cstddef>
#include <vector>

#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// A standing among fewer councils would say nothing.
inline constexpr std::size_t kLeastPeers = 3;

// Sets `standing` (benchmark.proto) of each figure in `figures` that `peers` hold too: councils' own figures,
// each council once a window, unit, category and quantity. `peers` are those of every council that it may be
// set against, all of one metric, period and breakdown; `metric` is their definition.
//
// Ranks: Klein, Wright and Wieczorek (statistics/ranking.h) on intervals widened so that all hold together at
// 95%. Limits: statistics/funnel.h; noise and suppression in a council's own figure widen its own limits, by
// how much wider its interval is than that of sampling alone.
void SetStandings(const v1::Metric& metric, const std::vector<v1::Figure>& peers,
                  std::vector<v1::Figure>& figures);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_STANDING_H_
