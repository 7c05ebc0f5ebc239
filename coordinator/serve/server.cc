#include "coordinator/serve/server.h"

#include <grpc/support/time.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/codegen/service_type.h>

#include <array>
#include <cstdint>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "base/status.h"
#include "coordinator/serve/services.h"
#include "proto/rpc/server.h"

namespace waymark::coordinator {
namespace {

constexpr std::int64_t kFinishWithinSeconds = 10;
// Of calls under way when the certificate is renewed: as of a connection that has its age
// (rpc::ConfigureServer).
constexpr std::int64_t kDrainSeconds = 60;
constexpr int kMostBinds = 500;
constexpr absl::Duration kBetweenBinds = absl::Milliseconds(10);
// An enrolment or a question is a few kilobytes; whoever connects there has shown nothing yet.
constexpr int kMaxSmallBytes = 64 << 10;
constexpr int kFewThreads = 16;
constexpr std::size_t kSmallMemory = std::size_t{256} << 20;

constexpr rpc::ServerLimits kSmallLimits = {
    .max_message_bytes = kMaxSmallBytes, .memory_bytes = kSmallMemory, .threads = kFewThreads};

}  // namespace

// One port. Services outlive the server that calls them, so they stand first.
struct Listener {
  std::vector<std::unique_ptr<grpc::Service>> services;
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

// What a listener is made of, again where its identity is renewed.
struct Wanted {
  std::string address;  // "": no such listener
  rpc::ClientCertificate client_certificate;
  rpc::ServerLimits limits;
  std::function<std::vector<std::unique_ptr<grpc::Service>>()> make_services;
};

struct CoordinatorServer::State {
  struct Port {
    Wanted wanted;
    Listener listener;
  };
  // Members, enrolment, tokens; the last without a server where none is wanted.
  std::array<Port, 3> ports;
  bool serving ABSL_GUARDED_BY(mutex) = false;
  mutable absl::Mutex mutex;
  std::vector<std::thread> draining ABSL_GUARDED_BY(mutex);

  std::vector<Listener*> Running() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    std::vector<Listener*> running;
    for (Port& one : ports) {
      if (one.listener.server != nullptr) running.push_back(&one.listener);
    }
    return running;
  }
};

namespace {

gpr_timespec FromNow(std::int64_t seconds) {
  return gpr_time_from_seconds(seconds, GPR_TIMESPAN);
}

absl::Status Listen(const Wanted& wanted, const rpc::Identity& identity, bool serving, Listener& listener) {
  listener.services = wanted.make_services();
  grpc::ServerBuilder builder;
  rpc::ConfigureServer(builder, wanted.limits);
  builder.AddListeningPort(wanted.address, rpc::MakeServerCredentials(identity, wanted.client_certificate),
                           &listener.port);
  for (const auto& service : listener.services) builder.RegisterService(service.get());
  listener.server = builder.BuildAndStart();
  if (listener.server == nullptr || listener.port == 0) {
    listener = {};
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", wanted.address,
                     ": another process has the port, or the address is not this machine's; "
                     "stop it, or change [server]"));
  }
  listener.server->GetHealthCheckService()->SetServingStatus(serving);
  return absl::OkStatus();
}

std::string LocalAddress(const Listener& listener) {
  return absl::StrCat("127.0.0.1:", listener.port);
}

}  // namespace

CoordinatorServer::CoordinatorServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

absl::StatusOr<std::unique_ptr<CoordinatorServer>> CoordinatorServer::Start(const ListenAddresses& addresses,
                                                                            const rpc::Identity& identity,
                                                                            const ServerParts& parts) {
  grpc::EnableDefaultHealthCheckService(true);
  auto state = std::make_unique<State>();
  const auto all = [parts] { return MakeServices(parts); };
  const auto enrolment = [parts] {
    std::vector<std::unique_ptr<grpc::Service>> services;
    services.push_back(MakeEnrolmentService(parts));
    return services;
  };
  state->ports[0].wanted = {addresses.members, rpc::ClientCertificate::kRequired, rpc::ServerLimits(), all};
  state->ports[1].wanted = {addresses.enrolment, rpc::ClientCertificate::kNone, kSmallLimits, enrolment};
  state->ports[2].wanted = {addresses.tokens, rpc::ClientCertificate::kNone, kSmallLimits, all};
  for (State::Port& one : state->ports) {
    if (one.wanted.address.empty()) continue;
    RETURN_IF_ERROR(Listen(one.wanted, identity, false, one.listener));
    // The same port again, where any was asked for.
    one.wanted.address =
        absl::StrCat(one.wanted.address.substr(0, one.wanted.address.rfind(':')), ":", one.listener.port);
  }
  return std::unique_ptr<CoordinatorServer>(new CoordinatorServer(std::move(state)));
}

absl::Status CoordinatorServer::Renew(const rpc::Identity& identity, const Clock& clock) {
  absl::MutexLock lock(&state_->mutex);
  for (State::Port& one : state_->ports) {
    if (one.listener.server == nullptr) continue;
    // The socket is closed before Shutdown waits for calls.
    state_->draining.emplace_back(
        [old = std::move(one.listener)]() mutable { old.server->Shutdown(FromNow(kDrainSeconds)); });
    one.listener = {};
    absl::Status listening;
    for (int tries = 0; tries < kMostBinds; ++tries) {
      listening = Listen(one.wanted, identity, state_->serving, one.listener);
      if (listening.ok()) break;
      clock.Sleep(kBetweenBinds);
    }
    RETURN_IF_ERROR(listening);
  }
  return absl::OkStatus();
}

CoordinatorServer::~CoordinatorServer() {
  SetServing(false);
  absl::MutexLock lock(&state_->mutex);
  for (Listener* listener : state_->Running()) listener->server->Shutdown(FromNow(kFinishWithinSeconds));
  for (std::thread& one : state_->draining) one.join();
}

std::string CoordinatorServer::local_address() const {
  absl::MutexLock lock(&state_->mutex);
  return LocalAddress(state_->ports[0].listener);
}
std::string CoordinatorServer::local_enrolment_address() const {
  absl::MutexLock lock(&state_->mutex);
  return LocalAddress(state_->ports[1].listener);
}
std::string CoordinatorServer::local_token_address() const {
  absl::MutexLock lock(&state_->mutex);
  const Listener& tokens = state_->ports[2].listener;
  return tokens.server == nullptr ? "" : LocalAddress(tokens);
}

absl::Status CoordinatorServer::CheckTls() const {
  absl::MutexLock lock(&state_->mutex);
  for (const Listener* listener : state_->Running()) {
    RETURN_IF_ERROR(rpc::CheckTls12IsRefused(LocalAddress(*listener)));
  }
  return absl::OkStatus();
}

void CoordinatorServer::SetServing(bool serving) {
  absl::MutexLock lock(&state_->mutex);
  state_->serving = serving;
  for (Listener* listener : state_->Running()) {
    listener->server->GetHealthCheckService()->SetServingStatus(serving);
  }
}

}  // namespace waymark::coordinator
