#include "coordinator/cli/client_channels.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/configuration.h"
#include "base/environment.h"
#include "base/file.h"
#include "base/log.h"
#include "coordinator/cli/output.h"
#include "crypto/secret_file.h"
#include "proto/rpc/channel.h"
#include "proto/rpc/identity_files.h"
#include "proto/rpc/protocol.h"

namespace waymark::coordinator {
namespace {

// Of several coordinators: one that hangs takes a connection from the machine, and never ends its handshake.
constexpr absl::Duration kWaitForOneOfSeveral = absl::Seconds(3);
constexpr int kMostRenewalsElsewhere = 3;  // in one call
constexpr std::size_t kMaxFileBytes = 1 << 16;

std::string ClientFile(const std::string& directory) {
  return directory + "/client.toml";
}

absl::StatusOr<std::vector<std::string>> AddressesIn(const std::string& directory) {
  const std::string path = ClientFile(directory);
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxFileBytes));
  ASSIGN_OR_RETURN(ConfigTable table, ConfigTable::Parse(text, path));
  std::vector<std::string> addresses = table.Strings("other_addresses");
  addresses.insert(addresses.begin(),
                   table.String("address", "give the coordinator's, as \"127.0.0.1:7443\""));
  table.AllowAll();  // a node's file holds what it pinned at enrolment too
  RETURN_IF_ERROR(table.Finish());
  return addresses;
}

