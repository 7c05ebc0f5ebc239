#include "tests/unit/rpc/test_server.h"

#include <cstdlib>
#include <iostream>
#include <utility>

#include "absl/time/clock.h"
#include "proto/rpc/channel.h"

// For the address sanitizer's build: Debian's c-ares leaks a few bytes for each name that gRPC resolves.
extern "C" const char*
__lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier): the sanitizer's name
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libcares";
}

namespace waymark::rpc {
namespace {

template <typename T>
T Must(absl::StatusOr<T> value) {
  if (value.ok()) return *std::move(value);
  std::cerr << "test helper: " << value.status() << "\n";
  std::abort();
}

crypto::Validity ValidNow() {
  return {absl::Now() - absl::Hours(1), absl::Now() + absl::Hours(24)};
}

Identity ToIdentity(const std::string& authority_pem, const crypto::CertificateWithKey& own) {
  return {authority_pem, own.certificate_pem, std::string(own.private_key_pem.RevealSecretText())};
}

}  // namespace

TestAuthority::TestAuthority(const std::string& name)
    : authority_(Must(crypto::CreateAuthority(name, ValidNow()))) {}

Identity TestAuthority::Server() const {
  crypto::Validity validity = ValidNow();
  validity.not_after -= absl::Hours(1);
  return ToIdentity(pem(),
                    Must(crypto::IssueServerCertificate(authority_, {"localhost", "127.0.0.1"}, validity)));
}

Identity TestAuthority::Member(const std::string& uri) const {
  crypto::Validity validity = ValidNow();
  validity.not_after -= absl::Hours(1);
  const crypto::RequestWithKey request = Must(crypto::CreateRequest());
  return {pem(), Must(crypto::IssueClientCertificate(authority_, request.request_pem, uri, validity)),
          std::string(request.private_key_pem.RevealSecretText())};
}

Identity TestAuthority::Odd(testing::RawCertificate wanted) const {
  if (wanted.not_after == absl::UnixEpoch()) {
    wanted.not_before = absl::Now() - absl::Hours(1);
    wanted.not_after = absl::Now() + absl::Hours(1);
  }
  return ToIdentity(pem(), testing::MakeRawCertificate(authority_, wanted));
}

grpc::Status TestServer::MembershipService::Roster(grpc::ServerContext* context, const v1::RosterRequest*,
                                                   v1::RosterResponse* response) {
  if (handler) return handler(*context, *response);
  const absl::StatusOr<std::string> uri = PeerUri(*context);
  if (!uri.ok()) return ToGrpc(uri.status());
  response->set_federation(*uri);
  return grpc::Status::OK;
}

grpc::Status TestServer::FederationService::Enrol(grpc::ServerContext*, const v1::EnrolRequest* request,
                                                  v1::EnrolResponse* response) {
  response->set_certificate_pem(std::to_string(request->token().size()));
  return grpc::Status::OK;
}

TestServer::TestServer(const Identity& identity, const TestServerOptions& options) {
  grpc::ServerBuilder builder;
  ConfigureServer(builder, options.limits);
  builder.AddListeningPort(options.address,
                           options.enrolment ? MakeEnrolmentServerCredentials(identity)
                                             : MakeServerCredentials(identity, ClientCertificate::kRequired),
                           &port_);
  builder.RegisterService(&membership_);
  builder.RegisterService(&federation_);
  server_ = builder.BuildAndStart();
}

TestServer::~TestServer() {
  if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
}

absl::StatusOr<std::string> CallRoster(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  SetDeadline(context, absl::Seconds(20));
  v1::RosterResponse response;
  const grpc::Status status =
      v1::Membership::NewStub(channel)->Roster(&context, v1::RosterRequest(), &response);
  if (!status.ok()) return FromGrpc(status);
  return response.federation();
}

absl::Status CallEnrol(const std::shared_ptr<grpc::Channel>& channel, std::size_t token_bytes) {
  grpc::ClientContext context;
  SetDeadline(context, absl::Seconds(20));
  v1::EnrolRequest request;
  request.set_token(std::string(token_bytes, 't'));
  v1::EnrolResponse response;
  return FromGrpc(v1::Federation::NewStub(channel)->Enrol(&context, request, &response));
}

}  // namespace waymark::rpc
