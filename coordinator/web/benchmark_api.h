// The benchmarks by HTTP: what is published, as CSV and JSON for Excel, Power BI and programs. Read only;
// every address but the description needs a bearer token, or the session of one (callers.h), which sees what
// its role and grant see by gRPC.
//
// One list of addresses (`Routes`) is what is dispatched and what the OpenAPI description says.
#ifndef WAYMARK_COORDINATOR_WEB_BENCHMARK_API_H_
#define WAYMARK_COORDINATOR_WEB_BENCHMARK_API_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/answer_cache.h"
#include "coordinator/benchmark/published_board.h"
#include "coordinator/benchmark/query.h"
#include "coordinator/export/figure_table.h"
#include "coordinator/serve/access.h"
#include "coordinator/web/callers.h"
#include "http/message.h"

namespace waymark::coordinator {

// Thread-safe. What it is made from outlives it.
class BenchmarkApi {
 public:
  struct Parts {
    const catalogue::Library& library;
    Callers& callers;
    BenchmarkQuery& query;
    PublishedBoard& published;
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
  http::Response Respond(const http::Request& request);

  static const std::vector<Route>& Routes();

 private:
  absl::StatusOr<http::Response> Find(const http::Request& request);

  absl::StatusOr<Tagged> Metrics(const Asked& asked);
  absl::StatusOr<Tagged> MetricOf(const Asked& asked);
  absl::StatusOr<Tagged> Published(const Asked& asked);
  absl::StatusOr<Tagged> TableCsv(const Asked& asked);
  absl::StatusOr<Tagged> TableJson(const Asked& asked);
  absl::StatusOr<Tagged> TableWorkbook(const Asked& asked);
  absl::StatusOr<Tagged> TableMetadata(const Asked& asked);
  absl::StatusOr<Tagged> JourneysCsvOf(const Asked& asked);
  absl::StatusOr<Tagged> JourneysJsonOf(const Asked& asked);
  absl::StatusOr<Tagged> GuideCsvOf(const Asked& asked);
  absl::StatusOr<Tagged> GuideJsonOf(const Asked& asked);
  absl::StatusOr<Tagged> ScorecardCsvOf(const Asked& asked);
  absl::StatusOr<Tagged> ScorecardJsonOf(const Asked& asked);

  // What `make` gives, kept for whoever asks the same until something else is published.
  absl::StatusOr<Tagged> Kept(const Asked& asked, const std::function<absl::StatusOr<std::string>()>& make);
  absl::StatusOr<Tagged> Table(const Asked& asked,
                               absl::StatusOr<std::string> (*write)(const PublishedTable&,
                                                                    const catalogue::Library&));

  const Parts parts_;
  AnswerCache<Tagged> tables_{std::size_t{64} << 20};
};

// The description of `routes` by OpenAPI 3.0.3.
std::string OpenApiDocument(const std::vector<BenchmarkApi::Route>& routes);
inline constexpr char kOpenApiPath[] = "/api/v1/openapi.json";

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_WEB_BENCHMARK_API_H_
