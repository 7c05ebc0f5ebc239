#include "node/link/enrolment.h"

#include <grpcpp/grpcpp.h>

#include "absl/strings/str_cat.h"
#include "base/configuration.h"
#include "base/file.h"
#include "base/status.h"
#include "crypto/certificate.h"
#include "node/link/client_file.h"
#include "node/link/retry.h"
#include "proto/contract/release.h"
#include "proto/rpc/channel.h"
#include "proto/rpc/identity_files.h"
#include "waymark/v1/federation.grpc.pb.h"

namespace waymark::node {
namespace {

constexpr absl::Duration kEnrolCall = absl::Seconds(30);
constexpr std::size_t kMaxTokenBytes = 128;

absl::Status CheckResponse(const v1::EnrolResponse& response, const JoinFile& join,
                           const crypto::SecretBytes& private_key_pem) {
  const auto wrong = [](absl::string_view what) {
    return absl::FailedPreconditionError(absl::StrCat(
        "enrolment: ", what, "; nothing was written. Ask the operator for a new join file, and say this"));
  };
  const std::string problem = rpc::WrongWithCertificate(response.certificate_pem(), rpc::kCouncilRole,
                                                        join.council, private_key_pem, join.authority_pem);
  if (!problem.empty()) return wrong(problem);
  if (response.coordinator_key() != join.coordinator_key) {
    return wrong("the coordinator's key is not the join file's");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<JoinFile> ParseJoinFile(const std::string& text, const std::string& file) {
  ASSIGN_OR_RETURN(ConfigTable table, ConfigTable::Parse(text, file));
  JoinFile join;
  join.council = table.String("council", "the join file names the council it is for");
  if (const absl::Status code = contract::CheckCouncilCode("council", join.council); !code.ok()) {
    table.Fail("council", "expected an ONS code of a letter and eight digits, as E06000001");
  }
  join.token = table.String("token", "ask the operator for a new join file");
  if (join.token.size() > kMaxTokenBytes) table.Fail("token", "is too long; ask for a new join file");
  join.enrolment_address = ReadAddress(table, "enrolment_address");
  join.address = ReadAddress(table, "address");
  join.other_addresses = ReadOtherAddresses(table);
  join.authority_pem = table.String("authority_pem", "ask the operator for a new join file");
  if (!join.authority_pem.empty() && !crypto::InspectCertificate(join.authority_pem).ok()) {
    table.Fail("authority_pem", "expected a certificate in PEM; ask the operator for a new join file");
  }
  join.coordinator_key = ReadCoordinatorKey(table);
  join.governance = contract::ReadGovernance(table);
  RETURN_IF_ERROR(table.Finish());
  return join;
}

absl::Status Enrol(const JoinFile& join, const Enrolling& node, const Clock& clock) {
  if (join.council != node.council) {
    return absl::FailedPreconditionError(absl::StrCat("the join file is for council ", join.council,
                                                      ", this node is council ", node.council,
                                                      "; ask for the right one"));
  }
  const std::string& directory = node.identity_directory;
  RETURN_IF_ERROR(MakeDirectories(directory, 0700));
  ASSIGN_OR_RETURN(const crypto::RequestWithKey pending, rpc::PendingRequest(directory));
  v1::EnrolRequest request;
  request.set_council(join.council);
  request.set_token(join.token);
  request.set_certificate_request_pem(pending.request_pem);
  request.set_signing_key(node.signing_public_key);
  const auto channel =
      rpc::MakeEnrolmentChannel(join.enrolment_address, join.authority_pem, node.https_proxy);
  const auto stub = v1::Federation::NewStub(channel);
  v1::EnrolResponse response;
  std::atomic<std::size_t> place{0};
  RETURN_IF_ERROR(WithContext(WithRetries({channel}, place, clock, kEnrolCall,
                                          [&](std::size_t, grpc::ClientContext& context) {
                                            return stub->Enrol(&context, request, &response);
                                          }),
                              absl::StrCat("enrolment at ", join.enrolment_address)));
  RETURN_IF_ERROR(CheckResponse(response, join, pending.private_key_pem));
  RETURN_IF_ERROR(WriteFileAtomically(PathUnder(directory, rpc::kAuthorityFile), join.authority_pem, 0644));
  RETURN_IF_ERROR(WriteClientFile(directory, {.address = join.address,
                                              .other_addresses = join.other_addresses,
                                              .coordinator_key = join.coordinator_key,
                                              .governance = join.governance}));
  return rpc::ReplacePair(directory, response.certificate_pem());
}

}  // namespace waymark::node
