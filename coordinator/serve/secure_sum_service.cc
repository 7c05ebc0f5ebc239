#include "coordinator/serve/secure_sum_service.h"

#include <grpcpp/grpcpp.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/serve/admission.h"
#include "waymark/v1/secure_sum.grpc.pb.h"

namespace waymark::coordinator {
namespace {

// A message names every member at most a few times.
constexpr std::size_t kMostBodyBytes = 64 * 1024 + 2 * 96 * crypto::kMostSecureSumMembers;

absl::StatusOr<SumStep> StepFromProto(v1::SecureStep step) {
  if (step < v1::SECURE_STEP_KEYS || step > v1::SECURE_STEP_UNMASK) {
    return absl::InvalidArgumentError("step: expected keys, shares, input, consistency or unmask");
  }
  return static_cast<SumStep>(static_cast<int>(step) - static_cast<int>(v1::SECURE_STEP_KEYS));
}

class SecureSumService final : public v1::SecureSum::Service {
 public:
  explicit SecureSumService(const ServerParts& parts) : parts_(parts) {}

  grpc::Status Join(grpc::ServerContext* context, const v1::JoinSessionRequest* request,
                    v1::JoinSessionResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.SecureSum/Join";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoJoin(*caller, *request, *response) : caller.status());
  }

  grpc::Status Step(grpc::ServerContext* context, const v1::StepRequest* request,
                    v1::StepResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.SecureSum/Step";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoStep(*caller, *request, *response) : caller.status());
  }

  grpc::Status PutBlock(grpc::ServerContext* context, const v1::PutBlockRequest* request,
                        v1::PutBlockResponse*) override {
    constexpr absl::string_view kMethod = "/waymark.v1.SecureSum/PutBlock";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    if (!caller.ok()) return Finish(kMethod, caller.status());
    return Finish(kMethod, DoPutBlock(*caller, *request));
  }

  grpc::Status Transcript(grpc::ServerContext* context, const v1::TranscriptRequest* request,
                          v1::TranscriptResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.SecureSum/Transcript";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoTranscript(*request, *response) : caller.status());
  }

  grpc::Status Block(grpc::ServerContext* context, const v1::BlockRequest* request,
                     v1::BlockResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.SecureSum/Block";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoBlock(*request, *response) : caller.status());
  }

 private:
  absl::Status DoJoin(const Caller& caller, const v1::JoinSessionRequest& request,
                      v1::JoinSessionResponse& response) {
    ASSIGN_OR_RETURN(const Leadership::Work work, parts_.leadership.Begin());
    ASSIGN_OR_RETURN(response, parts_.secure.Join(caller.name, request.round_id()));
    response.set_term(static_cast<std::uint64_t>(parts_.leadership.term()));
    return absl::OkStatus();
  }

  absl::Status DoPutBlock(const Caller& caller, const v1::PutBlockRequest& request) {
    ASSIGN_OR_RETURN(const Leadership::Work work, parts_.leadership.Begin());
    return parts_.secure.PutBlock(caller.name, request.round_id(), request.session(), request.block(),
                                  request.content());
  }

  absl::Status DoStep(const Caller& caller, const v1::StepRequest& request, v1::StepResponse& response) {
    ASSIGN_OR_RETURN(const SumStep step, StepFromProto(request.step()));
    if (request.message().body().size() > kMostBodyBytes) {
      return absl::InvalidArgumentError(absl::StrCat("message.body: at most ", kMostBodyBytes, " bytes"));
    }
    const crypto::SignedMessage message{.body = request.message().body(),
                                        .signature = request.message().signature()};
    ASSIGN_OR_RETURN(const Leadership::Work work, parts_.leadership.Begin());
    ASSIGN_OR_RETURN(StepAnswer answer,
                     parts_.secure.Take(caller.name, request.round_id(), request.session(), step, message));
    response.set_ready(answer.ready);
    response.set_term(static_cast<std::uint64_t>(parts_.leadership.term()));
    for (crypto::SignedMessage& one : answer.messages) {
      v1::SignedBytes* out = response.add_messages();
      out->set_body(std::move(one.body));
      out->set_signature(std::move(one.signature));
    }
    for (crypto::SealedShares& one : answer.shares) {
      v1::SealedShares* out = response.add_shares();
      out->set_member(one.member);
      out->set_sealed(std::move(one.sealed));
    }
    if (step == SumStep::kUnmask && answer.ready && parts_.after_submission) parts_.after_submission();
    return absl::OkStatus();
  }

  absl::Status DoTranscript(const v1::TranscriptRequest& request, v1::TranscriptResponse& response) {
    ASSIGN_OR_RETURN(response, parts_.secure.TranscriptOf(request.round_id(), request.part()));
    return absl::OkStatus();
  }

  absl::Status DoBlock(const v1::BlockRequest& request, v1::BlockResponse& response) {
    ASSIGN_OR_RETURN(response, parts_.secure.Block(request.round_id(), request.part(), request.block()));
    return absl::OkStatus();
  }

  const ServerParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeSecureSumService(const ServerParts& parts) {
  return std::make_unique<SecureSumService>(parts);
}

}  // namespace waymark::coordinator
