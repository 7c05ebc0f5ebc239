// Who may call what. One table for every call of every service; what is not in it is denied.
#ifndef WAYMARK_COORDINATOR_SERVE_ACCESS_H_
#define WAYMARK_COORDINATOR_SERVE_ACCESS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/benchmark/scope.h"
#include "coordinator/federation/access_book.h"
#include "coordinator/federation/role.h"

namespace waymark::coordinator {

struct Caller {
  Role role = Role::kCouncil;
  std::string name;  // a council's code, or the name of an entry of the access book
  Scope scope{};     // sees nothing until it is filled in
  bool by_token = false;
};

// From the URI of a verified certificate: "waymark://FEDERATION/council/E06000001". Role and name alone.
// PERMISSION_DENIED where it is of another federation, or no such URI.
absl::StatusOr<Caller> CallerFromUri(absl::string_view federation, absl::string_view uri);

// Of the HTTP or gRPC header "authorization", from that address. The errors of AccessBook::OfToken;
// UNAUTHENTICATED where it is no bearer token, or the role's takes a certificate.
absl::StatusOr<Caller> CallerOfToken(AccessBook& book, absl::string_view authorization,
                                     absl::string_view address);
// The same of a token of which only the hash is kept (AccessTokenHash).
absl::StatusOr<Caller> CallerOfTokenHash(AccessBook& book, const std::string& hash,
                                         absl::string_view address);
// What an entry of the book sees.
Scope ScopeOf(const StoredAccess& entry, Role role);

// `method`: "/waymark.v1.Rounds/Submit". PERMISSION_DENIED where the caller's role may not call it, or not by
// token, or nobody may.
absl::Status CheckAccess(absl::string_view method, const Caller& caller);

// Whether the method needs no certificate (on the enrolment port, where it needs a token).
bool NeedsNoCertificate(absl::string_view method);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_SERVE_ACCESS_H_
