#include "coordinator/serve/admission.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "proto/rpc/channel.h"
#include "proto/rpc/protocol.h"
#include "proto/rpc/server.h"

namespace waymark::coordinator {

absl::Status CheckDeadline(const grpc::ServerContext& context) {
  if (context.deadline() != std::chrono::system_clock::time_point::max()) return absl::OkStatus();
  return absl::InvalidArgumentError("every call needs a deadline; set one of seconds");
}

namespace {

constexpr absl::string_view kAuthorization = "authorization";

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

absl::StatusOr<Caller> ByCertificate(const ServerParts& parts, const grpc::ServerContext& context) {
  ASSIGN_OR_RETURN(const std::string uri, rpc::PeerUri(context));
  ASSIGN_OR_RETURN(Caller caller, CallerFromUri(parts.authority.federation(), uri));
  const std::string shown = rpc::PeerCertificate(context);
  if (caller.role != Role::kCouncil) {
    ASSIGN_OR_RETURN(const StoredAccess entry, parts.access.OfCertificate(shown, caller.role, caller.name));
    caller.scope = ScopeOf(entry, caller.role);
    return caller;
  }
  // A certificate outlives a membership; the roster says who is in.
  ASSIGN_OR_RETURN(const std::optional<Member> member, parts.store.FindMember(caller.name));
  if (!member) return absl::PermissionDeniedError(absl::StrCat(caller.name, " is no member; enrol first"));
  RETURN_IF_ERROR(CheckCertificate(parts, *member, shown));
  caller.scope = Scope::Everything();
  return caller;
}

// One way in a call: who shows both a certificate and a token would have two names.
absl::StatusOr<Caller> Authenticate(const ServerParts& parts, const grpc::ServerContext& context) {
  const std::vector<std::string> headers = rpc::MetadataOf(context, kAuthorization);
  if (headers.empty()) return ByCertificate(parts, context);
  if (headers.size() > 1 || rpc::ShowedCertificate(context)) {
    return absl::UnauthenticatedError("show a certificate or one token, not both");
  }
  // What a listener without TLS was told, others may have heard.
  if (!rpc::IsTls(context)) {
    return absl::UnauthenticatedError("a token is taken over TLS alone; this one is to be revoked");
  }
  return CallerOfToken(parts.access, headers[0], rpc::PeerAddress(context));
}

}  // namespace

absl::StatusOr<Caller> Admit(const ServerParts& parts, const grpc::ServerContext& context,
                             absl::string_view method) {
  RETURN_IF_ERROR(CheckDeadline(context));
  RETURN_IF_ERROR(rpc::AgreeOnProtocol(rpc::MetadataOf(context, rpc::kProtocolKey)).status());
  ASSIGN_OR_RETURN(Caller caller, Authenticate(parts, context));
  RETURN_IF_ERROR(CheckAccess(method, caller));
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
