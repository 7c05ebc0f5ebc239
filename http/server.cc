#include "http/server.h"

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
#include <limits>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>  // before Beast: Boost 1.74 does not compile in C++20 otherwise
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/log.h"
#include "base/status.h"
#include "http/host.h"
#include "http/problem.h"
#include "http/target.h"

namespace waymark::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = beast::http;
using Tcp = asio::ip::tcp;

constexpr std::size_t kMostHeader = 16 << 10;
constexpr std::uint64_t kMostForm = 64 << 10;
constexpr absl::string_view kFormType = "application/x-www-form-urlencoded";
constexpr auto kAfterFailure = std::chrono::milliseconds(500);
constexpr std::size_t kMostAddress = 64;
constexpr auto kToDrain = std::chrono::seconds(2);
constexpr std::size_t kMostDrained = 16 << 20;  // of what comes after the last answer
constexpr std::size_t kPiece = 64 << 10;        // of an answer: the minute begins anew after each

// Of every answer.
constexpr std::pair<const char*, const char*> kAlways[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
     "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
    {"Referrer-Policy", "same-origin"},
    {"X-Content-Type-Options", "nosniff"}};

absl::string_view View(beast::string_view text) {
  return {text.data(), text.size()};
}

absl::StatusOr<Request> RequestOf(const wire::request<wire::string_body>& message, bool is_post,
                                  const std::string& user_header) {
  const auto header = [&message](auto name) { return std::string(View(message[name])); };
  ASSIGN_OR_RETURN(Request request, ParseTarget(View(message.target())));
  request.is_post = is_post;
  if (is_post && !message.body().empty()) {
    const std::string type = header(wire::field::content_type);
    if (!absl::EqualsIgnoreCase(absl::string_view(type).substr(0, type.find(';')), kFormType))
      return absl::UnimplementedError(absl::StrCat("a form is sent as ", kFormType));
    ASSIGN_OR_RETURN(request.form, ParseForm(message.body()));
  }
  request.authorization = header(wire::field::authorization);
  request.if_none_match = header(wire::field::if_none_match);
  request.cookie = header(wire::field::cookie);
  request.host = header(wire::field::host);
  request.origin = header(wire::field::origin);
  request.fetch_site = header("Sec-Fetch-Site");
  request.accept_encoding = header(wire::field::accept_encoding);
  request.is_https = View(message["X-Forwarded-Proto"]) == "https";
  const std::string peer = header("X-Real-IP");
  request.peer = peer.empty() || peer.size() > kMostAddress ? "this machine" : peer;
  // Twice, it could be the proxy's and another's.
  if (!user_header.empty() && message.count(user_header) == 1) request.user = header(user_header);
  return request;
}

// One connection. Keeps itself alive while something is under way.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Tcp::socket socket, const Server::Options& options, const Server::Handler& handler,
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
    // Larger than any form, so that the header is read whatever it says of its body.
    parser_->body_limit(std::numeric_limits<std::uint64_t>::max());
    stream_.expires_after(options_.to_send);
    wire::async_read_header(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](beast::error_code error, std::size_t) { self->OnHeader(error); });
  }

  void OnHeader(beast::error_code error) {
    if (error) {
      OnRead(error);
      return;
    }
    const bool is_form = options_.takes_forms && parser_->get().method() == wire::verb::post;
    const std::uint64_t most = is_form ? kMostForm : 0;
    if (const auto length = parser_->content_length(); length && *length > most) {
      OnRead(wire::error::body_limit);
      return;
    }
    parser_->body_limit(most);
    wire::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](beast::error_code failed, std::size_t) { self->OnRead(failed); });
  }

  void OnRead(beast::error_code error) {
    if (error == wire::error::end_of_stream || error == beast::error::timeout ||
        error == asio::error::operation_aborted || error == asio::error::connection_reset) {
      Close();
      return;
    }
    keep_ = !error && parser_->get().keep_alive();
    const bool is_head = !error && parser_->get().method() == wire::verb::head;
    Write(error ? Refusal(error) : Answer(parser_->get()), error ? 11 : parser_->get().version(), is_head);
  }

  Response Refusal(beast::error_code error) const {
    if (error == wire::error::header_limit)
      return Problem(431, "HEADERS_TOO_LARGE", "the request's headers are over 16 KiB");
    if (error == wire::error::body_limit)
      return Problem(413, "CONTENT_TOO_LARGE",
                     options_.takes_forms ? "a form has at most 64 KiB, and no other request a body"
                                          : "a request has no body here");
    return Problem(400, "INVALID_ARGUMENT", "this is no HTTP request that is understood here");
  }

  Response Answer(const wire::request<wire::string_body>& message) {
    if (message.count(wire::field::host) != 1 || !IsOwnHost(View(message[wire::field::host]), options_.names))
      return Misdirected();
    const bool is_post = options_.takes_forms && message.method() == wire::verb::post;
    if (!is_post && message.method() != wire::verb::get && message.method() != wire::verb::head) {
      Response refused = Problem(405, "METHOD_NOT_ALLOWED",
                                 options_.takes_forms ? "only GET, HEAD and POST are answered here"
                                                      : "only GET and HEAD are answered here");
      refused.headers["Allow"] = options_.takes_forms ? "GET, HEAD, POST" : "GET, HEAD";
      return refused;
    }
    absl::StatusOr<Request> request = RequestOf(message, is_post, options_.user_header);
    if (!request.ok()) {
      const bool is_other = absl::IsUnimplemented(request.status());
      return Problem(is_other ? 415 : 400, is_other ? "UNSUPPORTED_MEDIA_TYPE" : "INVALID_ARGUMENT",
                     std::string(request.status().message()));
    }
    try {
      return handler_(*request);
    } catch (const std::exception& error) {  // out of memory, say; the others' requests go on
      Log(LogLevel::kError, "an HTTP request failed", {{"error", error.what()}});
      return Problem(500, "INTERNAL", "it failed here; this program's log says why");
    }
  }

  void Write(Response response, unsigned version, bool is_head) {
    const std::size_t length = response.body == nullptr ? 0 : response.body->size();
    body_ = is_head ? nullptr : std::move(response.body);
    wire::response<wire::empty_body> head(static_cast<wire::status>(response.status), version);
    if (!response.content_type.empty()) head.set(wire::field::content_type, response.content_type);
    for (const auto& [name, value] : kAlways) head.set(name, value);
    for (const auto& [name, value] : response.headers) head.set(name, value);
    if (response.status != 304) head.content_length(length);
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
  const Server::Options& options_;
  const Server::Handler& handler_;
  const std::function<void()> ended_;
  beast::flat_buffer buffer_{kMostHeader + 1024};
  std::optional<wire::request_parser<wire::string_body>> parser_;
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

struct Server::State {
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

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Options& options, Handler handler) {
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
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() {
  state_->is_stopping = true;
  state_->context.stop();
  for (std::thread& thread : state_->threads) thread.join();
}

std::string Server::local_address() const {
  beast::error_code error;
  const Tcp::endpoint endpoint = state_->acceptor.local_endpoint(error);
  std::ostringstream text;
  text << endpoint;
  return text.str();
}

}  // namespace waymark::http
