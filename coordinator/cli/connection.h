// A person's or program's connection to the coordinator, with the identity in a folder or a bearer token.
#ifndef WAYMARK_COORDINATOR_CLI_CONNECTION_H_
#define WAYMARK_COORDINATOR_CLI_CONNECTION_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "proto/contract/succession.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/federation.pb.h"
#include "waymark/v1/round.pb.h"
#include "waymark/v1/schedule.pb.h"
#include "waymark/v1/scorecard.pb.h"
#include "waymark/v1/secure_sum.pb.h"
#include "waymark/v1/transparency.pb.h"

namespace waymark::coordinator {

class ClientChannels;

struct ClientOptions {
  std::string
      identity;  // folder with authority.pem, certificate.pem, key.pem, client.toml; "": WAYMARK_IDENTITY
  std::string address;       // "host:port"; "": client.toml's, which may be several, or the token file's
  std::string token_file{};  // instead of an identity: as `waymark-coordinator access add --token` wrote it
  const Clock* clock = nullptr;  // by which an identity is renewed when it is due; nullptr: it never is
};

// Every call has a deadline, and its errors are the coordinator's own. A call that another program's renewal
// of the same identity came before is made again with the new one. Thread-safe.
class Connection {
 public:
  // INVALID_ARGUMENT where no identity or address is given, or both identity and token; errors of
  // rpc::OpenIdentity, and of a token file that others may read. Where less than a third of the certificate's
  // time is left it is renewed first, but a council's, which its node renews; that this failed is said in the
  // program's log.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const ClientOptions& options);
  ~Connection();

  // The council whose identity this is; "" for an operator.
  const std::string& council() const;

  // The identity's client.toml, or the token's file.
  const std::string& client_file() const;

  // Puts a new key and certificate in the place of the identity's, whenever the old one ends, and makes sure
  // that the coordinator takes it, so that the old one is good no more. When the new one ends.
  // FAILED_PRECONDITION of a token or a council's identity.
  absl::StatusOr<absl::Time> Renew();

  // What became of councils; none where the caller may not see the roster.
  absl::StatusOr<contract::Successions> Successions();
  absl::StatusOr<v1::RosterResponse> Roster();
  absl::StatusOr<v1::QueryResponse> Query(const v1::QueryRequest& request);
  absl::StatusOr<v1::Scorecard> Scorecard(const v1::ScorecardRequest& request);
  absl::StatusOr<v1::RepresentationResponse> Represented(const v1::RepresentationRequest& request);
  absl::StatusOr<v1::TrendResponse> Trend(const v1::TrendRequest& request);
  absl::StatusOr<v1::JourneysResponse> Journeys(const v1::JourneysRequest& request);
  // Gives each part to `take` as it comes; an error of `take` ends the call.
  absl::Status Export(const v1::ExportRequest& request,
                      const std::function<absl::Status(v1::ExportPart)>& take);
  absl::StatusOr<v1::OpenRoundResponse> OpenRound(const v1::RoundSpec& spec);
  absl::StatusOr<v1::ScheduleStatus> AddSchedule(const v1::Schedule& schedule);
  absl::Status RemoveSchedule(const std::string& name);
  absl::StatusOr<v1::ListSchedulesResponse> ListSchedules();
  absl::StatusOr<v1::ListRoundsResponse> ListRounds();
  absl::StatusOr<v1::RoundStatus> CloseRound(const std::string& round_id);
  absl::StatusOr<v1::RoundStatus> WithdrawRound(const std::string& round_id, const std::string& reason);
  absl::StatusOr<v1::TranscriptResponse> Transcript(const v1::TranscriptRequest& request);
  absl::StatusOr<v1::BlockResponse> Block(const v1::BlockRequest& request);
  absl::StatusOr<v1::ListPublishedResponse> ListPublished();
  absl::StatusOr<v1::LogHeadResponse> LogHead();
  absl::StatusOr<v1::LogEntriesResponse> LogEntries(const v1::LogEntriesRequest& request);
  absl::StatusOr<v1::PublishedFiguresResponse> PublishedFigures(const v1::PublishedFiguresRequest& request);

 private:
  explicit Connection(std::unique_ptr<ClientChannels> channels);
  std::unique_ptr<ClientChannels> channels_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_CONNECTION_H_
