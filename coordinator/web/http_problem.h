// What is wrong with a request, as JSON (RFC 9457). Thread-safe.
#ifndef WAYMARK_COORDINATOR_WEB_HTTP_PROBLEM_H_
#define WAYMARK_COORDINATOR_WEB_HTTP_PROBLEM_H_

#include <string>

#include "coordinator/web/http_server.h"

namespace waymark::coordinator {

HttpResponse HttpProblem(int status, const std::string& title, const std::string& detail);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_WEB_HTTP_PROBLEM_H_
