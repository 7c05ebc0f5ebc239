// Moves between states as the links of a Sankey diagram, from what is published: a transition matrix (metric
// 31), or a mix whose classes are moves (metric 7). Thread-safe.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_JOURNEYS_H_
#define WAYMARK_COORDINATOR_BENCHMARK_JOURNEYS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/query.h"
#include "coordinator/benchmark/scope.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// Errors of BenchmarkQuery::Answer; INVALID_ARGUMENT where the metric's quantities are no moves, with the
// library's that are.
absl::StatusOr<v1::JourneysResponse> JourneysOf(const v1::JourneysRequest& request, const Scope& scope,
                                                const catalogue::Library& library, BenchmarkQuery& query);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_JOURNEYS_H_
