#include "proto/rpc/server.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace waymark::rpc {
namespace {

constexpr int kMaxMetadataBytes = 8192;
constexpr int kHandshakeTimeoutMs = 5'000;
// A connection is asked to end after an hour, so that a restart drains and a renewed certificate comes into
// use.
constexpr int kMaxConnectionAgeMs = 3'600'000;
constexpr int kConnectionGraceMs = 60'000;
constexpr int kMaxConnectionIdleMs = 900'000;
// The server looks for dead peers itself; clients may ping every minute, also between calls.
constexpr int kKeepaliveMs = 120'000;
constexpr int kKeepaliveTimeoutMs = 20'000;
constexpr int kLeastClientPingMs = 60'000;
constexpr int kMaxPingStrikes = 2;

}  // namespace

std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const Identity& identity,
                                                               ClientCertificate client_certificate) {
  grpc::SslServerCredentialsOptions options(client_certificate == ClientCertificate::kRequired
                                                ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                                                : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  options.pem_root_certs = identity.authority_pem;
  options.pem_key_cert_pairs.push_back({identity.private_key_pem, identity.certificate_pem});
  return grpc::SslServerCredentials(options);
}

std::shared_ptr<grpc::ServerCredentials> MakeEnrolmentServerCredentials(const Identity& identity) {
  return MakeServerCredentials(identity, ClientCertificate::kNone);
}

absl::StatusOr<std::string> PeerUri(const grpc::ServerContext& context) {
  const std::shared_ptr<const grpc::AuthContext> peer = context.auth_context();
  if (peer == nullptr || !peer->IsPeerAuthenticated()) {
    return absl::UnauthenticatedError(
        "the caller showed no certificate; connect with the one issued at enrolment");
  }
  const std::vector<grpc::string_ref> uris = peer->FindPropertyValues("peer_uri");
  if (uris.size() != 1) {
    return absl::UnauthenticatedError(absl::StrCat(
        "the caller's certificate must have exactly one URI as its subject alternative name, but has ",
        uris.size(), "; enrol for a new certificate"));
  }
  return std::string(uris[0].data(), uris[0].size());
}

std::string PeerCertificate(const grpc::ServerContext& context) {
  const std::shared_ptr<const grpc::AuthContext> peer = context.auth_context();
  if (peer == nullptr || !peer->IsPeerAuthenticated()) return "";
  const std::vector<grpc::string_ref> found = peer->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  return found.size() == 1 ? std::string(found[0].data(), found[0].size()) : "";
}

bool ShowedCertificate(const grpc::ServerContext& context) {
  const std::shared_ptr<const grpc::AuthContext> peer = context.auth_context();
  return peer != nullptr && peer->IsPeerAuthenticated();
}

bool IsTls(const grpc::ServerContext& context) {
  const std::shared_ptr<const grpc::AuthContext> peer = context.auth_context();
  if (peer == nullptr) return false;
  const std::vector<grpc::string_ref> types =
      peer->FindPropertyValues(GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME);
  return types.size() == 1 && types[0] == GRPC_SSL_TRANSPORT_SECURITY_TYPE;
}

std::string PeerAddress(const grpc::ServerContext& context) {
  const std::string peer = context.peer();  // "ipv4:192.0.2.1:40312"
  return peer.substr(0, peer.rfind(':'));
}

std::vector<std::string> MetadataOf(const grpc::ServerContext& context, absl::string_view name) {
  const auto [first, last] =
      context.client_metadata().equal_range(grpc::string_ref(name.data(), name.size()));
  std::vector<std::string> values;
  for (auto each = first; each != last; ++each) {
    values.emplace_back(each->second.data(), each->second.size());
  }
  return values;
}

void ConfigureServer(grpc::ServerBuilder& builder, const ServerLimits& limits) {
  builder.SetMaxReceiveMessageSize(limits.max_message_bytes);
  // A small compressed message may stand for a large one, and nothing here compresses.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits.max_streams_per_connection);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, kMaxConnectionAgeMs);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, kConnectionGraceMs);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kMaxConnectionIdleMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kLeastClientPingMs);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, kMaxPingStrikes);
  grpc::ResourceQuota quota("waymark");
  quota.Resize(limits.memory_bytes);
  quota.SetMaxThreads(limits.threads);
  builder.SetResourceQuota(quota);
}

}  // namespace waymark::rpc
