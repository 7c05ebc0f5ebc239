// Answers queries from what was published.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_QUERY_H_
#define WAYMARK_COORDINATOR_BENCHMARK_QUERY_H_

#include "absl/status/statusor.h"
#include "catalogue/library.h"
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
  absl::StatusOr<v1::QueryResponse> Answer(const v1::QueryRequest& request);

  absl::StatusOr<v1::ListPublishedResponse> ListPublished();

 private:
  absl::StatusOr<PublishedItem> FindItem(const v1::QueryRequest& request);

  Store& store_;
  const catalogue::Library& library_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_QUERY_H_
