#include "tests/unit/node/link/fake_coordinator.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "crypto/hash.h"
#include "node/link/coordinator_link.h"
#include "proto/contract/release.h"
#include "proto/rpc/server.h"

namespace waymark::node {
namespace {

constexpr std::int64_t kReceived = 1'780'000'600;

crypto::Validity AroundNow() {
  return {absl::Now() - absl::Hours(1), absl::Now() + absl::Hours(24)};
}

}  // namespace

FakeCoordinator::FakeCoordinator() {
  auto authority = crypto::CreateAuthority("Fake federation",
                                           {absl::Now() - absl::Hours(2), absl::Now() + absl::Hours(48)});
  EXPECT_TRUE(authority.ok()) << authority.status();
  authority_ = *std::move(authority);
  auto certificate = crypto::IssueServerCertificate(authority_, {"127.0.0.1"}, AroundNow());
  EXPECT_TRUE(certificate.ok()) << certificate.status();
  auto key = crypto::SigningKey::Generate(random_);
  EXPECT_TRUE(key.ok());
  key_ = std::make_unique<crypto::SigningKey>(*std::move(key));
  identity_ = {.authority_pem = authority_.certificate_pem,
               .certificate_pem = certificate->certificate_pem,
               .private_key_pem = std::string(certificate->private_key_pem.RevealSecretText())};
  address_ = "127.0.0.1:0";
  ComeBack();
  int port = 0;
  grpc::ServerBuilder joining;
  joining.AddListeningPort("127.0.0.1:0", rpc::MakeEnrolmentServerCredentials(identity_), &port);
  joining.RegisterService(static_cast<v1::Federation::Service*>(this));
  enrolment_server_ = joining.BuildAndStart();
  enrolment_address_ = absl::StrCat("127.0.0.1:", port);
  on_submit = [this](const v1::SubmitRequest& in, v1::SubmitResponse& out) { return Receive(in, out); };
  on_enrol = [this](const v1::EnrolRequest& in, v1::EnrolResponse& out) {
    out.set_certificate_pem(Issue(in.certificate_request_pem(),
                                  absl::StrCat("waymark://fake-federation/council/", in.council())));
    out.set_authority_pem(authority_.certificate_pem);
    out.set_coordinator_key(key_->public_key());
    return grpc::Status::OK;
  };
}

void FakeCoordinator::ComeBack() {
  int port = 0;
  grpc::ServerBuilder members;
  rpc::ConfigureServer(members, {});
  members.AddListeningPort(address_, rpc::MakeServerCredentials(identity_, rpc::ClientCertificate::kRequired),
                           &port);
  members.RegisterService(static_cast<v1::Rounds::Service*>(this));
  members.RegisterService(static_cast<v1::Benchmarks::Service*>(this));
  members.RegisterService(static_cast<v1::Membership::Service*>(this));
  members.RegisterService(static_cast<v1::SecureSum::Service*>(this));
  server_ = members.BuildAndStart();
  EXPECT_NE(server_, nullptr);
  address_ = absl::StrCat("127.0.0.1:", port);
}

void FakeCoordinator::GoAway() {
  server_->Shutdown();
  server_.reset();
}

FakeCoordinator::~FakeCoordinator() {
  if (server_ != nullptr) server_->Shutdown();
  enrolment_server_->Shutdown();
}

JoinFile FakeCoordinator::Join(const std::string& council, const std::string& token) {
  return {.council = council,
          .token = token,
          .enrolment_address = enrolment_address_,
          .address = address_,
          .authority_pem = authority_.certificate_pem,
          .coordinator_key = key_->public_key(),
          .governance = {}};
}

std::string FakeCoordinator::JoinText(const JoinFile& join) {
  return absl::StrCat("council = \"", join.council, "\"\ntoken = \"", join.token,
                      "\"\nenrolment_address = \"", join.enrolment_address, "\"\naddress = \"", join.address,
                      "\"\ncoordinator_key = \"", absl::BytesToHexString(join.coordinator_key),
                      "\"\nauthority_pem = '''\n", join.authority_pem, "'''\n",
                      contract::GovernanceText(join.governance));
}

std::string FakeCoordinator::Issue(const std::string& request_pem, const std::string& uri) const {
  const auto issued = crypto::IssueClientCertificate(authority_, request_pem, uri, AroundNow());
  EXPECT_TRUE(issued.ok()) << issued.status();
  return issued.ok() ? *issued : "";
}

grpc::Status FakeCoordinator::Join(grpc::ServerContext* context, const v1::JoinSessionRequest*,
                                   v1::JoinSessionResponse* out) {
  Called(*context);
  return on_join(*out);
}

void FakeCoordinator::Called(const grpc::ServerContext& context) {
  ++calls;
  had_deadline =
      had_deadline && context.deadline() < std::chrono::system_clock::now() + std::chrono::minutes(10);
}

grpc::Status FakeCoordinator::Receive(const v1::SubmitRequest& in, v1::SubmitResponse& out) const {
  const auto release = contract::ReleaseFromProto(in.release());
  if (!release.ok()) return {grpc::StatusCode::INVALID_ARGUMENT, std::string(release.status().message())};
  const std::string hash = crypto::Sha256(contract::CanonicalBytes(*release));
  out.set_received_unix_s(kReceived);
  out.set_release_hash(hash);
  out.set_signature(*key_->Sign(ReceiptBytes(release->council, release->ledger_sequence, hash, kReceived)));
  return grpc::Status::OK;
}

grpc::Status FakeCoordinator::Watch(grpc::ServerContext* context, const v1::WatchRequest*,
                                    v1::WatchResponse* out) {
  Called(*context);
  const auto uri = rpc::PeerUri(*context);
  peer = uri.ok() ? *uri : "";
  return on_watch(*out);
}

grpc::Status FakeCoordinator::Submit(grpc::ServerContext* context, const v1::SubmitRequest* in,
                                     v1::SubmitResponse* out) {
  Called(*context);
  return on_submit(*in, *out);
}

grpc::Status FakeCoordinator::Query(grpc::ServerContext* context, const v1::QueryRequest* in,
                                    v1::QueryResponse* out) {
  Called(*context);
  return on_query(*in, *out);
}

grpc::Status FakeCoordinator::Renew(grpc::ServerContext* context, const v1::RenewRequest* in,
                                    v1::RenewResponse* out) {
  Called(*context);
  return on_renew(*in, *out);
}

grpc::Status FakeCoordinator::Roster(grpc::ServerContext* context, const v1::RosterRequest* in,
                                     v1::RosterResponse* out) {
  Called(*context);
  return on_roster(*in, *out);
}

grpc::Status FakeCoordinator::Enrol(grpc::ServerContext* context, const v1::EnrolRequest* in,
                                    v1::EnrolResponse* out) {
  Called(*context);
  return on_enrol(*in, *out);
}

}  // namespace waymark::node
