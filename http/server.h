// A small HTTP/1.1 listener: GET and HEAD, and POST of forms where that is wanted, each answered by one
// function. Plain HTTP, on this machine alone: a reverse proxy beside it holds TLS for the outside.
//
// Limits: a request line and headers of 16 KiB; a form of 64 KiB, and no other body; `connections` at once
// (more wait in the system's queue); ten seconds to send a request, a minute to take an answer, counted anew
// after each 64 KiB of it: whoever reads a byte a second is let go like one who reads nothing; idle
// connections are closed. What is over a limit, or no HTTP, gets a 4xx and is closed.
//
// Every answer has the headers that keep a browser from doing what no page of ours asks for: nothing from
// elsewhere, no script or style that stands in a page, no frame around it.
#ifndef WAYMARK_HTTP_SERVER_H_
#define WAYMARK_HTTP_SERVER_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "http/message.h"

namespace waymark::http {

class Server {
 public:
  // May be called by several threads at once. An answer without a body has none sent.
  using Handler = std::function<Response(const Request&)>;
  struct Options {
    std::string address;  // "127.0.0.1:8080", "[::1]:0"; port 0: any free one
    int threads = 4;
    int connections = 256;
    bool takes_forms = false;          // POST, of application/x-www-form-urlencoded; else 405
    std::vector<std::string> names{};  // under which it is asked, beside loopback's; others get 421 (host.h)
    std::string user_header{};         // in which a proxy before it says who asks; "": none is read
    std::chrono::milliseconds to_send = std::chrono::seconds(10);  // a request
    std::chrono::milliseconds to_take = std::chrono::seconds(60);  // the next piece of an answer: 64 KiB
  };

  // INVALID_ARGUMENT where the address is not this machine's own (loopback); UNAVAILABLE where it is taken.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const Options& options, Handler handler);
  // Stops: answers under way are cut off.
  ~Server();

  std::string local_address() const;  // "127.0.0.1:port"

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace waymark::http

#endif  // WAYMARK_HTTP_SERVER_H_
