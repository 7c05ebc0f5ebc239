#include "proto/contract/release.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "proto/contract/checks.h"
#include "proto/contract/protected_table.h"
#include "proto/contract/revision.h"
#include "proto/contract/unknown_fields.h"

namespace waymark::contract {
namespace {

constexpr absl::string_view kLabel = "waymark/v1/release";

absl::StatusOr<AbsentItem> AbsentFromProto(const v1::AbsentItem& message) {
  if (message.item() >= kMaxItems) return absl::InvalidArgumentError("release.absent: item out of range");
  // Neither the coordinator's own, nor those of a whole round.
  if (message.absence() < v1::ABSENCE_NOT_RELEASED || message.absence() > v1::ABSENCE_UNKNOWN_DEFINITION) {
    return absl::InvalidArgumentError("release.absent: unknown reason");
  }
  return AbsentItem{.item = message.item(), .absence = message.absence()};
}

}  // namespace

absl::Status CheckCouncilCode(absl::string_view field, absl::string_view code) {
  bool good = code.size() == 9 && code[0] >= 'A' && code[0] <= 'Z';
  for (std::size_t i = 1; good && i < code.size(); ++i) good = code[i] >= '0' && code[i] <= '9';
  if (good) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": expected an ONS code of a letter and eight digits, as E06000001"));
}

namespace {

absl::Status CheckPseudonym(const std::string& pseudonym) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  const bool good =
      pseudonym.size() == kPseudonymDigits && std::all_of(pseudonym.begin(), pseudonym.end(), is_digit);
  if (pseudonym.empty() || good) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("release.pseudonym: expected ", kPseudonymDigits, " hexadecimal digits, or none"));
}

}  // namespace

absl::StatusOr<ScopeDeclaration> ScopeFromProto(const v1::ScopeDeclaration& message) {
  RETURN_IF_ERROR(CheckLength("scope.note", message.note().size(), 0, 500));
  return ScopeDeclaration{.includes_universal = message.includes_universal(),
                          .includes_partner_led = message.includes_partner_led(),
                          .includes_signposted = message.includes_signposted(),
                          .includes_commissioned = message.includes_commissioned(),
                          .includes_delivered = message.includes_delivered(),
                          .family_help_joined = message.family_help_joined(),
                          .note = message.note()};
}

void ScopeToProto(const ScopeDeclaration& scope, v1::ScopeDeclaration& message) {
  message.set_includes_universal(scope.includes_universal);
  message.set_includes_partner_led(scope.includes_partner_led);
  message.set_includes_signposted(scope.includes_signposted);
  message.set_includes_commissioned(scope.includes_commissioned);
  message.set_includes_delivered(scope.includes_delivered);
  message.set_family_help_joined(scope.family_help_joined);
  message.set_note(scope.note);
}

absl::StatusOr<Release> ReleaseFromProto(const v1::Release& message) {
  RETURN_IF_ERROR(CheckAllKnown("release", message));
  const auto correction = ParseCorrectionId(message.round_id());
  RETURN_IF_ERROR(
      CheckIdentifier("release.round_id", correction ? correction->round_id : message.round_id()));
  RETURN_IF_ERROR(CheckLength("release.spec_hash", message.spec_hash().size(), kHashBytes, kHashBytes));
  RETURN_IF_ERROR(CheckCouncilCode("release.council", message.council()));
  RETURN_IF_ERROR(
      CheckLength("release.tables", static_cast<std::size_t>(message.tables_size()), 0, kMaxTables));
  RETURN_IF_ERROR(
      CheckLength("release.absent", static_cast<std::size_t>(message.absent_size()), 0, kMaxItems));
  RETURN_IF_ERROR(CheckLength("release.ledger_head", message.ledger_head().size(), kHashBytes, kHashBytes));
  RETURN_IF_ERROR(
      CheckLength("release.signature", message.signature().size(), kSignatureBytes, kSignatureBytes));
  RETURN_IF_ERROR(CheckPseudonym(message.pseudonym()));
  Release release{.round_id = message.round_id(),
                  .spec_hash = message.spec_hash(),
                  .council = message.council(),
                  .tables = {},
                  .absent = {},
                  .scope = {},
                  .ledger_sequence = message.ledger_sequence(),
                  .ledger_head = message.ledger_head(),
                  .pseudonym = message.pseudonym(),
                  .signature = message.signature()};
  ASSIGN_OR_RETURN(release.scope, ScopeFromProto(message.scope()));
  for (const v1::ProtectedTable& item : message.tables()) {
    ASSIGN_OR_RETURN(ProtectedTable made, ProtectedTableFromProto(item));
    release.tables.push_back(std::move(made));
  }
  for (const v1::AbsentItem& item : message.absent()) {
    ASSIGN_OR_RETURN(const AbsentItem made, AbsentFromProto(item));
    release.absent.push_back(made);
  }
  return release;
}

void ReleaseToProto(const Release& release, v1::Release& message) {
  message.set_round_id(release.round_id);
  message.set_spec_hash(release.spec_hash);
  message.set_council(release.council);
  for (const ProtectedTable& item : release.tables) ProtectedTableToProto(item, *message.add_tables());
  for (const AbsentItem& item : release.absent) {
    v1::AbsentItem* out = message.add_absent();
    out->set_item(item.item);
    out->set_absence(item.absence);
  }
  ScopeToProto(release.scope, *message.mutable_scope());
  message.set_ledger_sequence(release.ledger_sequence);
  message.set_ledger_head(release.ledger_head);
  message.set_pseudonym(release.pseudonym);
  message.set_signature(release.signature);
}

std::string CanonicalBytes(const Release& release) {
  CanonicalWriter out(kLabel);
  out.Text(release.round_id).Text(release.spec_hash).Text(release.council);
  out.Count(release.tables.size());
  for (const ProtectedTable& item : release.tables) WriteCanonical(item, out);
  out.Count(release.absent.size());
  for (const AbsentItem& item : release.absent) {
    out.Unsigned(item.item).Unsigned(static_cast<std::uint64_t>(item.absence));
  }
  const ScopeDeclaration& s = release.scope;
  out.Bool(s.includes_universal).Bool(s.includes_partner_led).Bool(s.includes_signposted);
  out.Bool(s.includes_commissioned).Bool(s.includes_delivered).Bool(s.family_help_joined).Text(s.note);
  out.Unsigned(release.ledger_sequence).Text(release.ledger_head);
  // Later than the rest, and only where it is said: a release without it is as it always was.
  if (!release.pseudonym.empty()) out.Text(release.pseudonym);
  return std::move(out).bytes();
}

}  // namespace waymark::contract
