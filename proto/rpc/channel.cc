#include "proto/rpc/channel.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "proto/rpc/printable.h"

namespace waymark::rpc {
namespace {

constexpr int kMaxMetadataBytes = 8192;
// Debian's gRPC server drops a client that pings more often than every five minutes.
constexpr int kKeepaliveMs = 300'000;
constexpr int kKeepaliveTimeoutMs = 20'000;
constexpr int kFirstReconnectMs = 1'000;
constexpr int kMostReconnectMs = 8'000;

// gRPC counts a deadline on its own clock, so this is a span from now and not an instant of ours.
gpr_timespec After(absl::Duration timeout) {
  const gpr_timespec span = gpr_time_from_nanos(absl::ToInt64Nanoseconds(timeout), GPR_TIMESPAN);
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), span);
}

std::shared_ptr<grpc::Channel> Make(const std::string& address, const grpc::SslCredentialsOptions& options,
                                    const std::string& https_proxy,
                                    const std::shared_ptr<grpc::CallCredentials>& call = nullptr) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  arguments.SetMaxSendMessageSize(kMaxMessageBytes);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMostReconnectMs);
  if (https_proxy.empty()) {
    // Which proxy is used is the configuration's to say, not that of a variable in the environment.
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  } else {
    arguments.SetString(GRPC_ARG_HTTP_PROXY, absl::StrCat("http://", https_proxy));
  }
  // Without roots of ours gRPC would trust every authority of the operating system. A channel without
  // credentials fails each call with INVALID_ARGUMENT.
  auto credentials = options.pem_root_certs.empty() ? std::shared_ptr<grpc::ChannelCredentials>()
                                                    : grpc::SslCredentials(options);
  if (credentials != nullptr && call != nullptr) {
    credentials = grpc::CompositeChannelCredentials(credentials, call);
  }
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

}  // namespace

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address, const Identity& identity,
                                           const std::string& https_proxy) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = identity.authority_pem;
  options.pem_cert_chain = identity.certificate_pem;
  options.pem_private_key = identity.private_key_pem;
  return Make(address, options, https_proxy);
}

std::shared_ptr<grpc::Channel> MakeEnrolmentChannel(const std::string& address,
                                                    const std::string& authority_pem,
                                                    const std::string& https_proxy) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = authority_pem;
  return Make(address, options, https_proxy);
}

std::shared_ptr<grpc::Channel> MakeTokenChannel(const std::string& address, const std::string& authority_pem,
                                                const std::string& token) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = authority_pem;
  return Make(address, options, "", grpc::AccessTokenCredentials(token));
}

bool AwaitConnection(grpc::Channel& channel, absl::Duration timeout) {
  return channel.WaitForConnected(After(timeout));
}

void SetDeadline(grpc::ClientContext& context, absl::Duration timeout) {
  context.set_deadline(After(timeout));
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const int code = static_cast<int>(status.error_code());
  const bool known = code > 0 && code <= static_cast<int>(grpc::StatusCode::UNAUTHENTICATED);
  return absl::Status(known ? static_cast<absl::StatusCode>(code) : absl::StatusCode::kUnknown,
                      Printable(status.error_message()));
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), Printable(status.message()));
}

}  // namespace waymark::rpc
