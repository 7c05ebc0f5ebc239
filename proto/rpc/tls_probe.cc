// CheckTls12IsRefused. Whether a server takes TLS 1.2 shows in the first record it sends after the client's
// greeting: a ServerHello says yes, an alert (or a closed connection, which is gRPC's way) says no. To shake
// hands to the end would tell less: a server that asks for a client certificate breaks off later, whatever
// the version.
#include <netdb.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/openssl_raii.h"
#include "proto/rpc/tls.h"

namespace waymark::rpc {
namespace {

using crypto::internal::BioPtr;
using crypto::internal::ErrorQueueGuard;
using crypto::internal::OpensslError;
using crypto::internal::OpensslPtr;

using ContextPtr = OpensslPtr<SSL_CTX, &SSL_CTX_free>;
using SslPtr = OpensslPtr<SSL, &SSL_free>;
using AddressesPtr = OpensslPtr<addrinfo, &::freeaddrinfo>;

constexpr int kTimeoutSeconds = 5;

// TLS records (RFC 8446, 5.1 and 4): type, version (2 bytes), length (2 bytes), then a handshake message's
// type.
constexpr std::size_t kRecordStartBytes = 6;
constexpr std::uint8_t kAlertRecord = 21;
constexpr std::uint8_t kHandshakeRecord = 22;
constexpr std::uint8_t kServerHelloMessage = 2;

enum class Answer { kAccepted, kRefused, kNotTls };

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

absl::Status Unavailable(absl::string_view what, const std::string& address) {
  return absl::UnavailableError(
      absl::StrCat(what, " ", address, ": ", std::strerror(errno), "; check that the service listens there"));
}

absl::StatusOr<AddressesPtr> Resolve(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == address.size()) {
    return absl::InvalidArgumentError(absl::StrCat("expected host:port, found \"", address, "\""));
  }
  std::string host = address.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), address.substr(colon + 1).c_str(), &hints, &found);
  if (error != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot find ", address, ": ", ::gai_strerror(error), "; check the host's name"));
  }
  return AddressesPtr(found);
}

absl::StatusOr<Socket> Connect(const std::string& address) {
  ASSIGN_OR_RETURN(const AddressesPtr addresses, Resolve(address));
  for (const addrinfo* each = addresses.get(); each != nullptr; each = each->ai_next) {
    Socket socket(::socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC, each->ai_protocol));
    if (socket.get() < 0) continue;
    const timeval timeout{.tv_sec = kTimeoutSeconds, .tv_usec = 0};
    if (::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) != 0 ||
        ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) != 0) {
      continue;
    }
    if (::connect(socket.get(), each->ai_addr, each->ai_addrlen) == 0) return socket;
  }
  return Unavailable("cannot connect to", address);
}

// The greeting of a client that speaks `version` alone.
absl::StatusOr<std::string> ClientHello(int version) {
  const ContextPtr context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr) return OpensslError("make a TLS context");
  // RequireTls13 forbids the old versions to every context of the process, this one included; a client that
  // cannot even offer TLS 1.2 would prove nothing.
  SSL_CTX_clear_options(context.get(), SSL_OP_NO_TLSv1_2 | SSL_OP_NO_TLSv1_3);
  if (SSL_CTX_set_min_proto_version(context.get(), version) != 1 ||
      SSL_CTX_set_max_proto_version(context.get(), version) != 1) {
    return OpensslError("choose the version of TLS");
  }
  const SslPtr ssl(SSL_new(context.get()));
  BioPtr in(BIO_new(BIO_s_mem()));
  BioPtr out(BIO_new(BIO_s_mem()));
  if (ssl == nullptr || in == nullptr || out == nullptr) return OpensslError("make a TLS client");
  BIO* const written = out.get();
  SSL_set_bio(ssl.get(), in.release(), out.release());
  SSL_set_connect_state(ssl.get());
  const int result = SSL_do_handshake(ssl.get());
  if (SSL_get_error(ssl.get(), result) != SSL_ERROR_WANT_READ) return OpensslError("begin a TLS handshake");
  char* data = nullptr;
  const auto size = BIO_get_mem_data(written, &data);
  if (size <= 0) return absl::InternalError("OpenSSL wrote no TLS greeting");
  return std::string(data, static_cast<std::size_t>(size));
}

absl::StatusOr<Answer> Ask(const std::string& address, int version) {
  ASSIGN_OR_RETURN(std::string hello, ClientHello(version));
  ASSIGN_OR_RETURN(const Socket socket, Connect(address));
  for (absl::string_view rest = hello; !rest.empty();) {
    const ssize_t sent = ::send(socket.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0) return Unavailable("cannot send to", address);
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  std::uint8_t start[kRecordStartBytes];
  std::size_t have = 0;
  while (have < sizeof start) {
    const ssize_t got = ::recv(socket.get(), start + have, sizeof start - have, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0 || (got < 0 && errno == ECONNRESET)) return Answer::kRefused;
    if (got < 0) return Unavailable("no answer from", address);
    have += static_cast<std::size_t>(got);
  }
  if (start[0] == kAlertRecord) return Answer::kRefused;
  if (start[0] == kHandshakeRecord && start[kRecordStartBytes - 1] == kServerHelloMessage)
    return Answer::kAccepted;
  return Answer::kNotTls;
}

}  // namespace

absl::Status CheckTls12IsRefused(const std::string& address) {
  const ErrorQueueGuard guard;
  // First see that a server lives there at all: a dead one refuses TLS 1.2 too.
  ASSIGN_OR_RETURN(const Answer to_13, Ask(address, TLS1_3_VERSION));
  ASSIGN_OR_RETURN(const Answer to_12, Ask(address, TLS1_2_VERSION));
  if (to_12 == Answer::kAccepted) {
    return absl::FailedPreconditionError(absl::StrCat(
        address,
        " takes TLS 1.2, but must take TLS 1.3 alone; RequireTls13 must come before the first TLS context"));
  }
  if (to_12 == Answer::kNotTls) {
    return absl::FailedPreconditionError(absl::StrCat(address, " does not speak TLS; check the port"));
  }
  if (to_13 == Answer::kAccepted) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(
      address,
      " refuses TLS 1.3 as well, so that it refuses TLS 1.2 shows nothing; check that it is in service"));
}

}  // namespace waymark::rpc
