#include "tests/unit/rpc/raw_client.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <memory>

namespace waymark::rpc {
namespace {

template <typename T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

std::string Refused() {
  const auto code = ERR_peek_last_error();
  const char* const reason = ERR_reason_error_string(code);
  ERR_clear_error();
  return std::string("refused: ") + (reason == nullptr ? "connection closed" : reason);
}

bool Show(SSL_CTX* context, const Identity& identity) {
  const Owned<BIO> certificate_text(BIO_new_mem_buf(identity.certificate_pem.data(), -1),
                                    [](BIO* b) { BIO_free(b); });
  const Owned<BIO> key_text(BIO_new_mem_buf(identity.private_key_pem.data(), -1),
                            [](BIO* b) { BIO_free(b); });
  const Owned<X509> certificate(PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr),
                                &X509_free);
  const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr),
                            &EVP_PKEY_free);
  return SSL_CTX_use_certificate(context, certificate.get()) == 1 &&
         SSL_CTX_use_PrivateKey(context, key.get()) == 1;
}

}  // namespace

int ConnectTo(int port) {
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT: a server that hangs up must not end the test program
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval timeout{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

std::string RawHandshake(int port, int version, const Identity* identity) {
  ERR_clear_error();
  const Owned<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  // The process's defaults may forbid to this client what it is to try.
  SSL_CTX_clear_options(context.get(), SSL_CTX_get_options(context.get()));
  SSL_CTX_set_min_proto_version(context.get(), version);
  SSL_CTX_set_max_proto_version(context.get(), version);
  static constexpr unsigned char kHttp2[] = {2, 'h', '2'};
  SSL_CTX_set_alpn_protos(context.get(), kHttp2, sizeof kHttp2);
  if (identity != nullptr && !Show(context.get(), *identity)) return "test helper: bad identity";
  const int fd = ConnectTo(port);
  if (fd < 0) return "no connection";
  const Owned<SSL> ssl(SSL_new(context.get()), &SSL_free);
  SSL_set_fd(ssl.get(), fd);
  std::string result;
  // In TLS 1.3 the client is done before the server has looked at its certificate; gRPC then speaks first.
  char byte = 0;
  if (SSL_connect(ssl.get()) == 1 && SSL_read(ssl.get(), &byte, 1) == 1) {
    result = SSL_get_version(ssl.get());
  } else {
    result = Refused();
  }
  ::close(fd);
  return result;
}

}  // namespace waymark::rpc
