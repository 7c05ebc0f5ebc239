#include "node/disclose/rollback.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/period.h"
#include "base/status.h"
#include "crypto/hash.h"
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

}  // namespace

absl::Status CheckNotRolledBack(const Ledger& ledger, const Countersigned& last) {
  ASSIGN_OR_RETURN(const bool has, Has(ledger, last));
  if (has) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto entries, ledger.Entries());
  return absl::FailedPreconditionError(absl::StrCat(
      "the ledger is an older copy: the coordinator holds this council's release for round ", last.round_id,
      ", entry ", last.ledger_sequence, " of the ledger, received on ",
      absl::FormatTime("%Y-%m-%d", absl::FromUnixSeconds(last.received_unix_s), absl::UTCTimeZone()),
      ", and this ledger of ", entries.size(),
      " entries does not have it. Nothing is released. Put the newest copy of ledger.db back. Only where "
      "there "
      "is none: `waymark-node ledger reconcile --accept-loss`, after which whatever may have been released "
      "and "
      "spent counts as released and spent"));
}

absl::StatusOr<bool> Reconcile(Ledger& ledger, const Countersigned& last, const Clock& clock) {
  ASSIGN_OR_RETURN(const bool has, Has(ledger, last));
  if (has) return false;
  const absl::CivilDay today = absl::ToCivilDay(clock.Now(), absl::UTCTimeZone());
  const auto day = static_cast<Day>(today - absl::CivilDay(1970, 1, 1));
  const int year = CivilDateOf(FinancialYearOf(day).first).year;
  RETURN_IF_ERROR(ledger.Reconcile(last.round_id, last.release_hash, year, last.receipt));
  return true;
}

}  // namespace waymark::node
