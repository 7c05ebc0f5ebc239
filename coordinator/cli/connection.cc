#include "coordinator/cli/connection.h"

#include <grpcpp/grpcpp.h>

#include <functional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "base/configuration.h"
#include "base/environment.h"
#include "base/file.h"
#include "base/status.h"
#include "crypto/certificate.h"
#include "crypto/secret_file.h"
#include "proto/rpc/channel.h"
#include "proto/rpc/protocol.h"
#include "proto/rpc/tls.h"
#include "waymark/v1/benchmark.grpc.pb.h"
#include "waymark/v1/federation.grpc.pb.h"
#include "waymark/v1/round.grpc.pb.h"
#include "waymark/v1/schedule.grpc.pb.h"
#include "waymark/v1/scorecard.grpc.pb.h"
#include "waymark/v1/secure_sum.grpc.pb.h"
#include "waymark/v1/transparency.grpc.pb.h"

namespace waymark::coordinator {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(30);
// Of several coordinators: one that hangs takes a connection from the machine, and never ends its handshake.
constexpr absl::Duration kWaitForOneOfSeveral = absl::Seconds(3);
// Closing a round combines it before the answer comes.
constexpr absl::Duration kCloseTimeout = absl::Minutes(10);
constexpr absl::Duration kExportTimeout = absl::Hours(1);
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

// "E06000001" of "waymark://FEDERATION/council/E06000001"; "" of any other.
std::string CouncilOf(const std::string& certificate_pem) {
  const absl::StatusOr<crypto::CertificateFacts> facts = crypto::InspectCertificate(certificate_pem);
  if (!facts.ok() || facts->uris.size() != 1) return "";
  const std::vector<std::string> parts = absl::StrSplit(facts->uris[0], '/');
  return parts.size() == 5 && parts[3] == "council" ? parts[4] : "";
}

}  // namespace

struct Connection::Stubs {
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

struct Connection::State {
  std::string council;
  std::string client_file;
  std::vector<Stubs> stubs;  // one an address

  // `call(stubs, context)` makes one call and returns its status. Of several coordinators, the first that
  // answers and is the one that can.
  template <typename Call>
  absl::Status Run(absl::Duration timeout, Call call) {
    std::string tried;
    for (const Stubs& each : stubs) {
      if (stubs.size() > 1 && !rpc::AwaitConnection(*each.channel, kWaitForOneOfSeveral)) {
        absl::StrAppend(&tried, tried.empty() ? "" : ", ", each.address, " (does not connect)");
        continue;
      }
      grpc::ClientContext context;
      rpc::SetDeadline(context, timeout);
      rpc::StateProtocols(context);
      const absl::Status status = rpc::FromGrpc(call(each, &context));
      const bool elsewhere =
          absl::IsUnavailable(status) || (stubs.size() > 1 && absl::IsDeadlineExceeded(status));
      if (!elsewhere) return status;
      absl::StrAppend(&tried, tried.empty() ? "" : ", ", each.address, " (", status.message(), ")");
    }
    return absl::UnavailableError(absl::StrCat("cannot reach the coordinator at ", tried,
                                               "; is it running, and is the address right?"));
  }
};

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::~Connection() = default;

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const ClientOptions& options) {
  auto state = std::make_unique<State>();
  std::vector<std::string> addresses = {options.address};
  std::function<std::shared_ptr<grpc::Channel>(const std::string&)> connect;
  if (!options.token_file.empty()) {
    if (!options.identity.empty()) {
      return absl::InvalidArgumentError("give --identity or --token-file, not both");
    }
    ASSIGN_OR_RETURN(const TokenFile file, ReadTokenFile(options.token_file));
    if (options.address.empty()) addresses = {file.address};
    state->client_file = options.token_file;
    connect = [file](const std::string& address) {
      return rpc::MakeTokenChannel(address, file.authority_pem, file.token);
    };
  } else {
    const std::string directory =
        options.identity.empty() ? EnvironmentVariable("WAYMARK_IDENTITY").value_or("") : options.identity;
    if (directory.empty()) {
      return absl::InvalidArgumentError(
          "no identity; give --identity DIR, set WAYMARK_IDENTITY (an operator's is state/operator, a "
          "council's is its node's state/identity), or give --token-file FILE");
    }
    ASSIGN_OR_RETURN(const rpc::Identity identity, rpc::LoadIdentity(directory));
    if (options.address.empty()) {
      ASSIGN_OR_RETURN(addresses, AddressesIn(directory));
    }
    state->council = CouncilOf(identity.certificate_pem);
    state->client_file = ClientFile(directory);
    connect = [identity](const std::string& address) { return rpc::MakeChannel(address, identity); };
  }
  for (const std::string& address : addresses) {
    const std::shared_ptr<grpc::Channel> channel = connect(address);
    state->stubs.push_back({.address = address,
                            .channel = channel,
                            .membership = v1::Membership::NewStub(channel),
                            .benchmarks = v1::Benchmarks::NewStub(channel),
                            .admin = v1::Admin::NewStub(channel),
                            .schedules = v1::Schedules::NewStub(channel),
                            .secure = v1::SecureSum::NewStub(channel),
                            .published = v1::PublishedStatistics::NewStub(channel),
                            .log = v1::Log::NewStub(channel)});
  }
  return std::unique_ptr<Connection>(new Connection(std::move(state)));
}

const std::string& Connection::council() const {
  return state_->council;
}

const std::string& Connection::client_file() const {
  return state_->client_file;
}

absl::StatusOr<v1::RosterResponse> Connection::Roster() {
  v1::RosterResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.membership->Roster(context, {}, &response);
  }));
  return response;
}

