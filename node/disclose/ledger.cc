#include "node/disclose/ledger.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "proto/contract/modes.h"

namespace waymark::node {
namespace {}  // namespace

Ledger::Ledger(std::unique_ptr<LedgerFile> file, const Clock& clock, StepObserver observer)
    : file_(std::move(file)), clock_(clock), observer_(std::move(observer)) {}

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Open(const std::string& path, const Clock& clock,
                                                     StepObserver observer) {
  ASSIGN_OR_RETURN(auto file, LedgerFile::Open(path));
  std::unique_ptr<Ledger> ledger(new Ledger(std::move(file), clock, std::move(observer)));
  RETURN_IF_ERROR(ledger->Verify());
  return ledger;
}

void Ledger::Reached(absl::string_view step) const {
  if (observer_) observer_(step);
}

absl::Status Ledger::Append(EntryKind kind, absl::string_view round_id, absl::string_view subject,
                            const Claim& claim, absl::string_view payload) {
  LedgerEntry entry;
  entry.kind = kind;
  entry.unix_s = absl::ToUnixSeconds(clock_.Now());
  entry.round_id = std::string(round_id);
  entry.subject = std::string(subject);
  entry.claim = claim;
  return file_->Append(entry, payload);
}

absl::Status Ledger::Transact(absl::string_view name, const std::function<absl::Status()>& body) {
  Reached(absl::StrCat(name, " begins"));
  RETURN_IF_ERROR(file_->Transact(body, [&] { Reached(absl::StrCat(name, " written")); }));
  Reached(absl::StrCat(name, " committed"));
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> Ledger::FindItem(absl::string_view query_hash) const {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const auto found, file_->FindSubject(EntryKind::kItem, query_hash));
  if (!found) return std::nullopt;
  ASSIGN_OR_RETURN(std::string payload, file_->Payload(found->sequence));
  return payload;
}

absl::StatusOr<std::vector<Ledger::EarlierItem>> Ledger::LinkedItems(absl::string_view query_hash,
                                                                     const Claim& claim) const {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const auto entries, file_->Entries());
  std::vector<EarlierItem> linked;
  for (const LedgerEntry& entry : entries) {
    if (entry.kind == EntryKind::kItem && entry.subject == query_hash) break;
    if (!IsLinkedItem(entry, claim)) continue;
    ASSIGN_OR_RETURN(std::string payload, file_->Payload(entry.sequence));
    linked.push_back({.entry = entry, .payload = std::move(payload)});
  }
  return linked;
}

absl::StatusOr<std::optional<Refusal>> Ledger::Check(absl::string_view query_hash, const Claim& claim,
                                                     const BudgetLimits& limits) const {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const auto entries, file_->Entries());
  return Judge(entries, query_hash, claim, limits);
}

absl::StatusOr<std::optional<Refusal>> Ledger::Charge(absl::string_view round_id,
                                                      absl::string_view query_hash, const Claim& claim,
                                                      const BudgetLimits& limits) {
  absl::MutexLock lock(&mutex_);
  if (claim.mode != v1::MODE_NOISED || (claim.charge == 0) == (claim.rho_charge == 0) ||
      claim.last_year < claim.first_year) {
    return absl::InternalError("ledger: only a noised query with a charge and its years can be charged");
  }
  std::optional<Refusal> refusal;
  RETURN_IF_ERROR(Transact("charge", [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto entries, file_->Entries());
    ASSIGN_OR_RETURN(refusal, Judge(entries, query_hash, claim, limits));
    if (refusal) return absl::OkStatus();
    return Append(EntryKind::kCharge, round_id, query_hash, claim, "");
  }));
  return refusal;
}

absl::StatusOr<Ledger::Stored> Ledger::StoreItem(absl::string_view round_id, absl::string_view query_hash,
                                                 const Claim& claim, const JudgedWith& with,
                                                 absl::string_view payload) {
  absl::MutexLock lock(&mutex_);
  Stored stored;
  RETURN_IF_ERROR(Transact("item", [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto found, file_->FindSubject(EntryKind::kItem, query_hash));
    if (found) {
      ASSIGN_OR_RETURN(stored.payload, file_->Payload(found->sequence));
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const auto entries, file_->Entries());
    if (claim.mode == v1::MODE_NOISED) {
      if (!WasCharged(entries, query_hash)) {
        return absl::InternalError("ledger: a noised item without a charge; nothing was stored");
      }
      stored.refusal = RefusedByMode(entries, claim);
    } else {
      ASSIGN_OR_RETURN(stored.refusal, Judge(entries, query_hash, claim, {}));
      Claim wide = claim;
      if (!with.days.empty()) wide.period = with.days;
      const auto linked = [&](const LedgerEntry& entry) { return IsLinkedItem(entry, wide); };
      const auto now = std::count_if(entries.begin(), entries.end(), linked);
      if (!stored.refusal && static_cast<std::uint64_t>(now) != with.items) {
        return absl::UnavailableError(
            "ledger: linked figures left while this item was being judged; answer the round again");
      }
    }
    if (stored.refusal) return absl::OkStatus();
    stored.payload = std::string(payload);
    return Append(EntryKind::kItem, round_id, query_hash, claim, payload);
  }));
  return stored;
}

