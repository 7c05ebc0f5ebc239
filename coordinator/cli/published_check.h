// Whether what the coordinator gives out as published is what its log says that it published.
#ifndef WAYMARK_COORDINATOR_CLI_PUBLISHED_CHECK_H_
#define WAYMARK_COORDINATOR_CLI_PUBLISHED_CHECK_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/cli/connection.h"
#include "waymark/v1/transparency.pb.h"

namespace waymark::coordinator {

struct PublishedChecked {
  std::size_t figures = 0;     // of all rounds, against the log
  std::size_t tables = 0;      // of councils, from which their own figures follow, against the log
  std::size_t benchmarks = 0;  // listed, each of which was asked for by query
};

// Every figure, council's table and contributor of every publication, that none is hidden, and every listed
// benchmark (regions and all participants; all breakdowns) as a query gives it. `publications` are a checked
// log's, without those that were withdrawn. DATA_LOSS naming the round and metric where one is another than
// the log says; errors of the connection.
absl::StatusOr<PublishedChecked> CheckPublished(Connection& connection,
                                                const std::vector<v1::Publication>& publications);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_PUBLISHED_CHECK_H_
