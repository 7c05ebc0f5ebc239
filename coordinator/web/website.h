// Everything under the coordinator's HTTP listener: the API, the national pages, signing in, and the files
// that the pages need.
//
// One list of pages (`Pages`) is what is dispatched. A page is made as data by its maker (page.h) and written
// by its template (web/templates/national). Who is not signed in is sent to sign in, and back.
#ifndef WAYMARK_COORDINATOR_WEB_WEBSITE_H_
#define WAYMARK_COORDINATOR_WEB_WEBSITE_H_

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/web/benchmark_api.h"
#include "coordinator/web/callers.h"
#include "coordinator/web/page.h"
#include "http/message.h"
#include "http/static_files.h"
#include "http/templates.h"

namespace waymark::coordinator {

// Thread-safe. What it is made from outlives it.
class Website {
 public:
  struct Page {
    const char* path;   // at most one {variable}
    const char* label;  // in the navigation; "": not there
    const char* call;   // the gRPC call whose callers may see it
    PageMaker make;
  };
  struct Parts {
    Callers& callers;
    BenchmarkApi& api;
    PageParts pages;
    std::string federation;  // its name
  };

  // `web`: the folder that the build of web/ made. Without it the API is served alone: NOT_FOUND.
  static absl::StatusOr<Website> Load(const std::string& web, const Parts& parts);

  // Never fails: what goes wrong is a page, or of the API a problem, that says so.
  http::Response Respond(const http::Request& request);

  static const std::vector<Page>& Pages();

 private:
  Website(const Parts& parts, http::Templates templates, http::StaticFiles files);

  http::Response SignIn(const http::Request& request);
  http::Response SignOut(const http::Request& request);
  absl::StatusOr<http::Response> MakePage(const http::Request& request);
  http::Response Written(const http::Request& request, nlohmann::ordered_json context, int status);
  http::Response Trouble(const http::Request& request, const absl::Status& status);

  const Parts parts_;
  const http::Templates templates_;
  const http::StaticFiles files_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_WEB_WEBSITE_H_
