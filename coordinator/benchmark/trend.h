// One place's figures over every published period, which way they go, and what else changed meanwhile.
//
// Periods are those as long as the newest one, without overlap. Figures of different versions of a definition
// are never tested against each other. What is compared comes from each period's own publication: a later
// round of a period stands in the place of an earlier one.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_TREND_H_
#define WAYMARK_COORDINATOR_BENCHMARK_TREND_H_

#include "absl/status/statusor.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/query.h"
#include "coordinator/benchmark/scope.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// Errors of BenchmarkQuery::Answer for the newest period; a period without the place is left out, and said.
// INVALID_ARGUMENT where no figure has the window and unit. Thread-safe.
absl::StatusOr<v1::TrendResponse> TrendOf(const v1::TrendRequest& request, const Scope& scope,
                                          const catalogue::Library& library, BenchmarkQuery& query);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_TREND_H_
