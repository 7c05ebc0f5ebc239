#include "coordinator/serve/services.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "coordinator/federation/successions.h"
#include "coordinator/serve/admission.h"
#include "coordinator/serve/benchmarks_service.h"
#include "coordinator/serve/log_service.h"
#include "coordinator/serve/narrow.h"
#include "coordinator/serve/schedules_service.h"
#include "coordinator/serve/secure_sum_service.h"
#include "proto/contract/checks.h"
#include "proto/contract/roster.h"
#include "proto/rpc/channel.h"
#include "proto/rpc/server.h"
#include "waymark/v1/federation.grpc.pb.h"
#include "waymark/v1/round.grpc.pb.h"
#include "waymark/v1/scorecard.grpc.pb.h"

namespace waymark::coordinator {
namespace {

// Of either message that has the fields of a receipt.
template <typename Message>
void SetReceipt(const Countersigned& last, Message& out) {
  out.set_round_id(last.round_id);
  out.set_ledger_sequence(last.ledger_sequence);
  out.set_received_unix_s(last.receipt.received_unix_s);
  out.set_release_hash(last.receipt.release_hash);
  out.set_signature(last.receipt.signature);
}

class FederationService final : public v1::Federation::Service {
 public:
  explicit FederationService(const ServerParts& parts) : parts_(parts) {}

  grpc::Status Enrol(grpc::ServerContext* context, const v1::EnrolRequest* request,
                     v1::EnrolResponse* response) override {
    return Finish("/waymark.v1.Federation/Enrol", DoEnrol(*context, *request, *response));
  }

 private:
  absl::Status DoEnrol(const grpc::ServerContext& context, const v1::EnrolRequest& message,
                       v1::EnrolResponse& response) {
    RETURN_IF_ERROR(CheckDeadline(context));
    ASSIGN_OR_RETURN(const EnrolmentRequest request, EnrolmentRequestFromProto(message));
    ASSIGN_OR_RETURN(*response.mutable_certificate_pem(), parts_.enrolment.Enrol(request));
    response.set_authority_pem(parts_.authority.certificate_pem());
    response.set_coordinator_key(parts_.key.public_key());
    return absl::OkStatus();
  }

  const ServerParts parts_;
};

class MembershipService final : public v1::Membership::Service {
 public:
  explicit MembershipService(const ServerParts& parts) : parts_(parts) {}

  grpc::Status Roster(grpc::ServerContext* context, const v1::RosterRequest* request,
                      v1::RosterResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Membership/Roster";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoRoster(*caller, *request, *response) : caller.status());
  }

  grpc::Status Renew(grpc::ServerContext* context, const v1::RenewRequest* request,
                     v1::RenewResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Membership/Renew";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoRenew(*context, *caller, *request, *response) : caller.status());
  }

 private:
  absl::Status DoRenew(const grpc::ServerContext& context, const Caller& caller,
                       const v1::RenewRequest& request, v1::RenewResponse& response) {
    const std::string& asked = request.certificate_request_pem();
    ASSIGN_OR_RETURN(*response.mutable_certificate_pem(),
                     caller.role == Role::kCouncil
                         ? parts_.enrolment.Renew(caller.name, asked)
                         : parts_.access.Renew(parts_.authority, rpc::PeerCertificate(context), caller.role,
                                               caller.name, asked));
    return absl::OkStatus();
  }

  absl::Status DoRoster(const Caller& caller, const v1::RosterRequest& request,
                        v1::RosterResponse& response) {
    response.set_federation(parts_.authority.federation());
    RETURN_IF_ERROR(AddSuccessions(caller, response));
    if (request.after_hash().empty()) RETURN_IF_ERROR(AddMembers(response));
    return AddRosters(request.after_hash(), response);
  }

  absl::Status AddSuccessions(const Caller& caller, v1::RosterResponse& response) {
    ASSIGN_OR_RETURN(const contract::Successions successions, parts_.query.Successions());
    contract::SuccessionsToProto(successions, *response.mutable_successions());
    if (caller.role != Role::kCouncil) return absl::OkStatus();
    for (const std::string& before : contract::PredecessorsOf(successions, caller.name)) {
      v1::RosterResponse::Predecessor& one = *response.add_predecessors();
      one.set_council(before);
      ASSIGN_OR_RETURN(const std::vector<Countersigned> seen, parts_.rounds.LastOf(before));
      for (const Countersigned& last : seen) SetReceipt(last, *one.add_receipts());
    }
    return absl::OkStatus();
  }

