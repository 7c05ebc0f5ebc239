#include "node/disclose/ledger_rules.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/period.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/disclose/days.h"
#include "proto/contract/modes.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

bool SaysWhatLeft(const LedgerEntry& entry) {
  return entry.kind == EntryKind::kCharge || entry.kind == EntryKind::kItem ||
         entry.kind == EntryKind::kInherited;
}

bool IsLinked(const Claim& a, const Claim& b) {
  return a.metric == b.metric || a.linkage_group == b.linkage_group;
}

std::optional<Refusal> RefusedByDifferencing(const std::vector<LedgerEntry>& entries,
                                             absl::string_view query_hash, const Claim& claim) {
  for (const LedgerEntry& entry : entries) {
    if (entry.kind != EntryKind::kItem || entry.subject == query_hash) continue;
    // Another metric of the group may share cells with this one: over the same days of the same data both are
    // judged together; over other days that overlap, or after a correction, they tell of what is between.
    const Claim& earlier = entry.claim;
    if (!IsLinked(earlier, claim) || !MayOverlap(earlier.period, claim.period)) continue;
    if (IsRevised(entry, claim)) continue;
    const bool same_state =
        HaveSameDays(earlier.period, claim.period) && earlier.data_version == claim.data_version;
    if (earlier.metric != claim.metric && same_state) continue;
    return Refusal{
        .rule = "differencing",
        .explanation = absl::StrCat(
            "another table of this metric, or of one linked with it, over an overlapping period left in ",
            Describe(entry),
            "; one could be subtracted from the other, so only that very query is "
            "answered again")};
  }
  return std::nullopt;
}

// What a council released whose work this one took over is of some of the same records: the two tables'
// difference tells the others. It is never judged together, since its records cannot be told apart any more.
std::optional<Refusal> RefusedByInheritance(const std::vector<LedgerEntry>& entries, const Claim& claim) {
  for (const LedgerEntry& entry : entries) {
    if (entry.kind != EntryKind::kInherited || entry.claim.mode != claim.mode ||
        claim.mode == v1::MODE_NOISED) {
      continue;
    }
    if (!IsLinked(entry.claim, claim) || !MayOverlap(entry.claim.period, claim.period)) continue;
    return Refusal{
        .rule = "succession",
        .explanation = absl::StrCat("a council whose work this one took over released linked figures over an "
                                    "overlapping period (",
                                    Describe(entry), "); the difference would tell of a part of this one")};
  }
  return std::nullopt;
}

// A second statement about a period could be set against the first.
std::optional<Refusal> RefusedByStatement(const std::vector<LedgerEntry>& entries,
                                          absl::string_view query_hash, const Claim& claim) {
  for (const LedgerEntry& entry : entries) {
    const bool is_same = entry.kind == EntryKind::kItem && entry.claim.metric == claim.metric;
    if (!is_same || entry.subject == query_hash || !MayOverlap(entry.claim.period, claim.period)) continue;
    return Refusal{.rule = "stated once",
                   .explanation = absl::StrCat("the council stated this of an overlapping period in ",
                                               Describe(entry), "; only that very query is answered again")};
  }
  return std::nullopt;
}

bool IsImported(const std::vector<LedgerEntry>& entries, const std::string& council) {
  return std::any_of(entries.begin(), entries.end(), [&](const LedgerEntry& entry) {
    return entry.kind == EntryKind::kImported && entry.round_id == council;
  });
}

// Where nothing is known of what such a council released, it may have been anything up to its last day.
std::optional<Refusal> RefusedBySuccession(const std::vector<LedgerEntry>& entries, const Claim& claim) {
  for (const LedgerEntry& entry : entries) {
    const bool is_unknown = entry.kind == EntryKind::kSucceeded && !IsImported(entries, entry.round_id);
    const bool was_unknown = entry.kind == EntryKind::kInherited && entry.claim.mode == v1::MODE_UNSPECIFIED;
    if (!is_unknown && !was_unknown) continue;
    const auto period = ParsePeriod(claim.period);
    const std::optional<Day> last = ParseIsoDay(entry.claim.period);
    const bool by_year = contract::HasNoise(claim.mode) && claim.first_year <= entry.claim.last_year;
    if (!by_year && period.ok() && last && period->first > *last) continue;
    return Refusal{
        .rule = "succession",
        .explanation = absl::StrCat(
            "this council took over the work of ", entry.round_id,
            is_unknown
                ? ", and what that released is not known here; import its ledger (`waymark-node ledger "
                  "export` there, `ledger import` here), or ask for periods from "
                : ", which does not know what left before; periods can leave from ",
            last ? FormatDay(*last + 1) : "its end", " on")};
  }
  return std::nullopt;
}

