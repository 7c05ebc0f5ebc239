// The ledger's part in secure sums, and what it keeps of the ledgers of others.
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/disclose/ledger.h"

namespace waymark::node {
namespace {

absl::StatusOr<std::optional<Refusal>> JudgeSum(const std::vector<LedgerEntry>& entries,
                                                const Ledger::SumClaim& sum, const BudgetLimits& limits) {
  if (!sum.roster_hash.empty()) {
    if (auto refusal = RefusedByRoster(entries, sum.claim, sum.roster_hash)) return refusal;
  }
  return Judge(entries, sum.query_hash, sum.claim, limits);
}

}  // namespace

absl::StatusOr<std::optional<Refusal>> Ledger::CheckSums(const std::vector<SumClaim>& sums,
                                                         const BudgetLimits& limits) const {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const auto entries, file_->Entries());
  for (const SumClaim& sum : sums) {
    ASSIGN_OR_RETURN(auto refusal, JudgeSum(entries, sum, limits));
    if (refusal) return refusal;
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<Refusal>> Ledger::ChargeSums(absl::string_view round_id,
                                                          const std::vector<SumClaim>& sums,
                                                          const BudgetLimits& limits) {
  absl::MutexLock lock(&mutex_);
  std::optional<Refusal> refusal;
  const absl::Status done = Transact("charge", [&]() -> absl::Status {
    for (const SumClaim& sum : sums) {
      // Read anew for each, so that all of them together stay within the limits.
      ASSIGN_OR_RETURN(const auto entries, file_->Entries());
      ASSIGN_OR_RETURN(refusal, JudgeSum(entries, sum, limits));
      // An error takes back what was written for the others.
      if (refusal) return absl::CancelledError();
      if (WasCharged(entries, sum.query_hash)) continue;
      RETURN_IF_ERROR(Append(EntryKind::kCharge, round_id, sum.query_hash, sum.claim, sum.roster_hash));
    }
    return absl::OkStatus();
  });
  if (refusal) return refusal;
  RETURN_IF_ERROR(done);
  return std::nullopt;
}

absl::Status Ledger::BeginSession(absl::string_view round_id, absl::string_view session) {
  absl::MutexLock lock(&mutex_);
  return Transact("session", [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto found, file_->FindSubject(EntryKind::kSession, session));
    if (found)
      return absl::AlreadyExistsError("ledger: this session was begun here before; it is not gone on with");
    return Append(EntryKind::kSession, round_id, session, {}, "");
  });
}

absl::Status Ledger::SignContributors(absl::string_view round_id, absl::string_view session,
                                      absl::string_view hash, const std::vector<crypto::MemberHead>& heads) {
  absl::MutexLock lock(&mutex_);
  return Transact("contributors", [&]() -> absl::Status {
    for (const crypto::MemberHead& head : heads) RETURN_IF_ERROR(PutHead(head));
    ASSIGN_OR_RETURN(const auto found, file_->FindSubject(EntryKind::kSigned, session));
    if (!found) return Append(EntryKind::kSigned, round_id, session, {}, hash);
    ASSIGN_OR_RETURN(const std::string known, file_->Payload(found->sequence));
    if (known == hash) return absl::OkStatus();
    return absl::AlreadyExistsError("ledger: another set of contributors was signed in this session");
  });
}

absl::Status Ledger::ReleaseSums(absl::string_view round_id, const std::vector<SumClaim>& sums,
                                 absl::string_view payload) {
  absl::MutexLock lock(&mutex_);
  return Transact("sums", [&]() -> absl::Status {
    for (const SumClaim& sum : sums) {
      ASSIGN_OR_RETURN(const auto entries, file_->Entries());
      if (!WasCharged(entries, sum.query_hash)) {
        return absl::InternalError("ledger: a sum without a charge; nothing was released");
      }
      // The round's own items may be linked with each other: they left together.
      for (const LedgerEntry& entry : entries) {
        const bool is_own = entry.round_id == round_id && entry.subject != sum.query_hash;
        if (is_own) continue;
        if (RefusedBySum({entry}, sum.claim) || RefusedByMode({entry}, sum.claim)) {
          return absl::AlreadyExistsError(absl::StrCat("ledger: linked figures left in ", Describe(entry)));
        }
      }
      RETURN_IF_ERROR(Append(EntryKind::kItem, round_id, sum.query_hash, sum.claim, payload));
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<crypto::LedgerHead> Ledger::Head() const {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(LedgerFile::Head last, file_->ReadHead());
  crypto::LedgerHead head;
  head.losses = last.losses;
  head.sequence = last.sequence;
  head.hash = std::move(last.hash);
  return head;
}

absl::StatusOr<bool> Ledger::Has(const crypto::LedgerHead& head) const {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const auto stands, file_->HashAt(head.sequence));
  if (stands == head.hash) return true;
  ASSIGN_OR_RETURN(const LedgerFile::Head last, file_->ReadHead());
  return head.losses < last.losses;
}

absl::StatusOr<crypto::LedgerHead> Ledger::KeptHead(const crypto::SessionMember& member) const {
  ASSIGN_OR_RETURN(const std::string bytes, file_->PeerHead(member.id, member.signing_key));
  if (bytes.empty()) return crypto::LedgerHead{};
  if (bytes.size() == crypto::kLedgerHeadBytes) return crypto::LedgerHeadFrom(bytes);
  return absl::DataLossError(absl::StrCat("ledger: what is kept of ", member.id, "'s ledger is damaged"));
}

absl::Status Ledger::PutHead(const crypto::MemberHead& head) {
  ASSIGN_OR_RETURN(const crypto::LedgerHead known, KeptHead(*head.member));
  if (crypto::IsFurther(head.head, known)) {
    return file_->PutPeerHead(head.member->id, head.member->signing_key, BytesOf(head.head));
  }
  if (head.head.hash == known.hash) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("ledger: that of ", head.member->id, " went back: it had come to entry ", known.sequence,
                   " and is now said to be at ", head.head.sequence, " without it"));
}

absl::StatusOr<crypto::LedgerHead> Ledger::HeadOf(const crypto::SessionMember& member) const {
  absl::MutexLock lock(&mutex_);
  return KeptHead(member);
}

absl::Status Ledger::KeepHead(const crypto::MemberHead& head) {
  absl::MutexLock lock(&mutex_);
  return Transact("head", [&] { return PutHead(head); });
}

}  // namespace waymark::node