  absl::Status AddMembers(v1::RosterResponse& response) {
    ASSIGN_OR_RETURN(const std::vector<Member> members, parts_.store.Members());
    for (const Member& member : members) {
      v1::Member* out = response.add_members();
      out->set_council(member.council);
      out->set_signing_key(member.signing_key);
      out->set_enrolled_unix_s(member.enrolled_unix_s);
      if (const v1::Area* area = parts_.library.FindArea(member.council)) {
        out->set_name(area->name());
        out->set_region_code(area->region_code());
      }
    }
    return absl::OkStatus();
  }

  absl::Status AddRosters(const std::string& after_hash, v1::RosterResponse& response) {
    if (!after_hash.empty()) {
      RETURN_IF_ERROR(
          contract::CheckLength("after_hash", after_hash.size(), contract::kHashBytes, contract::kHashBytes));
      ASSIGN_OR_RETURN(const auto following, parts_.store.RostersAfter(after_hash, contract::kMaxRosters));
      if (following) {
        for (const StoredRoster& roster : *following) RETURN_IF_ERROR(AddRoster(roster, response));
        return absl::OkStatus();
      }
    }
    ASSIGN_OR_RETURN(const std::optional<StoredRoster> newest, parts_.store.NewestRoster());
    return newest ? AddRoster(*newest, response) : absl::OkStatus();
  }

  static absl::Status AddRoster(const StoredRoster& roster, v1::RosterResponse& response) {
    if (response.add_rosters()->ParseFromString(roster.bytes)) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat("the stored roster of epoch ", roster.epoch, " cannot be read"));
  }

  const ServerParts parts_;
};

class RoundsService final : public v1::Rounds::Service {
 public:
  explicit RoundsService(const ServerParts& parts) : parts_(parts) {}

  grpc::Status Watch(grpc::ServerContext* context, const v1::WatchRequest*,
                     v1::WatchResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Rounds/Watch";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoWatch(*caller, *response) : caller.status());
  }

  grpc::Status Submit(grpc::ServerContext* context, const v1::SubmitRequest* request,
                      v1::SubmitResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Rounds/Submit";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoSubmit(*caller, *request, *response) : caller.status());
  }

  grpc::Status Decline(grpc::ServerContext* context, const v1::DeclineRequest* request,
                       v1::DeclineResponse*) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Rounds/Decline";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoDecline(*caller, *request) : caller.status());
  }

 private:
  absl::Status DoWatch(const Caller& caller, v1::WatchResponse& response) {
    ASSIGN_OR_RETURN(const std::vector<WatchedRound> rounds, parts_.rounds.Watch(caller.name));
    for (const WatchedRound& round : rounds) {
      v1::WatchResponse::Round* out = response.add_rounds();
      contract::RoundSpecToProto(round.spec, *out->mutable_spec());
      out->set_answered(round.answered);
      out->set_late(round.late);
      out->set_reminder(round.reminder);
    }
    ASSIGN_OR_RETURN(const std::vector<Countersigned> seen, parts_.rounds.LastOf(caller.name));
    for (const Countersigned& last : seen) SetReceipt(last, *response.add_countersigned());
    ASSIGN_OR_RETURN(*response.mutable_ledger_head(), parts_.rounds.LedgerHeadOf(caller.name));
    return absl::OkStatus();
  }

  absl::Status DoDecline(const Caller& caller, const v1::DeclineRequest& request) {
    ASSIGN_OR_RETURN(const contract::Decline decline, contract::DeclineFromProto(caller.name, request));
    return parts_.rounds.Decline(decline);
  }

  absl::Status DoSubmit(const Caller& caller, const v1::SubmitRequest& request,
                        v1::SubmitResponse& response) {
    ASSIGN_OR_RETURN(const contract::Release release, contract::ReleaseFromProto(request.release()));
    ASSIGN_OR_RETURN(const Receipt receipt, parts_.rounds.Submit(caller.name, release));
    response.set_received_unix_s(receipt.received_unix_s);
    response.set_release_hash(receipt.release_hash);
    response.set_signature(receipt.signature);
    if (parts_.after_submission) parts_.after_submission();
    return absl::OkStatus();
  }

  const ServerParts parts_;
};

class AdminService final : public v1::Admin::Service {
 public:
  explicit AdminService(const ServerParts& parts) : parts_(parts) {}

  grpc::Status OpenRound(grpc::ServerContext* context, const v1::OpenRoundRequest* request,
                         v1::OpenRoundResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Admin/OpenRound";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoOpen(*request, *response) : caller.status());
  }

