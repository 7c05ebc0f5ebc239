// Everything that is published and may be seen, some figures at a time: memory depends on how many those are,
// and not on how much is published.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_EXPORT_PARTS_H_
#define WAYMARK_COORDINATOR_BENCHMARK_EXPORT_PARTS_H_

#include <functional>

#include "absl/status/status.h"
#include "coordinator/benchmark/query.h"
#include "coordinator/benchmark/scope.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// What it returns other than OK ends the export.
using PartSink = std::function<absl::Status(v1::ExportPart)>;

// Publications in the order of ListPublished; of each all together, then its breakdowns; of these regions and
// all participants, then councils. Every figure comes once. INVALID_ARGUMENT names a metric that is not
// published, PERMISSION_DENIED one that the scope does not hold;
// NOT_FOUND: nothing is published. Nothing is kept of what was read. Thread-safe.
absl::Status ExportParts(const v1::ExportRequest& request, const Scope& scope, BenchmarkQuery& query,
                         const PartSink& sink);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_EXPORT_PARTS_H_
