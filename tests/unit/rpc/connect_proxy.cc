#include "tests/unit/rpc/connect_proxy.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/rpc/raw_client.h"

namespace waymark::rpc {
namespace {

constexpr int kTickMs = 50;

bool SendAll(int fd, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(fd, data, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

std::string ReadHead(int fd) {
  std::string head;
  char byte = 0;
  while (head.find("\r\n\r\n") == std::string::npos && head.size() < 10'000 && ::recv(fd, &byte, 1, 0) == 1) {
    head += byte;
  }
  return head;
}

}  // namespace

ConnectProxy::ConnectProxy(int target_port)
    : target_port_(target_port), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size);
  ::listen(listener_, 10);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

ConnectProxy::~ConnectProxy() {
  over_ = true;
  thread_.join();
  for (std::thread& connection : connections_) connection.join();
  ::close(listener_);
}

std::vector<std::string> ConnectProxy::requests() const {
  absl::MutexLock lock(&mutex_);
  return requests_;
}

std::string ConnectProxy::upstream_bytes() const {
  absl::MutexLock lock(&mutex_);
  return upstream_;
}

void ConnectProxy::Serve() {
  while (!over_) {
    pollfd waiting{.fd = listener_, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, kTickMs) <= 0) continue;
    const int client = ::accept(listener_, nullptr, nullptr);
    if (client >= 0) connections_.emplace_back([this, client] { Connect(client); });
  }
}

void ConnectProxy::Connect(int client) {
  const std::string head = ReadHead(client);
  {
    absl::MutexLock lock(&mutex_);
    requests_.push_back(head);
  }
  const int target = target_port_ == 0 ? -1 : ConnectTo(target_port_);
  const std::string answer =
      target < 0 ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n" : "HTTP/1.1 200 OK\r\n\r\n";
  bool open = SendAll(client, answer.data(), answer.size()) && target >= 0;
  pollfd ends[2] = {{.fd = client, .events = POLLIN, .revents = 0},
                    {.fd = target, .events = POLLIN, .revents = 0}};
  while (open && !over_) {
    if (::poll(ends, 2, kTickMs) <= 0) continue;
    for (int from = 0; from < 2; ++from) {
      if (ends[from].revents == 0) continue;
      char buffer[16384];
      const ssize_t got = ::recv(ends[from].fd, buffer, sizeof buffer, 0);
      open = open && got > 0 && SendAll(ends[1 - from].fd, buffer, static_cast<std::size_t>(got));
      if (open && from == 0) {
        absl::MutexLock lock(&mutex_);
        upstream_.append(buffer, static_cast<std::size_t>(got));
      }
    }
  }
  if (target >= 0) ::close(target);
  ::close(client);
}

}  // namespace waymark::rpc
