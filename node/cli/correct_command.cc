#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/status.h"
#include "base/text_table.h"
#include "crypto/hash.h"
#include "node/cli/commands.h"
#include "node/link/coordinator_link.h"
#include "node/site/awaiting.h"
#include "node/site/workplace.h"
#include "proto/contract/names.h"
#include "proto/contract/revision.h"
#include "proto/rpc/tls.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

absl::StatusOr<v1::RevisionReason> ReasonNamed(const std::string& word) {
  std::vector<absl::string_view> words;
  for (const v1::RevisionReason reason : contract::CorrectionReasons()) {
    words.push_back(contract::WordOf(reason));
    if (words.back() == word) return reason;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--reason ", word, ": expected one of ", absl::StrJoin(words, ", ")));
}

// That there is something which may be corrected: judged by the ledger, before anybody is asked.
absl::StatusOr<std::string> ReleasedSpecHash(const Ledger& ledger, const std::string& round) {
  ASSIGN_OR_RETURN(const std::vector<LedgerEntry> entries, ledger.Entries());
  for (const LedgerEntry& entry : entries) {
    const bool is_sum = entry.claim.mode == v1::MODE_SECURE_SUM || entry.kind == EntryKind::kSession;
    if (!is_sum || entry.round_id != round) continue;
    return absl::FailedPreconditionError(absl::StrCat("round ", round, " is summed securely (",
                                                      Describe(entry),
                                                      "); what was summed is never corrected: two sums that "
                                                      "differ by one council would tell that council"));
  }
  ASSIGN_OR_RETURN(const auto stored, ledger.FindRelease(round));
  if (stored) return stored->spec_hash;
  return absl::FailedPreconditionError(
      absl::StrCat("this node has released nothing for round ", round,
                   ", so there is nothing to correct; a late answer is given by `waymark-node run` itself"));
}

// The round as it was answered, where the coordinator takes corrections of it.
absl::StatusOr<contract::RoundSpec> RoundToCorrect(const Site& site, const std::string& round,
                                                   const std::string& spec_hash, const Clock& clock) {
  RETURN_IF_ERROR(rpc::RequireTls13());
  ASSIGN_OR_RETURN(const auto link, CoordinatorLink::Open(IdentityDirectory(site.configuration),
                                                          site.configuration.https_proxy, clock));
  ASSIGN_OR_RETURN(std::vector<WatchedRound> rounds, link->Watch());
  for (WatchedRound& one : rounds) {
    const contract::RoundSpec& spec = one.spec;
    if (spec.round_id != round || spec.late_for_days == 0) continue;
    if (crypto::Sha256(contract::CanonicalBytes(spec)) == spec_hash) return std::move(one.spec);
    return absl::AlreadyExistsError(absl::StrCat(
        "round ", round,
        ": the coordinator asks another question under this name than was answered; ask it why"));
  }
  return absl::FailedPreconditionError(
      absl::StrCat("round ", round,
                   ": the coordinator takes no corrections of it, or takes them no longer "
                   "(late_for_days in the round's file)"));
}

absl::StatusOr<contract::RoundSpec> NextCorrection(const Ledger& ledger, const Site& site,
                                                   const contract::RoundSpec& round,
                                                   v1::RevisionReason reason) {
  ASSIGN_OR_RETURN(const std::vector<contract::RoundSpec> waiting, ListCorrections(site.configuration));
  for (const contract::RoundSpec& one : waiting) {
    if (contract::RoundOf(one.round_id) != round.round_id) continue;
    ASSIGN_OR_RETURN(const bool is_over, ledger.IsAcknowledged(one.round_id));
    if (is_over) continue;
    return absl::AlreadyExistsError(
        absl::StrCat("correction ", one.round_id, " waits to be sent by `waymark-node run`"));
  }
  for (std::uint32_t number = 1; number <= contract::kMostCorrections; ++number) {
    ASSIGN_OR_RETURN(const auto given, ledger.FindRelease(contract::CorrectionId(round.round_id, number)));
    if (!given) return contract::CorrectionOf(round, number, reason);
  }
  return absl::ResourceExhaustedError(
      absl::StrCat("round ", round.round_id, ": was corrected ", contract::kMostCorrections, " times"));
}

void PrintItems(const CommonOptions& common, const contract::RoundSpec& spec,
                const std::vector<ItemPreview>& items, bool is_kept) {
  TextTable table({"metric", "period", "leaves"});
  Json array = Json::array();
  for (const ItemPreview& item : items) {
    const std::string why =
        item.refusal ? absl::StrCat(item.refusal->rule, ": ", item.refusal->explanation) : "";
    table.AddRow({item.asked.metric, item.asked.period,
                  item.refusal ? absl::StrCat("as it was; ", why) : std::string("corrected")});
    array.push_back({{"metric", item.asked.metric},
                     {"period", item.asked.period},
                     {"corrected", !item.refusal},
                     {"reason", why}});
  }
  if (common.json) {
    std::printf("%s\n",
                Json({{"correction", spec.round_id}, {"kept", is_kept}, {"items", array}}).dump(1).c_str());
    return;
  }
  std::printf("Correction %s, data version %u\n\n%s", spec.round_id.c_str(), spec.data_version,
              table.Render().c_str());
}

}  // namespace

absl::Status CorrectCommand(const CommonOptions& common, const CorrectOptions& options, const Clock& clock) {
  ASSIGN_OR_RETURN(const v1::RevisionReason reason, ReasonNamed(options.reason));
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  if (!FileExists(LedgerPath(site.configuration))) {
    return absl::FailedPreconditionError(
        absl::StrCat(LedgerPath(site.configuration), " is not there; enrol first"));
  }
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  ASSIGN_OR_RETURN(const std::string spec_hash, ReleasedSpecHash(workplace->ledger(), options.round));
  ASSIGN_OR_RETURN(const contract::RoundSpec round, RoundToCorrect(site, options.round, spec_hash, clock));
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, NextCorrection(workplace->ledger(), site, round, reason));
  ASSIGN_OR_RETURN(JourneyTables tables, JourneyTables::Load(site, spec.items));
  ASSIGN_OR_RETURN(const std::vector<ItemPreview> items, workplace->door().Preview(spec, tables));
  const absl::Status corrects = Door::CheckCorrects(spec, items);
  const bool is_kept = corrects.ok() && !options.dry_run;
  PrintItems(common, spec, items, is_kept);
  RETURN_IF_ERROR(corrects);
  if (!is_kept) return absl::OkStatus();
  const bool is_to_approve = workplace->policy().approvals_needed() > 0;
  if (is_to_approve) RETURN_IF_ERROR(KeepAwaiting(site.configuration, spec));
  RETURN_IF_ERROR(KeepCorrection(site.configuration, spec));
  if (common.json) return absl::OkStatus();
  std::printf(is_to_approve ? "\nIt waits for approval: `waymark-node preview --round %s`, then `approve`.\n"
                            : "\n`waymark-node run` sends %s.\n",
              spec.round_id.c_str());
  return absl::OkStatus();
}

}  // namespace waymark::node
