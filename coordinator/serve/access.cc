#include "coordinator/serve/access.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "proto/contract/release.h"

namespace waymark::coordinator {
namespace {

struct Rule {
  absl::string_view method;
  bool anyone;  // without a certificate, on the enrolment port alone
  bool council;
  bool operator_;
};

constexpr Rule kRules[] = {
    {"/waymark.v1.Federation/Enrol", true, false, false},
    {"/waymark.v1.Membership/Roster", false, true, true},
    {"/waymark.v1.Membership/Renew", false, true, false},
    {"/waymark.v1.Rounds/Watch", false, true, false},
    {"/waymark.v1.Rounds/Submit", false, true, false},
    {"/waymark.v1.Rounds/Decline", false, true, false},
    {"/waymark.v1.SecureSum/Join", false, true, false},
    {"/waymark.v1.SecureSum/Step", false, true, false},
    {"/waymark.v1.SecureSum/PutBlock", false, true, false},
    {"/waymark.v1.SecureSum/Transcript", false, true, true},
    {"/waymark.v1.SecureSum/Block", false, true, true},
    {"/waymark.v1.Admin/OpenRound", false, false, true},
    {"/waymark.v1.Admin/ListRounds", false, false, true},
    {"/waymark.v1.Admin/CloseRound", false, false, true},
    {"/waymark.v1.Admin/WithdrawRound", false, false, true},
    {"/waymark.v1.Schedules/AddSchedule", false, false, true},
    {"/waymark.v1.Schedules/RemoveSchedule", false, false, true},
    {"/waymark.v1.Schedules/ListSchedules", false, false, true},
    {"/waymark.v1.Benchmarks/Query", false, true, true},
    {"/waymark.v1.Benchmarks/ListPublished", false, true, true},
    {"/waymark.v1.Log/Head", false, true, true},
    {"/waymark.v1.Log/Consistency", false, true, true},
    {"/waymark.v1.Log/Inclusion", false, true, true},
    {"/waymark.v1.Log/Entries", false, true, true},
    {"/waymark.v1.Log/Witness", false, true, false},
    {"/waymark.v1.Log/PublishedFigures", false, true, true},
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
  if (parts[1] == "council" && contract::CheckCouncilCode("council", parts[2]).ok()) {
    return Caller{.role = Role::kCouncil, .name = parts[2]};
  }
  if (parts[1] == "operator" && IsName(parts[2])) return Caller{.role = Role::kOperator, .name = parts[2]};
  return denied;
}

absl::Status CheckAccess(absl::string_view method, Role role) {
  const Rule* rule = FindRule(method);
  const bool allowed = rule != nullptr && (role == Role::kCouncil ? rule->council : rule->operator_);
  if (allowed) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat(role == Role::kCouncil ? "a council" : "an operator", " may not call ", method));
}

bool NeedsNoCertificate(absl::string_view method) {
  const Rule* rule = FindRule(method);
  return rule != nullptr && rule->anyone;
}

}  // namespace waymark::coordinator
