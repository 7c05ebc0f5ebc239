#include "coordinator/web/http_server.h"

#include <array>
#include <atomic>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>  // before Beast: Boost 1.74 does not compile in C++20 otherwise
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/log.h"
#include "base/status.h"
#include "coordinator/web/http_problem.h"

namespace waymark::coordinator {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tcp = asio::ip::tcp;

constexpr std::size_t kMostHeader = 16 << 10;
constexpr auto kAfterFailure = std::chrono::milliseconds(500);
constexpr std::size_t kMostAddress = 64;
constexpr auto kToDrain = std::chrono::seconds(2);
constexpr std::size_t kMostDrained = 16 << 20;  // of what comes after the last answer
constexpr std::size_t kPiece = 64 << 10;        // of an answer: the minute begins anew after each

absl::string_view View(beast::string_view text) {
  return {text.data(), text.size()};
}

// One connection. Keeps itself alive while something is under way.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Tcp::socket socket, const HttpServer::Options& options, const HttpServer::Handler& handler,
          std::function<void()> ended)
      : stream_(std::move(socket)), options_(options), handler_(handler), ended_(std::move(ended)) {}
  ~Session() { ended_(); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Begin() {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->Read(); });
  }

 private:
  void Read() {
    parser_.emplace();
    parser_->header_limit(kMostHeader);
    parser_->body_limit(std::uint64_t{0});
    stream_.expires_after(options_.to_send);
    http::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](beast::error_code error, std::size_t) { self->OnRead(error); });
  }

  void OnRead(beast::error_code error) {
    if (error == http::error::end_of_stream || error == beast::error::timeout ||
        error == asio::error::operation_aborted || error == asio::error::connection_reset) {
      Close();
      return;
    }
    keep_ = !error && parser_->get().keep_alive();
    const bool is_head = !error && parser_->get().method() == http::verb::head;
    Write(error ? Refusal(error) : Answer(parser_->get()), error ? 11 : parser_->get().version(), is_head);
  }

  static HttpResponse Refusal(beast::error_code error) {
    if (error == http::error::header_limit)
      return HttpProblem(431, "HEADERS_TOO_LARGE", "the request's headers are over 16 KiB");
    if (error == http::error::body_limit)
      return HttpProblem(413, "CONTENT_TOO_LARGE", "a request has no body here");
    return HttpProblem(400, "INVALID_ARGUMENT", "this is no HTTP request that is understood here");
  }

  HttpResponse Answer(const http::request<http::empty_body>& message) {
    if (message.method() != http::verb::get && message.method() != http::verb::head) {
      HttpResponse refused = HttpProblem(405, "METHOD_NOT_ALLOWED", "only GET and HEAD are answered here");
      refused.headers["Allow"] = "GET, HEAD";
      return refused;
    }
    absl::StatusOr<HttpRequest> request = ParseTarget(std::string(View(message.target())));
    if (!request.ok()) return HttpProblem(400, "INVALID_ARGUMENT", std::string(request.status().message()));
    request->authorization = std::string(View(message[http::field::authorization]));
    request->if_none_match = std::string(View(message[http::field::if_none_match]));
    const absl::string_view peer = View(message["X-Real-IP"]);
    request->peer = peer.empty() || peer.size() > kMostAddress ? "this machine" : std::string(peer);
    try {
      return handler_(*request);
    } catch (const std::exception& error) {  // out of memory, say; the others' requests go on
      Log(LogLevel::kError, "an HTTP request failed", {{"error", error.what()}});
      return HttpProblem(500, "INTERNAL", "it failed here; the coordinator's log says why");
    }
  }

  void Write(HttpResponse response, unsigned version, bool is_head) {
    const std::size_t length = response.body == nullptr ? 0 : response.body->size();
    body_ = is_head ? nullptr : std::move(response.body);
    http::response<http::empty_body> head(static_cast<http::status>(response.status), version);
    if (!response.content_type.empty()) head.set(http::field::content_type, response.content_type);
    for (const auto& [name, value] : response.headers) head.set(name, value);
    if (response.status != 304) head.content_length(length);
    head.set("X-Content-Type-Options", "nosniff");
    head.keep_alive(keep_);
    std::ostringstream text;
    text << head.base();
    head_ = text.str();
    sent_ = 0;
    stream_.expires_after(options_.to_take);
    asio::async_write(
        stream_, asio::buffer(head_),
        [self = shared_from_this()](beast::error_code error, std::size_t) { self->OnWritten(error); });
  }

  void OnWritten(beast::error_code error) {
    if (error) {
      Close();
      return;
    }
    if (body_ != nullptr && sent_ < body_->size()) {
      const std::size_t piece = std::min(kPiece, body_->size() - sent_);
      const char* const begin = body_->data() + sent_;
      sent_ += piece;
      stream_.expires_after(options_.to_take);
      asio::async_write(
          stream_, asio::buffer(begin, piece),
          [self = shared_from_this()](beast::error_code failed, std::size_t) { self->OnWritten(failed); });
      return;
    }
    body_.reset();
    if (keep_) {
      Read();
    } else {
      Drain();
    }
  }

  // What was sent and not read would make closing a reset, which may take the answer from who has not read it
  // yet. So: nothing more from here, and a little of what comes is read and dropped, for a short while.
  void Drain() {
    beast::error_code ignored;
    stream_.socket().shutdown(Tcp::socket::shutdown_send, ignored);
    stream_.expires_after(kToDrain);
    DrainMore();
  }
  void DrainMore() {
    stream_.async_read_some(asio::buffer(dropped_),
                            [self = shared_from_this()](beast::error_code error, std::size_t bytes) {
                              self->drained_ += bytes;
                              if (error || self->drained_ > kMostDrained) {
                                self->Close();
                              } else {
                                self->DrainMore();
                              }
                            });
  }

  void Close() {
    beast::error_code ignored;
    stream_.socket().shutdown(Tcp::socket::shutdown_both, ignored);
    stream_.close();
  }

  beast::tcp_stream stream_;
  const HttpServer::Options& options_;
  const HttpServer::Handler& handler_;
  const std::function<void()> ended_;
  beast::flat_buffer buffer_{kMostHeader + 1024};
  std::optional<http::request_parser<http::empty_body>> parser_;
  std::string head_;
  std::shared_ptr<const std::string> body_;
  std::size_t sent_ = 0;
  bool keep_ = false;
  std::array<char, 4096> dropped_;
  std::size_t drained_ = 0;
};

