// What the forms of a council's pages do. Each was checked to be of the session, from a page of this server;
// what it does is done once, however often it is sent.
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/log.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "http/target.h"
#include "node/pages/briefing.h"
#include "node/pages/questionnaire_page.h"
#include "node/pages/website.h"
#include "node/site/awaiting.h"
#include "node/site/signing.h"
#include "node/site/workplace.h"

namespace waymark::node {
namespace {

std::string Field(const http::Request& request, absl::string_view name) {
  return http::OneOf(request.form, name).value_or("");
}

}  // namespace

absl::StatusOr<std::string> Website::DecideRound(const Asked& asked) {
  if (asked.caller.account.role != Role::kApprover) {
    return absl::PermissionDeniedError("This account may look, and not decide: an approver's may.");
  }
  const std::string what = Field(asked.request, "decision");
  const std::string address = absl::StrCat("/leaving/", http::EncodeForAddress(asked.variable));
  if (what == "approve") {
    RETURN_IF_ERROR(Approve(asked));
    return absl::StrCat(address, "?done=approved");
  }
  if (what == "refuse") {
    RETURN_IF_ERROR(Refuse(asked));
    return absl::StrCat(address, "?done=refused");
  }
  if (what != "take-back") return absl::InvalidArgumentError("The form does not say what is decided.");
  const absl::MutexLock lock(&deciding_);
  RETURN_IF_ERROR(TakeBackRefusal(parts_.site.configuration, asked.variable));
  Log(LogLevel::kInfo, "refusal taken back on the pages",
      {{"round", asked.variable}, {"account", asked.caller.account.name}});
  return absl::StrCat(address, "?done=taken-back");
}

absl::Status Website::Approve(const Asked& asked) {
  const std::string& name = asked.caller.account.name;
  const std::string proposal = Field(asked.request, "proposal");
  const crypto::SecretBytes passphrase(Field(asked.request, "passphrase"));
  const std::string tried = absl::StrCat("key of ", name);
  const absl::MutexLock lock(&deciding_);
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, LoadAwaiting(parts_.site.configuration, asked.variable));
  RETURN_IF_ERROR(tries_.Begin(tried));
  ASSIGN_OR_RETURN(const crypto::SigningKey key, parts_.accounts.OpenKey(name, passphrase));
  tries_.Succeeded(tried);
  // From the sources as they are now, as `approve` does: what would leave may be another than was shown.
  RETURN_IF_ERROR(parts_.refresher.ReadNow());
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(parts_.site, parts_.clock));
  const std::shared_ptr<const Snapshot> snapshot = parts_.refresher.Now().snapshot;
  JourneyTables tables(parts_.site.library, snapshot->data().journeys, snapshot->data().answers);
  ASSIGN_OR_RETURN(const Signed made,
                   SignProposal(parts_.site.configuration, *workplace, spec, tables, proposal, key));
  Log(LogLevel::kInfo, "round approved on the pages",
      {{"round", spec.round_id}, {"account", name}, {"given", absl::StrCat(made.given)}});
  return absl::OkStatus();
}

absl::Status Website::Refuse(const Asked& asked) {
  const absl::MutexLock lock(&deciding_);
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, LoadAwaiting(parts_.site.configuration, asked.variable));
  ASSIGN_OR_RETURN(const auto earlier, RefusalOf(parts_.site.configuration, spec.round_id));
  if (earlier) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(parts_.site, parts_.clock));
  ASSIGN_OR_RETURN(const std::size_t given, workplace->door().ApprovalsGiven(spec.round_id));
  if (given >= workplace->policy().approvals_needed()) {
    return absl::FailedPreconditionError(
        "All approvals that the policy asks for are given: this may be leaving already. Tell the "
        "coordinator's "
        "operator if it should not have.");
  }
  RETURN_IF_ERROR(
      KeepRefusal(parts_.site.configuration, spec.round_id,
                  {.by = asked.caller.account.name, .unix_s = absl::ToUnixSeconds(parts_.clock.Now())}));
  Log(LogLevel::kInfo, "round refused on the pages",
      {{"round", spec.round_id}, {"account", asked.caller.account.name}});
  return absl::OkStatus();
}

absl::StatusOr<std::string> Website::Refresh(const Asked&) {
  parts_.refresher.Ask();
  return std::string("/data");
}

absl::StatusOr<std::string> Website::WriteCommentary(const Asked& asked) {
  const absl::MutexLock lock(&writing_);
  RETURN_IF_ERROR(KeepCommentary(parts_.site.configuration, Field(asked.request, "before"),
                                 Field(asked.request, "commentary")));
  return std::string("/briefing?done=saved");
}

absl::StatusOr<std::string> Website::FillQuestionnaire(const Asked& asked) {
  const absl::MutexLock lock(&writing_);
  const std::string& id = asked.variable;
  const std::string address = absl::StrCat("/questionnaires/", http::EncodeForAddress(id));
  if (Field(asked.request, "begin") == "yes") {
    RETURN_IF_ERROR(BeginQuestionnaire(parts_.site, id, Field(asked.request, "period")));
    return address;
  }
  const std::string section = Field(asked.request, "section");
  RETURN_IF_ERROR(KeepAnswers(parts_.site, id, section,
                              [&](const std::string& name) { return Field(asked.request, name); }));
  return absl::StrCat(address, "?section=", http::EncodeForAddress(section), "&done=saved");
}

}  // namespace waymark::node
