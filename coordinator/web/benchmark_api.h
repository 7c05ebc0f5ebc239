// The benchmarks by HTTP: what is published, as CSV and JSON for Excel, Power BI and programs. Read only;
// every address but the description needs a bearer token, which sees what its role and grant see by gRPC.
//
// One list of addresses (`Routes`) is what is dispatched and what the OpenAPI description says.
#ifndef WAYMARK_COORDINATOR_WEB_BENCHMARK_API_H_
#define WAYMARK_COORDINATOR_WEB_BENCHMARK_API_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/answer_cache.h"
#include "coordinator/benchmark/published_board.h"
#include "coordinator/benchmark/query.h"
#include "coordinator/export/figure_table.h"
#include "coordinator/federation/access_book.h"
#include "coordinator/serve/access.h"
#include "coordinator/web/http_server.h"

namespace waymark::coordinator {

// Of one token in a minute; beyond it, 429.
inline constexpr int kMostRequestsAMinute = 600;

// Thread-safe. What it is made from outlives it.
class BenchmarkApi {
 public:
  struct Parts {
    const catalogue::Library& library;
    AccessBook& access;
    BenchmarkQuery& query;
    PublishedBoard& published;
    const Clock& clock;
  };
  struct Asked {
    const HttpRequest& request;
    const Caller& caller;
    std::string variable;  // what stands in the address's braces
  };
  // A body, and the tag of its very bytes.
  struct Tagged {
    std::shared_ptr<const std::string> body;
    std::string tag;
  };
  using Answer = absl::StatusOr<Tagged> (BenchmarkApi::*)(const Asked&);
  struct Parameter {
    const char* name;
    const char* description;
  };
  struct Route {
    const char* path;  // at most one {variable}
    const char* summary;
    const char* content_type;
    const char* call;      // the gRPC call whose callers may read it; "": whoever has a token
    const char* variable;  // of the path, described; ""
    std::vector<Parameter> query;
    Answer answer;
  };

  explicit BenchmarkApi(const Parts& parts) : parts_(parts) {}

  // Never fails: what goes wrong is an answer with a problem (RFC 9457) that names the field.
  HttpResponse Respond(const HttpRequest& request);

  static const std::vector<Route>& Routes();

 private:
  absl::StatusOr<HttpResponse> Find(const HttpRequest& request);
  absl::Status CountRequest(const std::string& name);

  absl::StatusOr<Tagged> Metrics(const Asked& asked);
  absl::StatusOr<Tagged> MetricOf(const Asked& asked);
  absl::StatusOr<Tagged> Published(const Asked& asked);
  absl::StatusOr<Tagged> TableCsv(const Asked& asked);
  absl::StatusOr<Tagged> TableJson(const Asked& asked);
  absl::StatusOr<Tagged> TableWorkbook(const Asked& asked);
  absl::StatusOr<Tagged> TableMetadata(const Asked& asked);
  absl::StatusOr<Tagged> JourneysCsvOf(const Asked& asked);
  absl::StatusOr<Tagged> JourneysJsonOf(const Asked& asked);
  absl::StatusOr<Tagged> ScorecardCsvOf(const Asked& asked);
  absl::StatusOr<Tagged> ScorecardJsonOf(const Asked& asked);

  // What `write` makes of the table that is asked for, kept until something else is published.
  absl::StatusOr<Tagged> Table(const Asked& asked,
                               absl::StatusOr<std::string> (*write)(const PublishedTable&,
                                                                    const catalogue::Library&));

  const Parts parts_;
  AnswerCache<Tagged> tables_{std::size_t{64} << 20};
  absl::Mutex mutex_;
  std::int64_t minute_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, int> requests_ ABSL_GUARDED_BY(mutex_);  // of minute_, by the token's name
};

// The description of `routes` by OpenAPI 3.0.3.
std::string OpenApiDocument(const std::vector<BenchmarkApi::Route>& routes);
inline constexpr char kOpenApiPath[] = "/api/v1/openapi.json";

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_WEB_BENCHMARK_API_H_
