// The ledger's part in what becomes of councils (succession.h).
#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/period.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/disclose/ledger.h"

namespace waymark::node {
namespace {

constexpr std::int64_t kDaySeconds = 24 * 60 * 60;

// All days up to `last`, and the financial years that they are in.
Claim Unknown(Day last) {
  Claim claim;
  claim.period = FormatDay(last);
  claim.first_year = CivilDateOf(FinancialYearOf(last).first).year;
  claim.last_year = claim.first_year;
  return claim;
}

// The last one of that kind and council; null where there is none.
const LedgerEntry* Last(const std::vector<LedgerEntry>& entries, EntryKind kind, absl::string_view council) {
  const LedgerEntry* last = nullptr;
  for (const LedgerEntry& entry : entries) {
    if (entry.kind == kind && entry.round_id == council) last = &entry;
  }
  return last;
}

// What an entry of the other ledger means here; false where that is nothing. Charges count once, by their own
// entries.
bool Inherits(const std::vector<LedgerEntry>& all, const LedgerEntry& entry, Claim& claim) {
  claim = entry.claim;
  switch (entry.kind) {
    case EntryKind::kCharge:
    case EntryKind::kInherited:
      return true;
    case EntryKind::kItem:
      claim.charge = 0;
      claim.rho_charge = 0;
      return true;
    case EntryKind::kReconciled:
      claim = Unknown(static_cast<Day>(entry.unix_s / kDaySeconds));
      return true;
    case EntryKind::kSucceeded:
      return Last(all, EntryKind::kImported, entry.round_id) == nullptr;
    default:
      return false;
  }
}

}  // namespace

absl::Status Ledger::KeepOwner(absl::string_view council) {
  absl::MutexLock lock(&mutex_);
  return Transact("owner", [&] { return Append(EntryKind::kOwner, council, "", {}, ""); });
}

absl::Status Ledger::Succeed(absl::string_view council, Day last) {
  absl::MutexLock lock(&mutex_);
  return Transact("succession", [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto entries, file_->Entries());
    if (Last(entries, EntryKind::kSucceeded, council) != nullptr) return absl::OkStatus();
    return Append(EntryKind::kSucceeded, council, "", Unknown(last), "");
  });
}

absl::Status Ledger::Import(absl::string_view council, const std::vector<LedgerEntry>& entries,
                            absl::string_view report) {
  absl::MutexLock lock(&mutex_);
  if (entries.empty()) return absl::InvalidArgumentError("ledger: nothing to import");
  return Transact("import", [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto own, file_->Entries());
    auto from = entries.begin();
    if (const LedgerEntry* const before = Last(own, EntryKind::kImported, council)) {
      from = std::find_if(entries.begin(), entries.end(),
                          [&](const LedgerEntry& entry) { return entry.hash == before->subject; });
      if (from == entries.end()) {
        return absl::FailedPreconditionError(
            absl::StrCat("ledger: what was imported of ", council,
                         " before had come further, or was another ledger; import its newest export"));
      }
      ++from;
    }
    if (from == entries.end()) return absl::OkStatus();  // the same again
    // Whose ledger it was, or had itself imported, is known with it.
    std::set<std::string> known;
    for (; from != entries.end(); ++from) {
      Claim claim;
      if (from->kind == EntryKind::kOwner || from->kind == EntryKind::kImported) known.insert(from->round_id);
      if (from->kind == EntryKind::kRelease) {
        claim.data_version = static_cast<std::uint32_t>(from->sequence);
        RETURN_IF_ERROR(
            Append(EntryKind::kInheritedRelease, council, crypto::Sha256(from->round_id), claim, ""));
        continue;
      }
      if (!Inherits(entries, *from, claim)) continue;
      RETURN_IF_ERROR(Append(EntryKind::kInherited, council, from->hash, claim, ""));
    }
    known.erase(std::string(council));
    for (const std::string& other : known)
      RETURN_IF_ERROR(Append(EntryKind::kImported, other, entries.back().hash, {}, ""));
    return Append(EntryKind::kImported, council, entries.back().hash, {}, report);
  });
}

}  // namespace waymark::node
