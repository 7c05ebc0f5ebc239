// The ledger's part in secure sums, and what it keeps of the ledgers of others.
#include <algorithm>
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
    ASSIGN_OR_RETURN(const auto entries, file_->Entries());
    const auto begun = std::count_if(entries.begin(), entries.end(), [&](const LedgerEntry& entry) {
      return entry.kind == EntryKind::kSession && entry.round_id == round_id;
    });
    if (begun >= kMostSessions) {
      return absl::FailedPreconditionError(absl::StrCat("ledger: this council was in ", begun,
                                                        " sessions of round ", round_id,
                                                        ", and begins no more of it"));
    }
    return Append(EntryKind::kSession, round_id, session, {}, "");
  });
}

absl::Status Ledger::SignContributors(absl::string_view round_id, absl::string_view session,
                                      absl::string_view hash, const std::vector<crypto::MemberHead>& heads) {
  absl::MutexLock lock(&mutex_);
  return Transact("contributors", [&]() -> absl::Status {
    RETURN_IF_ERROR(PutHeads(heads));
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

absl::StatusOr<std::vector<crypto::LedgerHead>> Ledger::KeptHeads(
    absl::Span<const crypto::SessionMember* const> members) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> kept, file_->PeerHeads(members));
  std::vector<crypto::LedgerHead> heads;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (!kept[i].empty() && kept[i].size() != crypto::kLedgerHeadBytes) {
      return absl::DataLossError(
          absl::StrCat("ledger: what is kept of ", members[i]->id, "'s ledger is damaged"));
    }
    heads.push_back(kept[i].empty() ? crypto::LedgerHead{} : crypto::LedgerHeadFrom(kept[i]));
  }
  return heads;
}

absl::Status Ledger::PutHeads(absl::Span<const crypto::MemberHead> heads) {
  std::vector<const crypto::SessionMember*> members;
  for (const crypto::MemberHead& head : heads) members.push_back(head.member);
  ASSIGN_OR_RETURN(const std::vector<crypto::LedgerHead> known, KeptHeads(members));
  std::vector<crypto::MemberHead> further;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const crypto::LedgerHead& head = heads[i].head;
    if (crypto::IsFurther(head, known[i])) {
      further.push_back(heads[i]);
    } else if (head.hash != known[i].hash) {
      return absl::FailedPreconditionError(
          absl::StrCat("ledger: that of ", members[i]->id, " went back: it had come to entry ",
                       known[i].sequence, " and is now said to be at ", head.sequence, " without it"));
    }
  }
  return file_->PutPeerHeads(further);
}

absl::StatusOr<std::vector<crypto::LedgerHead>> Ledger::HeadsOf(
    absl::Span<const crypto::SessionMember* const> members) const {
  absl::MutexLock lock(&mutex_);
  return KeptHeads(members);
}

absl::StatusOr<crypto::LedgerHead> Ledger::HeadOf(const crypto::SessionMember& member) const {
  ASSIGN_OR_RETURN(std::vector<crypto::LedgerHead> heads, HeadsOf({&member}));
  return std::move(heads.front());
}

absl::Status Ledger::KeepHead(const crypto::MemberHead& head) {
  absl::MutexLock lock(&mutex_);
  return Transact("head", [&] { return PutHeads({head}); });
}

}  // namespace waymark::node
