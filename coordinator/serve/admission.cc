#include "coordinator/serve/admission.h"

#include <chrono>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "proto/rpc/channel.h"
#include "proto/rpc/server.h"

namespace waymark::coordinator {

absl::Status CheckDeadline(const grpc::ServerContext& context) {
  if (context.deadline() != std::chrono::system_clock::time_point::max()) return absl::OkStatus();
  return absl::InvalidArgumentError("every call needs a deadline; set one of seconds");
}

namespace {

// One certificate of a council is good: the one that it was given last. That of a renewal is so from its
// first use on, and until then both are, so that a node which never got the answer is not locked out.
absl::Status CheckCertificate(const ServerParts& parts, const Member& member, const std::string& shown) {
  if (shown == member.certificate_pem) return absl::OkStatus();
  if (!shown.empty() && shown == member.next_certificate_pem) {
    return parts.store.TakeUpCertificate(member.council, shown);
  }
  return absl::PermissionDeniedError(
      absl::StrCat("this certificate of ", member.council,
                   " has been replaced by another; if it is the node's newest, enrol with a new join file"));
}

}  // namespace

absl::StatusOr<Caller> Admit(const ServerParts& parts, const grpc::ServerContext& context,
                             absl::string_view method) {
  RETURN_IF_ERROR(CheckDeadline(context));
  ASSIGN_OR_RETURN(const std::string uri, rpc::PeerUri(context));
  ASSIGN_OR_RETURN(Caller caller, CallerFromUri(parts.authority.federation(), uri));
  RETURN_IF_ERROR(CheckAccess(method, caller.role));
  if (caller.role == Role::kCouncil) {
    // A certificate outlives a membership; the roster says who is in.
    ASSIGN_OR_RETURN(const std::optional<Member> member, parts.store.FindMember(caller.name));
    if (!member) return absl::PermissionDeniedError(absl::StrCat(caller.name, " is no member; enrol first"));
    RETURN_IF_ERROR(CheckCertificate(parts, *member, rpc::PeerCertificate(context)));
  }
  return caller;
}

grpc::Status Finish(absl::string_view method, const absl::Status& status) {
  if (!status.ok()) {
    Log(LogLevel::kWarning, "call refused",
        {{"method", std::string(method)}, {"code", absl::StatusCodeToString(status.code())}});
  }
  return rpc::ToGrpc(status);
}

}  // namespace waymark::coordinator
