#include "node/disclose/succession.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/disclose/decline.h"
#include "waymark/v1/release.pb.h"

namespace waymark::node {
namespace {

absl::Status Refused(absl::string_view why) {
  return Declined(v1::ABSENCE_LEDGER_WENT_BACK, absl::FailedPreconditionError(why));
}

// Whose ledger this was, one after another. One of before that was written down tells it by what it released.
absl::StatusOr<std::vector<std::string>> Owners(const Ledger& ledger,
                                                const std::vector<LedgerEntry>& entries) {
  std::vector<std::string> owners;
  for (const LedgerEntry& entry : entries) {
    if (entry.kind == EntryKind::kOwner) owners.push_back(entry.round_id);
    if (entry.kind != EntryKind::kRelease || !owners.empty()) continue;
    ASSIGN_OR_RETURN(const auto stored, ledger.FindRelease(entry.round_id));
    v1::Release release;
    if (!stored || !release.ParseFromString(stored->bytes))
      return absl::DataLossError("ledger: a stored release cannot be read");
    owners.push_back(release.council());
  }
  return owners;
}

// A ledger from which nothing left is nobody's yet; what left by releases tells whose it is.
bool SaysWhatLeft(const std::vector<LedgerEntry>& entries) {
  return std::any_of(entries.begin(), entries.end(), [](const LedgerEntry& entry) {
    return entry.kind == EntryKind::kCharge || entry.kind == EntryKind::kItem;
  });
}

// Through renamings alone: any other successor has records that this ledger knows nothing of, or not all of
// those that it knows.
absl::Status CheckBecame(const std::string& owner, const Lineage& lineage) {
  std::string code = owner;
  while (code != lineage.council) {
    const contract::Succession* const end = contract::EndOf(lineage.successions, code);
    if (end == nullptr) {
      return Refused(
          absl::StrCat("the ledger is that of ", owner, ", and this node is ", lineage.council,
                       ": nobody has said that it became that. Nothing is released. The officers say "
                       "so on a roster (`waymark-coordinator roster propose`)"));
    }
    if (end->kind() != contract::SuccessionKind::kRecoded) {
      return Refused(
          absl::StrCat("the ledger is that of ", owner, ", and ", contract::Describe(*end),
                       ": a council that merged or split begins with a state directory of its own, "
                       "and imports the ledgers of those before it (`waymark-node ledger import`)"));
    }
    code = end->after[0];
  }
  return absl::OkStatus();
}

// A ledger is a chain: where that release is in what was imported, all before it is.
absl::Status CheckImported(const std::vector<LedgerEntry>& entries, const SeenPredecessor& seen) {
  for (const Countersigned& last : seen.releases) {
    const std::string round = crypto::Sha256(last.round_id);
    const bool has = std::any_of(entries.begin(), entries.end(), [&](const LedgerEntry& entry) {
      return entry.kind == EntryKind::kInheritedRelease && entry.round_id == seen.council &&
             entry.subject == round && entry.claim.data_version == last.ledger_sequence;
    });
    if (has) continue;
    return Refused(absl::StrCat("what was imported of ", seen.council,
                                "'s ledger is an older copy: the coordinator holds its release for round ",
                                last.round_id, ", entry ", last.ledger_sequence,
                                " there. Nothing is released; import its newest export"));
  }
  return absl::OkStatus();
}

bool Has(const std::vector<LedgerEntry>& entries, EntryKind kind, const std::string& council) {
  return std::any_of(entries.begin(), entries.end(), [&](const LedgerEntry& entry) {
    return entry.kind == kind && entry.round_id == council;
  });
}

// Those before this council, with what was seen of each.
std::vector<SeenPredecessor> Predecessors(const Lineage& lineage) {
  std::vector<SeenPredecessor> all = lineage.seen;
  if (!lineage.all_took_part) return all;
  for (const std::string& code : contract::PredecessorsOf(lineage.successions, lineage.council)) {
    const bool is_there =
        std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.council == code; });
    if (!is_there) all.push_back({.council = code, .releases = {}});
  }
  return all;
}

Day LastDayOf(const std::string& council, const contract::Successions& successions, const Clock& clock) {
  if (const contract::Succession* const end = contract::EndOf(successions, council)) return end->day - 1;
  return static_cast<Day>(absl::ToUnixSeconds(clock.Now()) / (24 * 60 * 60));
}

}  // namespace

absl::Status TakeOver(Ledger& ledger, const Lineage& lineage, const Clock& clock) {
  ASSIGN_OR_RETURN(const std::vector<LedgerEntry> entries, ledger.Entries());
  ASSIGN_OR_RETURN(std::vector<std::string> owners, Owners(ledger, entries));
  if (!owners.empty()) RETURN_IF_ERROR(CheckBecame(owners.back(), lineage));
  const bool is_told = owners.empty() ? !SaysWhatLeft(entries) : owners.back() == lineage.council;
  if (!is_told) RETURN_IF_ERROR(ledger.KeepOwner(lineage.council));
  for (const SeenPredecessor& before : Predecessors(lineage)) {
    if (before.council == lineage.council) continue;
    if (std::find(owners.begin(), owners.end(), before.council) != owners.end()) {
      for (const Countersigned& last : before.releases) RETURN_IF_ERROR(CheckNotRolledBack(ledger, last));
      RETURN_IF_ERROR(CheckNotRolledBack(ledger, {.id = before.council, .signing_key = lineage.signing_key}));
    } else if (Has(entries, EntryKind::kImported, before.council)) {
      RETURN_IF_ERROR(CheckImported(entries, before));
    } else {
      RETURN_IF_ERROR(ledger.Succeed(before.council, LastDayOf(before.council, lineage.successions, clock)));
    }
  }
  return absl::OkStatus();
}

}  // namespace waymark::node