absl::StatusOr<contract::Successions> Connection::Successions() {
  const absl::StatusOr<v1::RosterResponse> roster = Roster();
  if (absl::IsPermissionDenied(roster.status())) return contract::Successions();
  if (!roster.ok()) return roster.status();
  return contract::SuccessionsFromProto(roster->successions());
}

absl::StatusOr<v1::QueryResponse> Connection::Query(const v1::QueryRequest& request) {
  v1::QueryResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.benchmarks->Query(context, request, &response);
  }));
  return response;
}

absl::StatusOr<v1::Scorecard> Connection::Scorecard(const v1::ScorecardRequest& request) {
  v1::Scorecard response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.published->Scorecard(context, request, &response);
  }));
  return response;
}

absl::StatusOr<v1::RepresentationResponse> Connection::Represented(const v1::RepresentationRequest& request) {
  v1::RepresentationResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.published->Represented(context, request, &response);
  }));
  return response;
}

absl::StatusOr<v1::TrendResponse> Connection::Trend(const v1::TrendRequest& request) {
  v1::TrendResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.benchmarks->Trend(context, request, &response);
  }));
  return response;
}

absl::StatusOr<v1::JourneysResponse> Connection::Journeys(const v1::JourneysRequest& request) {
  v1::JourneysResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.benchmarks->Journeys(context, request, &response);
  }));
  return response;
}

absl::Status Connection::Export(const v1::ExportRequest& request,
                                const std::function<absl::Status(v1::ExportPart)>& take) {
  absl::Status taken;
  bool has_begun = false;
  const absl::Status status =
      state_->Run(kExportTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
        const auto reader = stubs.benchmarks->Export(context, request);
        v1::ExportPart part;
        while (taken.ok() && reader->Read(&part)) {
          has_begun = true;
          taken = take(std::move(part));
        }
        if (!taken.ok()) context->TryCancel();
        const grpc::Status ended = reader->Finish();
        // Another coordinator would begin anew.
        const bool went_away = ended.error_code() == grpc::StatusCode::UNAVAILABLE ||
                               ended.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
        if (!has_begun || !went_away) return ended;
        return grpc::Status(grpc::StatusCode::ABORTED, "the export broke off in the middle; try again");
      });
  return taken.ok() ? status : taken;
}

absl::StatusOr<v1::OpenRoundResponse> Connection::OpenRound(const v1::RoundSpec& spec) {
  v1::OpenRoundRequest request;
  *request.mutable_spec() = spec;
  v1::OpenRoundResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.admin->OpenRound(context, request, &response);
  }));
  return response;
}

absl::StatusOr<v1::ScheduleStatus> Connection::AddSchedule(const v1::Schedule& schedule) {
  v1::AddScheduleRequest request;
  *request.mutable_schedule() = schedule;
  v1::AddScheduleResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.schedules->AddSchedule(context, request, &response);
  }));
  return response.status();
}

absl::Status Connection::RemoveSchedule(const std::string& name) {
  v1::RemoveScheduleRequest request;
  request.set_name(name);
  v1::RemoveScheduleResponse response;
  return state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.schedules->RemoveSchedule(context, request, &response);
  });
}

absl::StatusOr<v1::ListSchedulesResponse> Connection::ListSchedules() {
  v1::ListSchedulesResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.schedules->ListSchedules(context, {}, &response);
  }));
  return response;
}

absl::StatusOr<v1::ListRoundsResponse> Connection::ListRounds() {
  v1::ListRoundsResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.admin->ListRounds(context, {}, &response);
  }));
  return response;
}

absl::StatusOr<v1::RoundStatus> Connection::CloseRound(const std::string& round_id) {
  v1::CloseRoundRequest request;
  request.set_round_id(round_id);
  v1::CloseRoundResponse response;
  RETURN_IF_ERROR(state_->Run(kCloseTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.admin->CloseRound(context, request, &response);
  }));
  return response.round();
}

absl::StatusOr<v1::RoundStatus> Connection::WithdrawRound(const std::string& round_id,
                                                          const std::string& reason) {
  v1::WithdrawRoundRequest request;
  request.set_round_id(round_id);
  request.set_reason(reason);
  v1::WithdrawRoundResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.admin->WithdrawRound(context, request, &response);
  }));
  return response.round();
}

absl::StatusOr<v1::TranscriptResponse> Connection::Transcript(const v1::TranscriptRequest& request) {
  v1::TranscriptResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.secure->Transcript(context, request, &response);
  }));
  return response;
}

absl::StatusOr<v1::BlockResponse> Connection::Block(const v1::BlockRequest& request) {
  v1::BlockResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.secure->Block(context, request, &response);
  }));
  return response;
}

absl::StatusOr<v1::ListPublishedResponse> Connection::ListPublished() {
  v1::ListPublishedResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.benchmarks->ListPublished(context, {}, &response);
  }));
  return response;
}

absl::StatusOr<v1::LogHeadResponse> Connection::LogHead() {
  v1::LogHeadResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.log->Head(context, {}, &response);
  }));
  return response;
}

absl::StatusOr<v1::LogEntriesResponse> Connection::LogEntries(const v1::LogEntriesRequest& request) {
  v1::LogEntriesResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.log->Entries(context, request, &response);
  }));
  return response;
}

absl::StatusOr<v1::PublishedFiguresResponse> Connection::PublishedFigures(
    const v1::PublishedFiguresRequest& request) {
  v1::PublishedFiguresResponse response;
  RETURN_IF_ERROR(state_->Run(kTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
    return stubs.log->PublishedFigures(context, request, &response);
  }));
  return response;
}

}  // namespace waymark::coordinator
