#include "node/disclose/ledger_entry.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/canonical.h"
#include "crypto/hash.h"

namespace waymark::node {

absl::string_view NameOf(EntryKind kind) {
  switch (kind) {
    case EntryKind::kCharge:
      return "charge";
    case EntryKind::kItem:
      return "item";
    case EntryKind::kRelease:
      return "release";
    case EntryKind::kAcknowledged:
      return "acknowledged";
    case EntryKind::kApproval:
      return "approval";
    case EntryKind::kReconciled:
      return "reconciled";
    case EntryKind::kRoster:
      return "roster";
    case EntryKind::kSession:
      return "session";
    case EntryKind::kSigned:
      return "contributors signed";
    case EntryKind::kOwner:
      return "owner";
    case EntryKind::kSucceeded:
      return "succeeded";
    case EntryKind::kImported:
      return "imported";
    case EntryKind::kInherited:
      return "inherited";
    case EntryKind::kInheritedRelease:
      return "inherited release";
  }
  return "unknown";
}

bool IsCharge(const LedgerEntry& entry) {
  const bool is_inherited =
      entry.kind == EntryKind::kInherited && (entry.claim.charge > 0 || entry.claim.rho_charge > 0);
  return entry.kind == EntryKind::kCharge || is_inherited;
}

std::string HashOf(const LedgerEntry& entry) {
  const bool zcdp = entry.claim.rho_charge > 0 || entry.claim.rho != Fraction{};
  CanonicalWriter out(zcdp ? "waymark/v2/ledger-entry" : "waymark/v1/ledger-entry");
  out.Unsigned(entry.sequence).Unsigned(static_cast<std::uint64_t>(entry.kind)).Signed(entry.unix_s);
  out.Text(entry.round_id).Text(entry.subject);
  const Claim& claim = entry.claim;
  out.Text(claim.metric).Unsigned(claim.version).Text(claim.linkage_group);
  out.Unsigned(static_cast<std::uint64_t>(claim.mode)).Text(claim.period).Unsigned(claim.data_version);
  out.Unsigned(claim.epsilon.numerator).Unsigned(claim.epsilon.denominator).Unsigned(claim.charge);
  out.Signed(claim.first_year).Signed(claim.last_year).Unsigned(claim.delta);
  if (zcdp) {
    out.Unsigned(claim.rho.numerator).Unsigned(claim.rho.denominator).Unsigned(claim.rho_charge);
  }
  out.Unsigned(entry.payload_bytes).Text(entry.payload_hash).Text(entry.previous);
  return crypto::Sha256(out.bytes());
}

std::string DescribeCharge(const Claim& claim) {
  const std::string epsilon = absl::StrCat("epsilon ", FormatFraction(claim.epsilon));
  if (claim.rho_charge == 0) return epsilon;
  const std::string rho = absl::StrCat("rho ", FormatFraction(claim.rho));
  return claim.charge == 0 ? rho : absl::StrCat(rho, " and ", epsilon);
}

std::string Describe(const LedgerEntry& entry) {
  std::string text = absl::StrCat("entry ", entry.sequence, " (", NameOf(entry.kind));
  if (!entry.claim.metric.empty()) {
    absl::StrAppend(&text, ", metric ", entry.claim.metric, ", ", entry.claim.period);
  }
  if (!entry.round_id.empty()) absl::StrAppend(&text, ", round ", entry.round_id);
  absl::StrAppend(&text, ", ",
                  absl::FormatTime("%Y-%m-%d", absl::FromUnixSeconds(entry.unix_s), absl::UTCTimeZone()),
                  ")");
  return text;
}

}  // namespace waymark::node
