#include "coordinator/cli/connection.h"

#include <functional>
#include <utility>

#include "base/status.h"
#include "coordinator/cli/client_channels.h"

namespace waymark::coordinator {
namespace {

// Closing a round combines it before the answer comes.
constexpr absl::Duration kCloseTimeout = absl::Minutes(10);
constexpr absl::Duration kExportTimeout = absl::Hours(1);

}  // namespace

Connection::Connection(std::unique_ptr<ClientChannels> channels) : channels_(std::move(channels)) {}
Connection::~Connection() = default;

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const ClientOptions& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<ClientChannels> channels, ClientChannels::Open(options));
  return std::unique_ptr<Connection>(new Connection(std::move(channels)));
}

absl::StatusOr<absl::Time> Connection::Renew() {
  ASSIGN_OR_RETURN(const absl::Time end, channels_->Renew());
  RETURN_IF_ERROR(LogHead().status());
  return end;
}

const std::string& Connection::council() const {
  return channels_->council();
}

const std::string& Connection::client_file() const {
  return channels_->client_file();
}

absl::StatusOr<v1::RosterResponse> Connection::Roster() {
  return channels_->Ask(&Stubs::membership, &v1::Membership::Stub::Roster, v1::RosterRequest());
}

absl::StatusOr<contract::Successions> Connection::Successions() {
  const absl::StatusOr<v1::RosterResponse> roster = Roster();
  if (absl::IsPermissionDenied(roster.status())) return contract::Successions();
  if (!roster.ok()) return roster.status();
  return contract::SuccessionsFromProto(roster->successions());
}

absl::StatusOr<v1::QueryResponse> Connection::Query(const v1::QueryRequest& request) {
  return channels_->Ask(&Stubs::benchmarks, &v1::Benchmarks::Stub::Query, request);
}

absl::StatusOr<v1::Scorecard> Connection::Scorecard(const v1::ScorecardRequest& request) {
  return channels_->Ask(&Stubs::published, &v1::PublishedStatistics::Stub::Scorecard, request);
}

absl::StatusOr<v1::RepresentationResponse> Connection::Represented(const v1::RepresentationRequest& request) {
  return channels_->Ask(&Stubs::published, &v1::PublishedStatistics::Stub::Represented, request);
}

absl::StatusOr<v1::TrendResponse> Connection::Trend(const v1::TrendRequest& request) {
  return channels_->Ask(&Stubs::benchmarks, &v1::Benchmarks::Stub::Trend, request);
}

absl::StatusOr<v1::JourneysResponse> Connection::Journeys(const v1::JourneysRequest& request) {
  return channels_->Ask(&Stubs::benchmarks, &v1::Benchmarks::Stub::Journeys, request);
}

absl::Status Connection::Export(const v1::ExportRequest& request,
                                const std::function<absl::Status(v1::ExportPart)>& take) {
  absl::Status taken;
  bool has_begun = false;
  const absl::Status status =
      channels_->Run(kExportTimeout, [&](const Stubs& stubs, grpc::ClientContext* context) {
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
  return channels_->Ask(&Stubs::admin, &v1::Admin::Stub::OpenRound, request);
}

absl::StatusOr<v1::ScheduleStatus> Connection::AddSchedule(const v1::Schedule& schedule) {
  v1::AddScheduleRequest request;
  *request.mutable_schedule() = schedule;
  ASSIGN_OR_RETURN(const auto response,
                   channels_->Ask(&Stubs::schedules, &v1::Schedules::Stub::AddSchedule, request));
  return response.status();
}

absl::Status Connection::RemoveSchedule(const std::string& name) {
  v1::RemoveScheduleRequest request;
  request.set_name(name);
  return channels_->Ask(&Stubs::schedules, &v1::Schedules::Stub::RemoveSchedule, request).status();
}

absl::StatusOr<v1::ListSchedulesResponse> Connection::ListSchedules() {
  return channels_->Ask(&Stubs::schedules, &v1::Schedules::Stub::ListSchedules, v1::ListSchedulesRequest());
}

absl::StatusOr<v1::ListRoundsResponse> Connection::ListRounds() {
  return channels_->Ask(&Stubs::admin, &v1::Admin::Stub::ListRounds, v1::ListRoundsRequest());
}

absl::StatusOr<v1::RoundStatus> Connection::CloseRound(const std::string& round_id) {
  v1::CloseRoundRequest request;
  request.set_round_id(round_id);
  ASSIGN_OR_RETURN(const auto response,
                   channels_->Ask(&Stubs::admin, &v1::Admin::Stub::CloseRound, request, kCloseTimeout));
  return response.round();
}

absl::StatusOr<v1::RoundStatus> Connection::WithdrawRound(const std::string& round_id,
                                                          const std::string& reason) {
  v1::WithdrawRoundRequest request;
  request.set_round_id(round_id);
  request.set_reason(reason);
  ASSIGN_OR_RETURN(const auto response,
                   channels_->Ask(&Stubs::admin, &v1::Admin::Stub::WithdrawRound, request));
  return response.round();
}

absl::StatusOr<v1::TranscriptResponse> Connection::Transcript(const v1::TranscriptRequest& request) {
  return channels_->Ask(&Stubs::secure, &v1::SecureSum::Stub::Transcript, request);
}

absl::StatusOr<v1::BlockResponse> Connection::Block(const v1::BlockRequest& request) {
  return channels_->Ask(&Stubs::secure, &v1::SecureSum::Stub::Block, request);
}

absl::StatusOr<v1::ListPublishedResponse> Connection::ListPublished() {
  return channels_->Ask(&Stubs::benchmarks, &v1::Benchmarks::Stub::ListPublished, v1::ListPublishedRequest());
}

absl::StatusOr<v1::LogHeadResponse> Connection::LogHead() {
  return channels_->Ask(&Stubs::log, &v1::Log::Stub::Head, v1::LogHeadRequest());
}

absl::StatusOr<v1::LogEntriesResponse> Connection::LogEntries(const v1::LogEntriesRequest& request) {
  return channels_->Ask(&Stubs::log, &v1::Log::Stub::Entries, request);
}

absl::StatusOr<v1::PublishedFiguresResponse> Connection::PublishedFigures(
    const v1::PublishedFiguresRequest& request) {
  return channels_->Ask(&Stubs::log, &v1::Log::Stub::PublishedFigures, request);
}

}  // namespace waymark::coordinator
