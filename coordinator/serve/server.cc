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
// An enrolment is a few kilobytes; whoever calls it has shown nothing yet.
constexpr int kMaxEnrolmentBytes = 64 << 10;
constexpr int kEnrolmentThreads = 16;

}  // namespace

struct CoordinatorServer::State {
  // Services outlive the servers that call them, so they stand first.
  std::vector<std::unique_ptr<grpc::Service>> services;
  std::unique_ptr<grpc::Service> enrolment_service;
  std::unique_ptr<grpc::Server> members;
  std::unique_ptr<grpc::Server> enrolment;
  int port = 0;
  int enrolment_port = 0;
};

namespace {

absl::Status CannotListen(absl::string_view address) {
  return absl::UnavailableError(
      absl::StrCat("cannot listen on ", address,
                   ": another process has the port, or the address is not this machine's; "
                   "stop it, or change [server]"));
}

}  // namespace

CoordinatorServer::CoordinatorServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

absl::StatusOr<std::unique_ptr<CoordinatorServer>> CoordinatorServer::Start(const ListenAddresses& addresses,
                                                                            const rpc::Identity& identity,
                                                                            const ServerParts& parts) {
  grpc::EnableDefaultHealthCheckService(true);
  auto state = std::make_unique<State>();
  state->services = MakeServices(parts);
  state->enrolment_service = MakeEnrolmentService(parts);

  grpc::ServerBuilder members;
  rpc::ConfigureServer(members);
  members.AddListeningPort(addresses.members,
                           rpc::MakeServerCredentials(identity, rpc::ClientCertificate::kRequired),
                           &state->port);
  for (const auto& service : state->services) members.RegisterService(service.get());
  state->members = members.BuildAndStart();
  if (state->members == nullptr || state->port == 0) return CannotListen(addresses.members);
  state->members->GetHealthCheckService()->SetServingStatus(false);

  grpc::ServerBuilder enrolment;
  rpc::ServerLimits limits;
  limits.max_message_bytes = kMaxEnrolmentBytes;
  limits.threads = kEnrolmentThreads;
  rpc::ConfigureServer(enrolment, limits);
  enrolment.AddListeningPort(addresses.enrolment, rpc::MakeEnrolmentServerCredentials(identity),
                             &state->enrolment_port);
  enrolment.RegisterService(state->enrolment_service.get());
  state->enrolment = enrolment.BuildAndStart();
  if (state->enrolment == nullptr || state->enrolment_port == 0) return CannotListen(addresses.enrolment);
  state->enrolment->GetHealthCheckService()->SetServingStatus(false);
  return std::unique_ptr<CoordinatorServer>(new CoordinatorServer(std::move(state)));
}

CoordinatorServer::~CoordinatorServer() {
  SetServing(false);
  const gpr_timespec deadline = gpr_time_from_seconds(kFinishWithinSeconds, GPR_TIMESPAN);  // from now
  state_->enrolment->Shutdown(deadline);
  state_->members->Shutdown(deadline);
}

std::string CoordinatorServer::local_address() const {
  return absl::StrCat("127.0.0.1:", state_->port);
}
std::string CoordinatorServer::local_enrolment_address() const {
  return absl::StrCat("127.0.0.1:", state_->enrolment_port);
}

absl::Status CoordinatorServer::CheckTls() const {
  RETURN_IF_ERROR(rpc::CheckTls12IsRefused(local_address()));
  return rpc::CheckTls12IsRefused(local_enrolment_address());
}

void CoordinatorServer::SetServing(bool serving) {
  state_->members->GetHealthCheckService()->SetServingStatus(serving);
  state_->enrolment->GetHealthCheckService()->SetServingStatus(serving);
}

}  // namespace waymark::coordinator
