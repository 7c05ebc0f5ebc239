// A query made less by what its caller may see.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_CONFINE_H_
#define WAYMARK_COORDINATOR_BENCHMARK_CONFINE_H_

#include "absl/status/status.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/scope.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// PERMISSION_DENIED where the request names a metric or a place out of the scope, whatever is published.
absl::Status CheckScope(const v1::QueryRequest& request, const Scope& scope,
                        const catalogue::Library& library);

// What is asked of whom sees some regions alone, where it names none: those, and all participants.
v1::QueryRequest Filled(const v1::QueryRequest& asked, const Scope& scope);

// Takes out of coverage and geographies what the scope does not hold, and of a request that was filled in
// what this round has not. `response.geographies` are those of the round still. PERMISSION_DENIED where
// `asked` names participants whom the scope does not see; NOT_FOUND where nothing is left.
absl::Status Confine(const v1::QueryRequest& asked, const Scope& scope, const catalogue::Library& library,
                     v1::QueryRequest& request, v1::QueryResponse& response);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_CONFINE_H_