absl::StatusOr<std::optional<Ledger::StoredRelease>> Ledger::FindRelease(absl::string_view round_id) const {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const auto found, file_->FindRound(EntryKind::kRelease, round_id));
  if (!found) return std::nullopt;
  ASSIGN_OR_RETURN(std::string bytes, file_->Payload(found->sequence));
  return StoredRelease{.spec_hash = found->subject, .bytes = std::move(bytes)};
}

absl::StatusOr<Ledger::StoredRelease> Ledger::StoreRelease(absl::string_view round_id,
                                                           absl::string_view spec_hash,
                                                           const MakeRelease& make) {
  absl::MutexLock lock(&mutex_);
  StoredRelease stored;
  RETURN_IF_ERROR(Transact("release", [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto found, file_->FindRound(EntryKind::kRelease, round_id));
    if (found) {
      stored.spec_hash = found->subject;
      ASSIGN_OR_RETURN(stored.bytes, file_->Payload(found->sequence));
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const LedgerFile::Head head, file_->ReadHead());
    stored.spec_hash = std::string(spec_hash);
    ASSIGN_OR_RETURN(stored.bytes, make(head.sequence + 1, head.hash));
    return Append(EntryKind::kRelease, round_id, spec_hash, {}, stored.bytes);
  }));
  return stored;
}

absl::Status Ledger::Acknowledge(absl::string_view round_id, absl::string_view release_hash,
                                 absl::string_view receipt) {
  absl::MutexLock lock(&mutex_);
  return Transact("receipt", [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto found, file_->FindRound(EntryKind::kAcknowledged, round_id));
    if (found) return absl::OkStatus();
    return Append(EntryKind::kAcknowledged, round_id, release_hash, {}, receipt);
  });
}

absl::StatusOr<bool> Ledger::IsAcknowledged(absl::string_view round_id) const {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const auto found, file_->FindRound(EntryKind::kAcknowledged, round_id));
  return found.has_value();
}

absl::Status Ledger::Approve(absl::string_view round_id, absl::string_view proposal_hash,
                             absl::string_view approval) {
  absl::MutexLock lock(&mutex_);
  return Transact("approval", [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto found, file_->RoundPayloads(EntryKind::kApproval, round_id));
    if (std::find(found.begin(), found.end(), approval) != found.end()) return absl::OkStatus();
    return Append(EntryKind::kApproval, round_id, proposal_hash, {}, approval);
  });
}

absl::StatusOr<std::vector<std::string>> Ledger::Approvals(absl::string_view round_id) const {
  absl::MutexLock lock(&mutex_);
  return file_->RoundPayloads(EntryKind::kApproval, round_id);
}

absl::Status Ledger::Reconcile(absl::string_view round_id, absl::string_view release_hash, int year,
                               absl::string_view receipt) {
  absl::MutexLock lock(&mutex_);
  Claim claim;
  claim.first_year = year;
  claim.last_year = year;
  return Transact("reconciliation", [&]() -> absl::Status {
    return Append(EntryKind::kReconciled, round_id, release_hash, claim, receipt);
  });
}

absl::StatusOr<bool> Ledger::IsReconciled(absl::string_view release_hash) const {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const auto found, file_->FindSubject(EntryKind::kReconciled, release_hash));
  return found.has_value();
}

absl::Status Ledger::KeepRoster(absl::string_view previous_hash, absl::string_view roster_hash,
                                absl::string_view bytes) {
  absl::MutexLock lock(&mutex_);
  return Transact("roster", [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto last, file_->Newest(EntryKind::kRoster));
    if (previous_hash != (last ? last->subject : std::string(kEntryHashBytes, '\0'))) {
      return absl::UnavailableError("ledger: another process kept a roster at the same time; try again");
    }
    return Append(EntryKind::kRoster, "", roster_hash, {}, bytes);
  });
}

absl::StatusOr<std::optional<std::string>> Ledger::NewestRoster() const {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const auto last, file_->Newest(EntryKind::kRoster));
  if (!last) return std::nullopt;
  ASSIGN_OR_RETURN(std::string bytes, file_->Payload(last->sequence));
  return bytes;
}

absl::StatusOr<std::vector<std::string>> Ledger::Rosters() const {
  absl::MutexLock lock(&mutex_);
  return file_->RoundPayloads(EntryKind::kRoster, "");
}

absl::StatusOr<std::vector<LedgerEntry>> Ledger::Entries() const {
  absl::MutexLock lock(&mutex_);
  return file_->Entries();
}

absl::StatusOr<std::vector<YearBudget>> Ledger::Budget(const BudgetLimits& limits) const {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const auto entries, file_->Entries());
  return BudgetOf(entries, limits);
}

absl::Status Ledger::Verify() const {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(file_->Verify());
  ASSIGN_OR_RETURN(const auto entries, file_->Entries());
  std::set<std::string> charged;
  for (const LedgerEntry& entry : entries) {
    if (entry.kind == EntryKind::kCharge) charged.insert(entry.subject);
    const bool noised = entry.kind == EntryKind::kItem && contract::HasNoise(entry.claim.mode);
    if (noised && !charged.contains(entry.subject)) {
      return absl::DataLossError(absl::StrCat("ledger: ", Describe(entry), ": was never charged"));
    }
  }
  return absl::OkStatus();
}

}  // namespace waymark::node