struct TokenFile {
  std::string address;
  std::string token;
  std::string authority_pem;
};
absl::StatusOr<TokenFile> ReadTokenFile(const std::string& path) {
  ASSIGN_OR_RETURN(const crypto::SecretBytes text, crypto::ReadSecretFile(path, kMaxFileBytes));
  ASSIGN_OR_RETURN(ConfigTable table, ConfigTable::Parse(std::string(text.RevealSecretText()), path));
  TokenFile file;
  file.address = table.String("address", "give the coordinator's, as \"127.0.0.1:7445\"");
  file.token = table.String("token", "it stands in the file that `access add --token` made");
  file.authority_pem = table.String("authority_pem", "it stands in the file that `access add --token` made");
  table.AllowAll();  // the keys that `log verify` goes by stand there too
  RETURN_IF_ERROR(table.Finish());
  return file;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ClientChannels>> ClientChannels::Open(const ClientOptions& options) {
  auto channels = std::make_unique<ClientChannels>();
  RETURN_IF_ERROR(options.token_file.empty() ? channels->OpenIdentity(options)
                                             : channels->OpenToken(options));
  return channels;
}

absl::Status ClientChannels::OpenToken(const ClientOptions& options) {
  if (!options.identity.empty()) {
    return absl::InvalidArgumentError("give --identity or --token-file, not both");
  }
  ASSIGN_OR_RETURN(const TokenFile file, ReadTokenFile(options.token_file));
  addresses_ = {options.address.empty() ? file.address : options.address};
  client_file_ = options.token_file;
  Connect(
      [&](const std::string& address) {
        return rpc::MakeTokenChannel(address, file.authority_pem, file.token);
      },
      "");
  return absl::OkStatus();
}

absl::Status ClientChannels::OpenIdentity(const ClientOptions& options) {
  identity_directory_ =
      options.identity.empty() ? EnvironmentVariable("WAYMARK_IDENTITY").value_or("") : options.identity;
  if (identity_directory_.empty()) {
    return absl::InvalidArgumentError(
        "no identity; give --identity DIR, set WAYMARK_IDENTITY (an operator's is state/operator, a "
        "council's is its node's state/identity), or give --token-file FILE");
  }
  client_file_ = ClientFile(identity_directory_);
  ASSIGN_OR_RETURN(const rpc::Identity identity, rpc::OpenIdentity(identity_directory_));
  addresses_ = {options.address};
  if (options.address.empty()) {
    ASSIGN_OR_RETURN(addresses_, AddressesIn(identity_directory_));
  }
  ASSIGN_OR_RETURN(const crypto::CertificateFacts facts,
                   crypto::InspectCertificate(identity.certificate_pem));
  const std::optional<rpc::Certified> who = rpc::CertifiedOf(facts);
  if (who && who->role == rpc::kCouncilRole) council_ = who->name;
  ConnectAs(identity);
  if (options.clock != nullptr) RenewWhenDue(facts, options.clock->Now());
  return absl::OkStatus();
}

void ClientChannels::Connect(const MakeChannel& make, const std::string& certificate_pem) {
  auto stubs = std::make_shared<std::vector<Stubs>>();
  for (const std::string& address : addresses_) {
    const std::shared_ptr<grpc::Channel> channel = make(address);
    stubs->push_back({.address = address,
                      .channel = channel,
                      .membership = v1::Membership::NewStub(channel),
                      .benchmarks = v1::Benchmarks::NewStub(channel),
                      .admin = v1::Admin::NewStub(channel),
                      .schedules = v1::Schedules::NewStub(channel),
                      .secure = v1::SecureSum::NewStub(channel),
                      .published = v1::PublishedStatistics::NewStub(channel),
                      .log = v1::Log::NewStub(channel)});
  }
  const absl::MutexLock lock(&mutex_);
  stubs_ = std::move(stubs);
  certificate_pem_ = certificate_pem;
}

void ClientChannels::ConnectAs(const rpc::Identity& identity) {
  Connect([&](const std::string& address) { return rpc::MakeChannel(address, identity); },
          identity.certificate_pem);
}

absl::Status ClientChannels::Reconnect() {
  ASSIGN_OR_RETURN(const rpc::Identity identity, rpc::OpenIdentity(identity_directory_));
  ConnectAs(identity);
  return absl::OkStatus();
}

std::string ClientChannels::certificate_pem() const {
  const absl::MutexLock lock(&mutex_);
  return certificate_pem_;
}

bool ClientChannels::WasRenewedElsewhere() const {
  if (identity_directory_.empty()) return false;
  const absl::StatusOr<std::string> placed =
      ReadFile(PathUnder(identity_directory_, rpc::kCertificateFile), rpc::kMaxPemBytes);
  return placed.ok() && *placed != certificate_pem();
}

absl::Status ClientChannels::Run(absl::Duration timeout, const Call& call) {
  absl::Status status = RunOnce(timeout, call);
  // Another program may have renewed the identity and used it since, so that this connection's is no good.
  for (int i = 0; i < kMostRenewalsElsewhere; ++i) {
    if (!absl::IsPermissionDenied(status) || !WasRenewedElsewhere()) break;
    RETURN_IF_ERROR(Reconnect());
    status = RunOnce(timeout, call);
  }
  return status;
}

absl::Status ClientChannels::RunOnce(absl::Duration timeout, const Call& call) {
  std::shared_ptr<const std::vector<Stubs>> stubs;
  {
    const absl::MutexLock lock(&mutex_);
    stubs = stubs_;
  }
  std::string tried;
  for (const Stubs& each : *stubs) {
    if (stubs->size() > 1 && !rpc::AwaitConnection(*each.channel, kWaitForOneOfSeveral)) {
      absl::StrAppend(&tried, tried.empty() ? "" : ", ", each.address, " (does not connect)");
      continue;
    }
    grpc::ClientContext context;
    rpc::SetDeadline(context, timeout);
    rpc::StateProtocols(context);
    const absl::Status status = rpc::FromGrpc(call(each, &context));
    const bool elsewhere =
        absl::IsUnavailable(status) || (stubs->size() > 1 && absl::IsDeadlineExceeded(status));
    if (!elsewhere) return status;
    absl::StrAppend(&tried, tried.empty() ? "" : ", ", each.address, " (", status.message(), ")");
  }
  return absl::UnavailableError(
      absl::StrCat("cannot reach the coordinator at ", tried, "; is it running, and is the address right?"));
}

absl::Status ClientChannels::RenewIdentity() {
  const auto ask = [this](const std::string& request_pem) -> absl::StatusOr<std::string> {
    v1::RenewRequest request;
    request.set_certificate_request_pem(request_pem);
    ASSIGN_OR_RETURN(const v1::RenewResponse response,
                     Ask(&Stubs::membership, &v1::Membership::Stub::Renew, request));
    return response.certificate_pem();
  };
  RETURN_IF_ERROR(rpc::RenewIdentity(identity_directory_, certificate_pem(), ask));
  return Reconnect();
}

// Whatever becomes of it, the command goes on: the old one is good still.
void ClientChannels::RenewWhenDue(const crypto::CertificateFacts& facts, absl::Time now) {
  if (!council_.empty() || !crypto::IsInLastThird(facts, now)) return;
  const absl::Status renewed = RenewIdentity();
  if (renewed.ok()) {
    Log(LogLevel::kInfo, "certificate renewed", {{"identity", identity_directory_}});
    return;
  }
  Log(LogLevel::kWarning, "the certificate is not renewed",
      {{"identity", identity_directory_},
       {"until", FormatTime(absl::ToUnixSeconds(facts.not_after))},
       {"error", std::string(renewed.message())}});
}

absl::StatusOr<absl::Time> ClientChannels::Renew() {
  if (identity_directory_.empty()) {
    return absl::FailedPreconditionError("a token is not renewed; ask the operator for another");
  }
  if (!council_.empty()) {
    return absl::FailedPreconditionError("a council's certificate is renewed by its node");
  }
  RETURN_IF_ERROR(RenewIdentity());
  ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::InspectCertificate(certificate_pem()));
  return facts.not_after;
}

}  // namespace waymark::coordinator
