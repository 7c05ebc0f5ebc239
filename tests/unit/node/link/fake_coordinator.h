// A coordinator in this process: the federation's authority, an enrolment port and a port with mutual TLS,
// and handlers that a test sets.
#ifndef WAYMARK_TESTS_UNIT_NODE_LINK_FAKE_COORDINATOR_H_
#define WAYMARK_TESTS_UNIT_NODE_LINK_FAKE_COORDINATOR_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "crypto/certificate.h"
#include "crypto/random.h"
#include "crypto/signature.h"
#include "node/link/enrolment.h"
#include "proto/rpc/tls.h"
#include "waymark/v1/benchmark.grpc.pb.h"
#include "waymark/v1/federation.grpc.pb.h"
#include "waymark/v1/round.grpc.pb.h"
#include "waymark/v1/secure_sum.grpc.pb.h"

namespace waymark::node {

// Handlers run on gRPC's threads; set them before the call that they are for.
class FakeCoordinator final : public v1::Rounds::Service,
                              public v1::Benchmarks::Service,
                              public v1::Federation::Service,
                              public v1::Membership::Service,
                              public v1::SecureSum::Service {
 public:
  FakeCoordinator();
  ~FakeCoordinator() override;

  // What a join file would say; `token` is taken once, and again for the same request.
  JoinFile Join(const std::string& council, const std::string& token);
  static std::string JoinText(const JoinFile& join);

  // The members' listener stops, with its connections; and comes back on the same port.
  void GoAway();
  void ComeBack();

  std::string address() const { return address_; }
  const crypto::SigningKey& key() const { return *key_; }
  const crypto::CertificateWithKey& authority() const { return authority_; }
  // The certificate that enrolment gives for a request.
  std::string Issue(const std::string& request_pem, const std::string& uri) const;

  grpc::Status Watch(grpc::ServerContext* context, const v1::WatchRequest*, v1::WatchResponse* out) override;
  grpc::Status Submit(grpc::ServerContext*, const v1::SubmitRequest* in, v1::SubmitResponse* out) override;
  grpc::Status Query(grpc::ServerContext*, const v1::QueryRequest* in, v1::QueryResponse* out) override;
  grpc::Status Roster(grpc::ServerContext*, const v1::RosterRequest* in, v1::RosterResponse* out) override;
  grpc::Status Renew(grpc::ServerContext*, const v1::RenewRequest* in, v1::RenewResponse* out) override;
  grpc::Status Enrol(grpc::ServerContext* context, const v1::EnrolRequest* in,
                     v1::EnrolResponse* out) override;

  grpc::Status Join(grpc::ServerContext*, const v1::JoinSessionRequest*,
                    v1::JoinSessionResponse* out) override;

  std::function<grpc::Status(v1::WatchResponse&)> on_watch;
  std::function<grpc::Status(v1::JoinSessionResponse&)> on_join;
  std::function<grpc::Status(const v1::SubmitRequest&, v1::SubmitResponse&)> on_submit;
  std::function<grpc::Status(const v1::QueryRequest&, v1::QueryResponse&)> on_query;
  std::function<grpc::Status(const v1::EnrolRequest&, v1::EnrolResponse&)> on_enrol;
  std::function<grpc::Status(const v1::RenewRequest&, v1::RenewResponse&)> on_renew;
  std::function<grpc::Status(const v1::RosterRequest&, v1::RosterResponse&)> on_roster;
  std::string peer;  // the URI of the last caller with a certificate
  std::atomic<int> calls{0};
  std::atomic<bool> had_deadline{true};

  // The receipt that an honest coordinator gives.
  grpc::Status Receive(const v1::SubmitRequest& in, v1::SubmitResponse& out) const;

 private:
  void Called(const grpc::ServerContext& context);

  crypto::SystemRandom random_;
  crypto::CertificateWithKey authority_;
  rpc::Identity identity_;
  std::unique_ptr<crypto::SigningKey> key_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<grpc::Server> enrolment_server_;
  std::string address_;
  std::string enrolment_address_;
};

}  // namespace waymark::node

#endif  // WAYMARK_TESTS_UNIT_NODE_LINK_FAKE_COORDINATOR_H_