  grpc::Status ListRounds(grpc::ServerContext* context, const v1::ListRoundsRequest*,
                          v1::ListRoundsResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Admin/ListRounds";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoList(*caller, *response) : caller.status());
  }

  grpc::Status CloseRound(grpc::ServerContext* context, const v1::CloseRoundRequest* request,
                          v1::CloseRoundResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Admin/CloseRound";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoClose(*request, *response) : caller.status());
  }

  grpc::Status WithdrawRound(grpc::ServerContext* context, const v1::WithdrawRoundRequest* request,
                             v1::WithdrawRoundResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Admin/WithdrawRound";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoWithdraw(*request, *response) : caller.status());
  }

 private:
  absl::Status DoOpen(const v1::OpenRoundRequest& request, v1::OpenRoundResponse& response) {
    ASSIGN_OR_RETURN(const contract::RoundSpec spec, contract::RoundSpecFromProto(request.spec()));
    ASSIGN_OR_RETURN(*response.mutable_spec_hash(), parts_.rounds.Open(spec));
    return absl::OkStatus();
  }

  absl::Status DoList(const Caller& caller, v1::ListRoundsResponse& response) {
    ASSIGN_OR_RETURN(std::vector<v1::RoundStatus> rounds, parts_.rounds.List());
    NarrowRounds(caller, parts_.library, rounds);
    for (v1::RoundStatus& round : rounds) *response.add_rounds() = std::move(round);
    return absl::OkStatus();
  }

  absl::Status DoWithdraw(const v1::WithdrawRoundRequest& request, v1::WithdrawRoundResponse& response) {
    ASSIGN_OR_RETURN(*response.mutable_round(), parts_.rounds.Withdraw(request.round_id(), request.reason()));
    parts_.secure.Drop(request.round_id());
    return absl::OkStatus();
  }

  absl::Status DoClose(const v1::CloseRoundRequest& request, v1::CloseRoundResponse& response) {
    ASSIGN_OR_RETURN(const Leadership::Work work, parts_.leadership.Begin());
    ASSIGN_OR_RETURN(*response.mutable_round(), parts_.leading_rounds.Close(request.round_id()));
    return absl::OkStatus();
  }

  const ServerParts parts_;
};

class PublishedService final : public v1::PublishedStatistics::Service {
 public:
  explicit PublishedService(const ServerParts& parts) : parts_(parts) {}

  grpc::Status Scorecard(grpc::ServerContext* context, const v1::ScorecardRequest* request,
                         v1::Scorecard* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.PublishedStatistics/Scorecard";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoScorecard(*caller, *request, *response) : caller.status());
  }

  grpc::Status Represented(grpc::ServerContext* context, const v1::RepresentationRequest* request,
                           v1::RepresentationResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.PublishedStatistics/Represented";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoRepresented(*caller, *request, *response) : caller.status());
  }

 private:
  absl::Status DoRepresented(const Caller& caller, const v1::RepresentationRequest& request,
                             v1::RepresentationResponse& response) {
    v1::QueryRequest query;
    query.set_metric(request.metric());
    query.set_version(request.version());
    query.set_period(request.period());
    ASSIGN_OR_RETURN(const v1::QueryResponse answer, parts_.query.Answer(query, caller.scope));
    ASSIGN_OR_RETURN(response, parts_.published.Represented(answer, caller.scope));
    return absl::OkStatus();
  }

  absl::Status DoScorecard(const Caller& caller, const v1::ScorecardRequest& request,
                           v1::Scorecard& response) {
    ASSIGN_OR_RETURN(response, parts_.published.Scorecard(request, caller.scope));
    return absl::OkStatus();
  }

  const ServerParts parts_;
};

}  // namespace

std::vector<std::unique_ptr<grpc::Service>> MakeServices(const ServerParts& parts) {
  std::vector<std::unique_ptr<grpc::Service>> services;
  services.push_back(std::make_unique<MembershipService>(parts));
  services.push_back(std::make_unique<RoundsService>(parts));
  services.push_back(MakeSecureSumService(parts));
  services.push_back(std::make_unique<AdminService>(parts));
  services.push_back(MakeSchedulesService(parts));
  services.push_back(MakeBenchmarksService(parts));
  services.push_back(std::make_unique<PublishedService>(parts));
  services.push_back(MakeLogService(parts));
  return services;
}

std::unique_ptr<grpc::Service> MakeEnrolmentService(const ServerParts& parts) {
  return std::make_unique<FederationService>(parts);
}

}  // namespace waymark::coordinator
