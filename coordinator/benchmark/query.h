// Answers queries from what was published.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_QUERY_H_
#define WAYMARK_COORDINATOR_BENCHMARK_QUERY_H_

#include <vector>

#include "absl/status/statusor.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/scope.h"
#include "coordinator/store/store.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// Thread-safe. The references must outlive this.
class BenchmarkQuery {
 public:
  BenchmarkQuery(Store& store, const catalogue::Library& library) : store_(store), library_(library) {}

  // The newest version and period where the request leaves them open; of two rounds that published the same,
  // the later. INVALID_ARGUMENT: a word that is not known, with those that are. NOT_FOUND: known, and nothing
  // published under it, with what is.
  // Of councils and regions out of the scope nothing is said, in figures, coverage or messages;
  // PERMISSION_DENIED where the request names one, or a metric out of it, whatever is published.
  absl::StatusOr<v1::QueryResponse> Answer(const v1::QueryRequest& asked, const Scope& scope);

  absl::StatusOr<v1::ListPublishedResponse> ListPublished(const Scope& scope);

 private:
  absl::StatusOr<std::vector<PublishedItem>> Visible(const Scope& scope);
  absl::StatusOr<PublishedItem> FindItem(const v1::QueryRequest& request, const Scope& scope);

  Store& store_;
  const catalogue::Library& library_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_QUERY_H_
