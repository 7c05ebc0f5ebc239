// What is wrong with a request, as JSON (RFC 9457). Thread-safe.
#ifndef WAYMARK_HTTP_PROBLEM_H_
#define WAYMARK_HTTP_PROBLEM_H_

#include <string>

#include "absl/status/status.h"
#include "http/message.h"

namespace waymark::http {

Response Problem(int status, const std::string& title, const std::string& detail);

// 400 for INVALID_ARGUMENT, 404 for NOT_FOUND, and so on; 500 for what is ours.
int StatusCodeOf(const absl::Status& status);

}  // namespace waymark::http

#endif  // WAYMARK_HTTP_PROBLEM_H_