// What was lost may have been anything up to then.
std::optional<Refusal> RefusedByReconciliation(const std::vector<LedgerEntry>& entries, const Claim& claim) {
  for (const LedgerEntry& entry : entries) {
    if (entry.kind != EntryKind::kReconciled) continue;
    const auto period = ParsePeriod(claim.period);
    const std::int64_t day = entry.unix_s / (24 * 60 * 60);
    const bool by_year = contract::HasNoise(claim.mode) && claim.first_year <= entry.claim.last_year;
    const bool by_day = claim.mode != v1::MODE_NOISED && (!period.ok() || period->first <= day);
    const bool touched = by_year || by_day;
    if (!touched) continue;
    return Refusal{.rule = "reconciliation",
                   .explanation = absl::StrCat(
                       "entries of the ledger were lost before ", Describe(entry),
                       ", and this may have been among them; later periods and financial years can leave")};
  }
  return std::nullopt;
}

}  // namespace

// What a correction stands beside is weighed with it (revision.h).
bool IsRevised(const LedgerEntry& entry, const Claim& claim) {
  return std::find(claim.revises.begin(), claim.revises.end(), entry.subject) != claim.revises.end();
}

bool IsLinkedItem(const LedgerEntry& entry, const Claim& claim) {
  return entry.kind == EntryKind::kItem && entry.claim.mode == v1::MODE_THRESHOLDED &&
         IsLinked(entry.claim, claim) && MayOverlap(entry.claim.period, claim.period);
}

std::optional<Refusal> RefusedByMode(const std::vector<LedgerEntry>& entries, const Claim& claim) {
  for (const LedgerEntry& entry : entries) {
    const Claim& earlier = entry.claim;
    if (!SaysWhatLeft(entry) || !IsLinked(earlier, claim) || earlier.mode == claim.mode) continue;
    if (!MayOverlap(earlier.period, claim.period)) continue;
    return Refusal{.rule = "one mode",
                   .explanation = absl::StrCat("linked figures left ", contract::NameOf(earlier.mode), " in ",
                                               Describe(entry), "; they cannot also leave ",
                                               contract::NameOf(claim.mode), " over an overlapping period")};
  }
  return std::nullopt;
}

std::optional<Refusal> RefusedBySum(const std::vector<LedgerEntry>& entries, const Claim& claim) {
  for (const LedgerEntry& entry : entries) {
    const bool is_sum = entry.kind == EntryKind::kItem && entry.claim.mode == v1::MODE_SECURE_SUM;
    if (!is_sum || !IsLinked(entry.claim, claim) || !MayOverlap(entry.claim.period, claim.period)) continue;
    return Refusal{
        .rule = "one secure sum",
        .explanation = absl::StrCat("figures of these records were summed securely in ", Describe(entry),
                                    "; a second sum would tell councils apart by who is in which")};
  }
  return std::nullopt;
}

std::optional<Refusal> RefusedByRoster(const std::vector<LedgerEntry>& entries, const Claim& claim,
                                       absl::string_view roster_hash) {
  for (const LedgerEntry& entry : entries) {
    const bool is_sum = entry.kind == EntryKind::kCharge && entry.claim.mode == v1::MODE_SECURE_SUM;
    if (!is_sum || !IsLinked(entry.claim, claim) || !MayOverlap(entry.claim.period, claim.period)) continue;
    if (entry.payload_hash == crypto::Sha256(roster_hash)) continue;
    return Refusal{.rule = "one roster",
                   .explanation = absl::StrCat(
                       "these records went into a secure session under another roster in ", Describe(entry),
                       ", and may be in a sum of its members; under a new roster they are not summed again")};
  }
  return std::nullopt;
}

bool WasCharged(const std::vector<LedgerEntry>& entries, absl::string_view query_hash) {
  for (const LedgerEntry& entry : entries) {
    if (entry.kind == EntryKind::kCharge && entry.subject == query_hash) return true;
  }
  return false;
}

absl::StatusOr<std::optional<Refusal>> Judge(const std::vector<LedgerEntry>& entries,
                                             absl::string_view query_hash, const Claim& claim,
                                             const BudgetLimits& limits) {
  if (auto refusal = RefusedByReconciliation(entries, claim)) return refusal;
  // It is of no record, so no earlier council's figures are of the same ones.
  if (claim.mode == v1::MODE_STATED) return RefusedByStatement(entries, query_hash, claim);
  if (auto refusal = RefusedBySuccession(entries, claim)) return refusal;
  if (auto refusal = RefusedByMode(entries, claim)) return refusal;
  if (auto refusal = RefusedByInheritance(entries, claim)) return refusal;
  if (claim.mode == v1::MODE_THRESHOLDED) return RefusedByDifferencing(entries, query_hash, claim);
  if (claim.mode == v1::MODE_SECURE_SUM) {
    if (auto refusal = RefusedBySum(entries, claim)) return refusal;
    // Charged already, in a session that was not finished.
    if (WasCharged(entries, query_hash)) return std::nullopt;
  }
  ASSIGN_OR_RETURN(auto refused, RefusedByBudget(entries, claim, limits));
  if (!refused) return std::nullopt;
  return Refusal{.rule = "yearly budget", .explanation = *std::move(refused)};
}

}  // namespace waymark::node
