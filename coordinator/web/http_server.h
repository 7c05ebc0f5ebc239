// A small HTTP/1.1 listener for reading: GET and HEAD, each answered by one function. Plain HTTP, on this
// machine alone: a reverse proxy beside it holds TLS for the outside.
//
// Limits: a request line and headers of 16 KiB; no body; `connections` at once (more wait in the system's
// queue); ten seconds to send a request, a minute to take an answer, counted anew after each 64 KiB of it:
// whoever reads a byte a second is let go like one who reads nothing; idle connections are closed. What is
// over a limit, or no HTTP, gets a 4xx and is closed.
#ifndef WAYMARK_COORDINATOR_WEB_HTTP_SERVER_H_
#define WAYMARK_COORDINATOR_WEB_HTTP_SERVER_H_

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace waymark::coordinator {

struct HttpRequest {
  std::string path;                                 // decoded: "/api/v1/tables/1.csv"
  std::multimap<std::string, std::string> query{};  // decoded
  std::string authorization{};                      // the header; "" where there is none
  std::string if_none_match{};
  std::string peer{};  // X-Real-IP of the proxy before it, or this machine
};

struct HttpResponse {
  int status = 200;
  std::string content_type{};
  std::shared_ptr<const std::string> body{};     // null: none
  std::map<std::string, std::string> headers{};  // further ones
};

inline std::shared_ptr<const std::string> HttpBody(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// "%2F", "+" in a query; nothing where it is not well formed: bad escapes, control characters, or more than
// 64 parameters.
absl::StatusOr<HttpRequest> ParseTarget(const std::string& target);

class HttpServer {
 public:
  // May be called by several threads at once. An answer without a body has none sent.
  using Handler = std::function<HttpResponse(const HttpRequest&)>;
  struct Options {
    std::string address;  // "127.0.0.1:8080", "[::1]:0"; port 0: any free one
    int threads = 4;
    int connections = 256;
    std::chrono::milliseconds to_send = std::chrono::seconds(10);  // a request
    std::chrono::milliseconds to_take = std::chrono::seconds(60);  // the next piece of an answer: 64 KiB
  };

  // INVALID_ARGUMENT where the address is not this machine's own (loopback); UNAVAILABLE where it is taken.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const Options& options, Handler handler);
  // Stops: answers under way are cut off.
  ~HttpServer();

  std::string local_address() const;  // "127.0.0.1:port"

 private:
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_WEB_HTTP_SERVER_H_
