#include "node/cli/benchmark_watch.h"

#include "base/log.h"
#include "node/pages/refresher.h"
#include "node/site/kept_benchmarks.h"

namespace waymark::node {

bool BenchmarkWatch::LookWhenDue() {
  if (clock_.Now() < next_) return false;
  next_ = NextNight(clock_.Now());
  bool is_new = false;
  for (const v1::Metric& metric : site_.library.metrics()) {
    if (metric.modes().empty()) continue;  // it never leaves a council
    v1::QueryRequest query;
    query.set_metric(metric.id());
    query.set_version(metric.version());
    const absl::StatusOr<v1::QueryResponse> benchmark = link_.Query(query);
    if (absl::IsUnavailable(benchmark.status()) || absl::IsDeadlineExceeded(benchmark.status())) {
      next_ = clock_.Now() + absl::Hours(1);
      return is_new;
    }
    if (!benchmark.ok() || benchmark->figures_size() == 0) continue;
    const absl::Status kept = KeepBenchmark(site_.configuration, metric.id(), *benchmark);
    if (!kept.ok()) {
      Log(LogLevel::kWarning, "a benchmark could not be kept", {{"error", std::string(kept.message())}});
      return is_new;
    }
    is_new = true;
  }
  return is_new;
}

}  // namespace waymark::node
