#include "coordinator/web/http_problem.h"

#include <nlohmann/json.hpp>

namespace waymark::coordinator {

HttpResponse HttpProblem(int status, const std::string& title, const std::string& detail) {
  using Json = nlohmann::ordered_json;
  const Json body = {{"title", title}, {"status", status}, {"detail", detail}};
  return {.status = status,
          .content_type = "application/problem+json",
          .body = HttpBody(body.dump(2, ' ', false, Json::error_handler_t::replace) + "\n")};
}

}  // namespace waymark::coordinator
