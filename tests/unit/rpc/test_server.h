// A federation in miniature for the tests of proto/rpc: an authority, identities signed by it, and a real
// gRPC server on a free port of this machine.
#ifndef WAYMARK_TESTS_UNIT_RPC_TEST_SERVER_H_
#define WAYMARK_TESTS_UNIT_RPC_TEST_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>

#include "crypto/certificate.h"
#include "proto/rpc/server.h"
#include "proto/rpc/tls.h"
#include "tests/unit/crypto/raw_certificates.h"
#include "waymark/v1/federation.grpc.pb.h"

namespace waymark::rpc {

inline constexpr char kMemberUri[] = "waymark://demo/council/E06000001";

// An authority that is valid now, and what it signs. Aborts where a certificate cannot be made.
class TestAuthority {
 public:
  explicit TestAuthority(const std::string& name = "Test federation");
  const crypto::CertificateWithKey& authority() const { return authority_; }
  const std::string& pem() const { return authority_.certificate_pem; }
  // "localhost" and 127.0.0.1.
  Identity Server() const;
  // By IssueClientCertificate.
  Identity Member(const std::string& uri = kMemberUri) const;
  // By plain OpenSSL; dates that are not set mean: valid now.
  Identity Odd(testing::RawCertificate wanted) const;

 private:
  crypto::CertificateWithKey authority_;
};

struct TestServerOptions {
  bool enrolment = false;  // ask for no client certificate
  ServerLimits limits;
  std::string address = "127.0.0.1:0";
};

// Serves Membership and Federation until destroyed.
class TestServer {
 public:
  using Handler = std::function<grpc::Status(grpc::ServerContext&, v1::RosterResponse&)>;

  // Roster answers with PeerUri as the federation's name, or its error, until SetHandler.
  TestServer(const Identity& identity, const TestServerOptions& options = {});
  ~TestServer();

  // Call while no call is under way.
  void SetHandler(Handler handler) { membership_.handler = std::move(handler); }
  bool listens() const { return server_ != nullptr && port_ != 0; }
  int port() const { return port_; }
  std::string address() const { return "localhost:" + std::to_string(port_); }

 private:
  struct MembershipService final : v1::Membership::Service {
    grpc::Status Roster(grpc::ServerContext* context, const v1::RosterRequest* request,
                        v1::RosterResponse* response) override;
    Handler handler;
  };
  struct FederationService final : v1::Federation::Service {
    // Answers with the length of the token as the certificate.
    grpc::Status Enrol(grpc::ServerContext* context, const v1::EnrolRequest* request,
                       v1::EnrolResponse* response) override;
  };
  MembershipService membership_;
  FederationService federation_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// One call over `channel`: the federation's name in the answer, or the error.
absl::StatusOr<std::string> CallRoster(const std::shared_ptr<grpc::Channel>& channel);
// One call with a token of `token_bytes` bytes.
absl::Status CallEnrol(const std::shared_ptr<grpc::Channel>& channel, std::size_t token_bytes);

}  // namespace waymark::rpc

#endif  // WAYMARK_TESTS_UNIT_RPC_TEST_SERVER_H_