absl::StatusOr<Tcp::endpoint> EndpointOf(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  int port = -1;
  if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port) || port < 0 ||
      port > 65535)
    return absl::InvalidArgumentError(
        absl::StrCat(address, ": expected an address and port, as 127.0.0.1:8080"));
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  beast::error_code error;
  const asio::ip::address parsed = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
  if (error || !parsed.is_loopback()) {
    return absl::InvalidArgumentError(absl::StrCat(
        address,
        ": plain HTTP is served on this machine alone (127.0.0.1 or [::1]); put a proxy that holds "
        "TLS before it"));
  }
  return Tcp::endpoint(parsed, static_cast<std::uint16_t>(port));
}

// What a connection could not have ends that connection alone.
void RunOn(asio::io_context& context) {
  for (;;) {
    try {
      context.run();
      return;
    } catch (const std::exception& error) {
      Log(LogLevel::kError, "an HTTP connection failed", {{"error", error.what()}});
    }
  }
}

}  // namespace

struct HttpServer::State {
  State(Options chosen, Handler answer) : options(std::move(chosen)), handler(std::move(answer)) {}

  // One accepted at a time; none while there are too many.
  void Accept() {
    acceptor.async_accept(asio::make_strand(context), [this](beast::error_code error, Tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error) {
        ++connections;
        beast::error_code ignored;  // without it a small answer waits for the peer's acknowledgement
        socket.set_option(Tcp::no_delay(true), ignored);
        std::make_shared<Session>(std::move(socket), options, handler, [this] { Ended(); })->Begin();
      } else {
        // Out of descriptors, say: at once it would be so again.
        Log(LogLevel::kWarning, "an HTTP connection could not be taken", {{"error", error.message()}});
        pause.expires_after(kAfterFailure);
        pause.async_wait([this](beast::error_code stopped) {
          if (!stopped) Accept();
        });
        return;
      }
      if (connections < options.connections) {
        Accept();
      } else {
        is_full = true;
        // One may have ended since it was looked at.
        if (connections < options.connections && is_full.exchange(false)) Accept();
      }
    });
  }
  void Ended() {
    --connections;
    if (!is_stopping && is_full.exchange(false)) asio::post(context, [this] { Accept(); });
  }

  const Options options;
  const Handler handler;
  std::atomic<int> connections = 0;
  std::atomic<bool> is_full = false;
  std::atomic<bool> is_stopping = false;  // sessions that go with the context
  asio::io_context context;
  Tcp::acceptor acceptor{context};
  asio::steady_timer pause{context};
  std::vector<std::thread> threads;
};

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const Options& options, Handler handler) {
  ASSIGN_OR_RETURN(const Tcp::endpoint endpoint, EndpointOf(options.address));
  auto state = std::make_unique<State>(options, std::move(handler));
  beast::error_code error;
  state->acceptor.open(endpoint.protocol(), error);
  if (!error) state->acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) state->acceptor.bind(endpoint, error);
  if (!error) state->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return absl::UnavailableError(absl::StrCat(options.address, ": ", error.message()));
  state->Accept();
  for (int i = 0; i < options.threads; ++i)
    state->threads.emplace_back([context = &state->context] { RunOn(*context); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

HttpServer::~HttpServer() {
  state_->is_stopping = true;
  state_->context.stop();
  for (std::thread& thread : state_->threads) thread.join();
}

std::string HttpServer::local_address() const {
  beast::error_code error;
  const Tcp::endpoint endpoint = state_->acceptor.local_endpoint(error);
  std::ostringstream text;
  text << endpoint;
  return text.str();
}

}  // namespace waymark::coordinator
