#include "node/disclose/rollback.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/period.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/disclose/decline.h"
#include "proto/contract/release.h"
#include "waymark/v1/release.pb.h"

namespace waymark::node {
namespace {

absl::StatusOr<bool> Has(const Ledger& ledger, const Countersigned& last) {
  ASSIGN_OR_RETURN(const auto stored, ledger.FindRelease(last.round_id));
  if (stored) {
    v1::Release message;
    if (!message.ParseFromString(stored->bytes)) {
      return absl::DataLossError("ledger: a stored release cannot be read");
    }
    ASSIGN_OR_RETURN(const contract::Release release, contract::ReleaseFromProto(message));
    if (release.ledger_sequence == last.ledger_sequence &&
        crypto::Sha256(contract::CanonicalBytes(release)) == last.release_hash) {
      return true;
    }
  }
  return ledger.IsReconciled(last.release_hash);
}

// What to do about an older copy; `seen`: who knows of more, and of what.
absl::Status OlderCopy(const Ledger& ledger, absl::string_view seen) {
  ASSIGN_OR_RETURN(const auto entries, ledger.Entries());
  return Declined(
      v1::ABSENCE_LEDGER_WENT_BACK,
      absl::FailedPreconditionError(absl::StrCat(
          "the ledger is an older copy: ", seen, ", and this ledger of ", entries.size(),
          " entries does not have it. Nothing is released. Put the newest copy of ledger.db back. Only where "
          "there is none: `waymark-node ledger reconcile --accept-loss`, after which whatever may have been "
          "released and spent counts as released and spent")));
}

int FinancialYearNow(const Clock& clock) {
  const absl::CivilDay today = absl::ToCivilDay(clock.Now(), absl::UTCTimeZone());
  const auto day = static_cast<Day>(today - absl::CivilDay(1970, 1, 1));
  return CivilDateOf(FinancialYearOf(day).first).year;
}

}  // namespace

absl::Status CheckNotRolledBack(const Ledger& ledger, const Countersigned& last) {
  ASSIGN_OR_RETURN(const bool has, Has(ledger, last));
  if (has) return absl::OkStatus();
  const absl::Time received = absl::FromUnixSeconds(last.received_unix_s);
  return OlderCopy(ledger,
                   absl::StrCat("the coordinator holds this council's release for round ", last.round_id,
                                ", entry ", last.ledger_sequence, " of the ledger, received on ",
                                absl::FormatTime("%Y-%m-%d", received, absl::UTCTimeZone())));
}

absl::Status CheckNotRolledBack(const Ledger& ledger, const crypto::SessionMember& self) {
  ASSIGN_OR_RETURN(const crypto::LedgerHead told, ledger.HeadOf(self));
  if (told.sequence == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool has, ledger.Has(told));
  if (has) return absl::OkStatus();
  return OlderCopy(ledger, absl::StrCat("this council's own signed word, which it gave in a secure sum, is "
                                        "that it had come to entry ",
                                        told.sequence));
}

absl::Status CheckNotRolledBack(Ledger& ledger, const crypto::SessionMember& self, const SeenLedger& seen) {
  for (const Countersigned& last : seen.releases) RETURN_IF_ERROR(CheckNotRolledBack(ledger, last));
  if (seen.head && crypto::IsSignedBy(self, *seen.head)) {
    ASSIGN_OR_RETURN(const bool has, ledger.Has(*seen.head));
    if (!has) RETURN_IF_ERROR(ledger.KeepHead({.member = &self, .head = *seen.head}));
  }
  return CheckNotRolledBack(ledger, self);
}

absl::StatusOr<bool> Reconcile(Ledger& ledger, const Countersigned& last, const Clock& clock) {
  ASSIGN_OR_RETURN(const bool has, Has(ledger, last));
  if (has) return false;
  RETURN_IF_ERROR(ledger.Reconcile(last.round_id, last.release_hash, FinancialYearNow(clock), last.receipt));
  return true;
}

absl::StatusOr<bool> Reconcile(Ledger& ledger, const crypto::SessionMember& self, const Clock& clock) {
  if (CheckNotRolledBack(ledger, self).ok()) return false;
  ASSIGN_OR_RETURN(const crypto::LedgerHead told, ledger.HeadOf(self));
  RETURN_IF_ERROR(ledger.Reconcile("", told.hash, FinancialYearNow(clock), crypto::BytesOf(told)));
  return true;
}

}  // namespace waymark::node
