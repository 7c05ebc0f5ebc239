// Benchmarks as the coordinator published them, kept under the state directory, so that pages and people can
// look at them without a connection. They are public: nothing of the council's is in them.
#ifndef WAYMARK_NODE_SITE_KEPT_BENCHMARKS_H_
#define WAYMARK_NODE_SITE_KEPT_BENCHMARKS_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "node/site/configuration.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::node {

// In place of what was kept of the metric.
absl::Status KeepBenchmark(const Configuration& configuration, absl::string_view metric,
                           const v1::QueryResponse& benchmark);

// By metric; what cannot be read is left out: the next asking writes it anew.
std::map<std::string, v1::QueryResponse> KeptBenchmarks(const Configuration& configuration);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_KEPT_BENCHMARKS_H_
