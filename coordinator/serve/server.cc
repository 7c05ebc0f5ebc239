#include "coordinator/serve/server.h"

#include <grpc/support/time.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/codegen/service_type.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status.h"
#include "coordinator/serve/services.h"
#include "proto/rpc/server.h"

namespace waymark::coordinator {
namespace {

constexpr std::int64_t kFinishWithinSeconds = 10;
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

struct CoordinatorServer::State {
  Listener members;
  Listener enrolment;
  Listener tokens;  // without a server where none is wanted

  std::vector<Listener*> Running() {
    std::vector<Listener*> running;
    for (Listener* one : {&members, &enrolment, &tokens}) {
      if (one->server != nullptr) running.push_back(one);
    }
    return running;
  }
};

namespace {

absl::Status Listen(const std::string& address, std::shared_ptr<grpc::ServerCredentials> credentials,
                    const rpc::ServerLimits& limits, std::vector<std::unique_ptr<grpc::Service>> services,
                    Listener& listener) {
  listener.services = std::move(services);
  grpc::ServerBuilder builder;
  rpc::ConfigureServer(builder, limits);
  builder.AddListeningPort(address, std::move(credentials), &listener.port);
  for (const auto& service : listener.services) builder.RegisterService(service.get());
  listener.server = builder.BuildAndStart();
  if (listener.server == nullptr || listener.port == 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address,
                     ": another process has the port, or the address is not this machine's; "
                     "stop it, or change [server]"));
  }
  listener.server->GetHealthCheckService()->SetServingStatus(false);
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
  RETURN_IF_ERROR(Listen(addresses.members,
                         rpc::MakeServerCredentials(identity, rpc::ClientCertificate::kRequired),
                         rpc::ServerLimits(), MakeServices(parts), state->members));
  std::vector<std::unique_ptr<grpc::Service>> enrolment;
  enrolment.push_back(MakeEnrolmentService(parts));
  RETURN_IF_ERROR(Listen(addresses.enrolment, rpc::MakeEnrolmentServerCredentials(identity), kSmallLimits,
                         std::move(enrolment), state->enrolment));
  if (!addresses.tokens.empty()) {
    RETURN_IF_ERROR(Listen(addresses.tokens,
                           rpc::MakeServerCredentials(identity, rpc::ClientCertificate::kNone), kSmallLimits,
                           MakeServices(parts), state->tokens));
  }
  return std::unique_ptr<CoordinatorServer>(new CoordinatorServer(std::move(state)));
}

CoordinatorServer::~CoordinatorServer() {
  SetServing(false);
  const gpr_timespec deadline = gpr_time_from_seconds(kFinishWithinSeconds, GPR_TIMESPAN);  // from now
  for (Listener* listener : state_->Running()) listener->server->Shutdown(deadline);
}

std::string CoordinatorServer::local_address() const {
  return LocalAddress(state_->members);
}
std::string CoordinatorServer::local_enrolment_address() const {
  return LocalAddress(state_->enrolment);
}
std::string CoordinatorServer::local_token_address() const {
  return state_->tokens.server == nullptr ? "" : LocalAddress(state_->tokens);
}

absl::Status CoordinatorServer::CheckTls() const {
  for (const Listener* listener : state_->Running()) {
    RETURN_IF_ERROR(rpc::CheckTls12IsRefused(LocalAddress(*listener)));
  }
  return absl::OkStatus();
}

void CoordinatorServer::SetServing(bool serving) {
  for (Listener* listener : state_->Running()) {
    listener->server->GetHealthCheckService()->SetServingStatus(serving);
  }
}

}  // namespace waymark::coordinator
