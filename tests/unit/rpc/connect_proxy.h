// The smallest HTTP CONNECT proxy (RFC 9110, 9.3.6): one thread a connection, bytes passed both ways.
#ifndef WAYMARK_TESTS_UNIT_RPC_CONNECT_PROXY_H_
#define WAYMARK_TESTS_UNIT_RPC_CONNECT_PROXY_H_

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"

namespace waymark::rpc {

class ConnectProxy {
 public:
  // Passes every CONNECT on to 127.0.0.1:target_port, whatever host it names; refuses all with 403 where it
  // is 0.
  explicit ConnectProxy(int target_port);
  ~ConnectProxy();
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // Each request's head, as it came.
  std::vector<std::string> requests() const;
  // What clients sent after their CONNECT, all together: what somebody who listens at the proxy sees.
  std::string upstream_bytes() const;

 private:
  void Serve();
  void Connect(int client);

  int target_port_;
  int listener_;
  int port_ = 0;
  std::atomic<bool> over_{false};
  mutable absl::Mutex mutex_;
  std::vector<std::string> requests_ ABSL_GUARDED_BY(mutex_);
  std::string upstream_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> connections_;
  std::thread thread_;
};

}  // namespace waymark::rpc

#endif  // WAYMARK_TESTS_UNIT_RPC_CONNECT_PROXY_H_
