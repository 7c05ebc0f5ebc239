// Who calls, and where: channels to each address of the coordinator by an identity, which is renewed when it
// is due, or by a bearer token; and one call over them. For connection.cc.
#ifndef WAYMARK_COORDINATOR_CLI_CLIENT_CHANNELS_H_
#define WAYMARK_COORDINATOR_CLI_CLIENT_CHANNELS_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "coordinator/cli/connection.h"
#include "crypto/certificate.h"
#include "proto/rpc/tls.h"
#include "waymark/v1/benchmark.grpc.pb.h"
#include "waymark/v1/federation.grpc.pb.h"
#include "waymark/v1/round.grpc.pb.h"
#include "waymark/v1/schedule.grpc.pb.h"
#include "waymark/v1/scorecard.grpc.pb.h"
#include "waymark/v1/secure_sum.grpc.pb.h"
#include "waymark/v1/transparency.grpc.pb.h"

namespace waymark::coordinator {

// Of one address.
struct Stubs {
  std::string address;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::Membership::Stub> membership;
  std::unique_ptr<v1::Benchmarks::Stub> benchmarks;
  std::unique_ptr<v1::Admin::Stub> admin;
  std::unique_ptr<v1::Schedules::Stub> schedules;
  std::unique_ptr<v1::SecureSum::Stub> secure;
  std::unique_ptr<v1::PublishedStatistics::Stub> published;
  std::unique_ptr<v1::Log::Stub> log;
};

// Thread-safe.
class ClientChannels {
 public:
  // As Connection::Open.
  static absl::StatusOr<std::unique_ptr<ClientChannels>> Open(const ClientOptions& options);

  // As of Connection.
  const std::string& council() const { return council_; }
  const std::string& client_file() const { return client_file_; }

  // As Connection::Renew, but that nothing is called with the new certificate yet.
  absl::StatusOr<absl::Time> Renew();

  using Call = std::function<grpc::Status(const Stubs&, grpc::ClientContext*)>;
  // Makes one call, at the first coordinator that answers and is the one that can.
  absl::Status Run(absl::Duration timeout, const Call& call);

  // One question and one answer: `call` of the service's stub.
  template <typename Service, typename Request, typename Response>
  absl::StatusOr<Response> Ask(std::unique_ptr<Service> Stubs::*service,
                               grpc::Status (Service::*call)(grpc::ClientContext*, const Request&, Response*),
                               const Request& request, absl::Duration timeout = absl::Seconds(30)) {
    Response response;
    RETURN_IF_ERROR(Run(timeout, [&](const Stubs& each, grpc::ClientContext* context) {
      return ((*(each.*service)).*call)(context, request, &response);
    }));
    return response;
  }

 private:
  using MakeChannel = std::function<std::shared_ptr<grpc::Channel>(const std::string& address)>;

  absl::Status OpenToken(const ClientOptions& options);
  absl::Status OpenIdentity(const ClientOptions& options);
  void Connect(const MakeChannel& make, const std::string& certificate_pem);
  void ConnectAs(const rpc::Identity& identity);
  absl::Status Reconnect();
  absl::Status RunOnce(absl::Duration timeout, const Call& call);
  absl::Status RenewIdentity();
  void RenewWhenDue(const crypto::CertificateFacts& facts, absl::Time now);
  bool WasRenewedElsewhere() const;
  std::string certificate_pem() const;

  std::vector<std::string> addresses_;
  std::string council_;
  std::string client_file_;
  std::string identity_directory_;  // "": by token
  mutable absl::Mutex mutex_;
  std::shared_ptr<const std::vector<Stubs>> stubs_ ABSL_GUARDED_BY(mutex_);
  std::string certificate_pem_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_CLIENT_CHANNELS_H_
