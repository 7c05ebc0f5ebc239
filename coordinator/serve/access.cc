#include "coordinator/serve/access.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "proto/contract/release.h"

namespace waymark::coordinator {
namespace {

constexpr unsigned Bit(Role role) {
  return 1U << static_cast<unsigned>(role);
}
constexpr unsigned kC = Bit(Role::kCouncil);
constexpr unsigned kO = Bit(Role::kOperator);
constexpr unsigned kL = Bit(Role::kRegionalLead);
constexpr unsigned kN = Bit(Role::kNationalAnalyst);
constexpr unsigned kA = Bit(Role::kAuditor);
// Without a certificate, on the enrolment port alone.
constexpr unsigned kAnyone = 1U << kRoleCount;
// With a certificate alone, whatever else the role may come with.
constexpr unsigned kNoToken = kAnyone << 1U;

struct Rule {
  absl::string_view method;
  unsigned callers;
};

// What a regional lead sees of ListRounds, ListSchedules and Benchmarks, and an auditor of ListRounds, is
// less than what others do: narrow.h, and the scope of coordinator/benchmark/query.h.
constexpr Rule kRules[] = {
    {"/waymark.v1.Federation/Enrol", kAnyone},
    {"/waymark.v1.Membership/Roster", kC | kO | kA},
    {"/waymark.v1.Membership/Renew", kC | kO | kL | kN | kA | kNoToken},
    {"/waymark.v1.Rounds/Watch", kC},
    {"/waymark.v1.Rounds/Submit", kC},
    {"/waymark.v1.Rounds/Decline", kC},
    {"/waymark.v1.SecureSum/Join", kC},
    {"/waymark.v1.SecureSum/Step", kC},
    {"/waymark.v1.SecureSum/PutBlock", kC},
    {"/waymark.v1.SecureSum/Transcript", kC | kO},  // with Block: the sum itself, so not an auditor's
    {"/waymark.v1.SecureSum/Block", kC | kO},
    {"/waymark.v1.Admin/OpenRound", kO},
    {"/waymark.v1.Admin/ListRounds", kO | kL | kA},
    {"/waymark.v1.Admin/CloseRound", kO},
    {"/waymark.v1.Admin/WithdrawRound", kO},
    {"/waymark.v1.Schedules/AddSchedule", kO},
    {"/waymark.v1.Schedules/RemoveSchedule", kO},
    {"/waymark.v1.Schedules/ListSchedules", kO | kL},
    {"/waymark.v1.Benchmarks/Query", kC | kO | kL | kN},
    {"/waymark.v1.Benchmarks/Trend", kC | kO | kL | kN},
    {"/waymark.v1.Benchmarks/ListPublished", kC | kO | kL | kN},
    {"/waymark.v1.Benchmarks/Journeys", kC | kO | kL | kN},
    {"/waymark.v1.Benchmarks/Export", kC | kO | kL | kN},
    {"/waymark.v1.PublishedStatistics/Scorecard", kC | kO | kL | kN | kA},
    {"/waymark.v1.PublishedStatistics/Represented", kC | kO | kL | kN},
    {"/waymark.v1.Log/Head", kC | kO | kL | kN | kA},
    {"/waymark.v1.Log/Consistency", kC | kO | kL | kN | kA},
    {"/waymark.v1.Log/Inclusion", kC | kO | kL | kN | kA},
    {"/waymark.v1.Log/Entries", kC | kO | kN | kA},
    {"/waymark.v1.Log/Witness", kC},
    {"/waymark.v1.Log/Catalogue", kC | kO | kN | kA},
    {"/waymark.v1.Log/PublishedFigures", kC | kO | kN},
};

const Rule* FindRule(absl::string_view method) {
  for (const Rule& rule : kRules) {
    if (rule.method == method) return &rule;
  }
  return nullptr;
}

bool IsName(absl::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  for (const char c : text) {
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<Caller> CallerFromUri(absl::string_view federation, absl::string_view uri) {
  const absl::Status denied = absl::PermissionDeniedError(
      absl::StrCat("the caller's certificate is no member's or operator's of the federation ", federation));
  if (!absl::ConsumePrefix(&uri, "waymark://")) return denied;
  const std::vector<std::string> parts = absl::StrSplit(uri, '/');
  if (parts.size() != 3 || parts[0] != federation) return denied;
  const std::optional<Role> role = FindRole(parts[1]);
  if (!role) return denied;
  const bool named =
      *role == Role::kCouncil ? contract::CheckCouncilCode("council", parts[2]).ok() : IsName(parts[2]);
  if (!named) return denied;
  return Caller{.role = *role, .name = parts[2]};
}

Scope ScopeOf(const StoredAccess& entry, Role role) {
  Scope scope = Scope::Everything();
  if (FactsOf(role).of_regions) scope.regions = entry.regions;
  if (!entry.metrics.empty()) scope.metrics = entry.metrics;
  return scope;
}

absl::StatusOr<Caller> CallerOfToken(AccessBook& book, absl::string_view authorization,
                                     absl::string_view address) {
  if (!absl::ConsumePrefix(&authorization, "Bearer ")) {
    return absl::UnauthenticatedError("authorization: expected \"Bearer\" and a token");
  }
  return CallerOfTokenHash(book, AccessTokenHash(authorization), address);
}

absl::StatusOr<Caller> CallerOfTokenHash(AccessBook& book, const std::string& hash,
                                         absl::string_view address) {
  ASSIGN_OR_RETURN(const StoredAccess entry, book.OfTokenHash(hash, address));
  const std::optional<Role> role = FindRole(entry.role);
  if (!role || !FactsOf(*role).by_token) {
    return absl::UnauthenticatedError("this role takes a certificate; no token can stand for it");
  }
  return Caller{.role = *role, .name = entry.name, .scope = ScopeOf(entry, *role), .by_token = true};
}

absl::Status CheckAccess(absl::string_view method, const Caller& caller) {
  const Rule* rule = FindRule(method);
  const unsigned callers = rule == nullptr ? 0 : rule->callers;
  if ((callers & Bit(caller.role)) == 0) {
    return absl::PermissionDeniedError(absl::StrCat(FactsOf(caller.role).title, " may not call ", method));
  }
  if (caller.by_token && (callers & kNoToken) != 0) {
    return absl::PermissionDeniedError(absl::StrCat("a token may not call ", method));
  }
  return absl::OkStatus();
}

bool NeedsNoCertificate(absl::string_view method) {
  const Rule* rule = FindRule(method);
  return rule != nullptr && (rule->callers & kAnyone) != 0;
}

}  // namespace waymark::coordinator
