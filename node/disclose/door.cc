#include "node/disclose/door.h"

#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/log.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/signature.h"
#include "node/disclose/decline.h"
#include "node/disclose/rollback.h"
#include "proto/contract/revision.h"
#include "waymark/v1/round.pb.h"

namespace waymark::node {
namespace {

// Of all noised items of a round, so that what is charged surely fits into one release's 64 MiB.
constexpr std::uint64_t kMostNoisedCells = 2'000'000;

std::string SpecHash(const contract::RoundSpec& spec) {
  return crypto::Sha256(contract::CanonicalBytes(spec));
}

}  // namespace

Door::Door(const DoorParts& parts, std::string council, contract::ScopeDeclaration scope,
           StepObserver observer)
    : parts_(parts),
      council_(std::move(council)),
      scope_(std::move(scope)),
      items_(parts, std::move(observer)) {}

absl::Status Door::CheckRound(const contract::RoundSpec& spec) const {
  RETURN_IF_ERROR(contract::CheckCouncilCode("council", council_));
  if (contract::IsSecure(spec) && spec.correction != v1::REVISION_REASON_UNSPECIFIED) {
    return absl::FailedPreconditionError(
        absl::StrCat("round ", spec.round_id,
                     " is summed securely; what was summed once is never summed again, so it is never "
                     "corrected"));
  }
  v1::RoundSpec message;
  contract::RoundSpecToProto(spec, message);
  RETURN_IF_ERROR(WithContext(contract::RoundSpecFromProto(message).status(), "round spec"));
  RETURN_IF_ERROR(CheckOpen());
  const std::uint32_t least = parts_.policy.floors().least_contributors;
  if (spec.least_contributors < least) {
    return Declined(v1::ABSENCE_BELOW_FLOORS,
                    absl::PermissionDeniedError(
                        absl::StrCat("round ", spec.round_id, " publishes figures of ",
                                     spec.least_contributors, " councils; the policy's floor is ", least)));
  }
  const absl::Time until = absl::FromUnixSeconds(contract::LateUntil(spec));
  if (parts_.clock.Now() > until + kClockDifference) {
    return absl::FailedPreconditionError(
        absl::StrCat("round ", spec.round_id, ": its deadline passed",
                     spec.late_for_days > 0 ? ", for late and corrected releases too," : "", " at ",
                     absl::FormatTime(absl::RFC3339_sec, until, absl::UTCTimeZone())));
  }
  std::size_t tables = 0;
  for (const contract::RoundItem& item : spec.items) {
    const v1::Metric* metric = parts_.library.Find(item.metric);
    if (metric != nullptr) tables += TablesOf(*metric, item).size();
  }
  if (tables > contract::kMaxTables) {
    return absl::InvalidArgumentError(absl::StrCat("round ", spec.round_id, ": asks for ", tables,
                                                   " tables; a release holds at most ",
                                                   contract::kMaxTables));
  }
  return absl::OkStatus();
}

absl::Status Door::CheckOpen() const {
  if (!parts_.policy.releases()) {
    return Declined(v1::ABSENCE_NOT_ALLOWED,
                    absl::PermissionDeniedError(
                        absl::StrCat("nothing leaves this node: ", parts_.policy.closed_because())));
  }
  return CheckNotRolledBack(parts_.ledger, {.id = council_, .signing_key = parts_.signing_key.public_key()});
}

absl::StatusOr<OutgoingRelease> Door::Outgoing(std::string bytes) const {
  v1::Release message;
  if (!message.ParseFromString(bytes)) return absl::DataLossError("ledger: a stored release cannot be read");
  ASSIGN_OR_RETURN(const contract::Release release, contract::ReleaseFromProto(message));
  if (const auto refusal = RefusedNow(message, parts_.policy)) {
    return absl::PermissionDeniedError(
        absl::StrCat("the stored release of round ", release.round_id, ": ", refusal->explanation));
  }
  ASSIGN_OR_RETURN(const std::size_t approvals, ApprovalsGiven(release.round_id));
  if (approvals < parts_.policy.approvals_needed()) {
    return absl::PermissionDeniedError(
        absl::StrCat("the stored release of round ", release.round_id,
                     ": it was made before the policy asked for approvals, and cannot be sent any more"));
  }
  const std::string canonical = contract::CanonicalBytes(release);
  RETURN_IF_ERROR(WithContext(
      crypto::VerifySignature(parts_.signing_key.public_key(), canonical, release.signature),
      "stored release: it is not signed by this node's key; restore the key that belongs to this ledger"));
  OutgoingRelease outgoing;
  outgoing.round_id_ = release.round_id;
  outgoing.council_ = release.council;
  outgoing.ledger_sequence_ = release.ledger_sequence;
  outgoing.release_hash_ = crypto::Sha256(canonical);
  outgoing.bytes_ = std::move(bytes);
  return outgoing;
}

absl::StatusOr<std::optional<OutgoingRelease>> Door::Stored(absl::string_view round_id) const {
  RETURN_IF_ERROR(CheckOpen());
  ASSIGN_OR_RETURN(auto stored, parts_.ledger.FindRelease(round_id));
  if (!stored) return std::nullopt;
  ASSIGN_OR_RETURN(OutgoingRelease outgoing, Outgoing(std::move(stored->bytes)));
  return outgoing;
}

absl::StatusOr<Answered> Door::Answer(const contract::RoundSpec& spec, ItemTables& tables) {
  RETURN_IF_ERROR(CheckOpen());
  ASSIGN_OR_RETURN(auto stored, parts_.ledger.FindRelease(spec.round_id));
  std::vector<Explanation> explanations;
  const bool replayed = stored.has_value();
  if (!stored) {
    RETURN_IF_ERROR(CheckRound(spec));
    if (parts_.policy.approvals_needed() > 0) {
      // Before anything is charged or stored.
      ASSIGN_OR_RETURN(const std::vector<ItemPreview> items, Preview(spec, tables));
      RETURN_IF_ERROR(CheckApproved(Propose(spec, items)));
    }
    ASSIGN_OR_RETURN(v1::Release release, AnswerItems(spec, tables, explanations));
    ASSIGN_OR_RETURN(stored, StoreSigned(spec, std::move(release)));
  }
  if (stored->spec_hash != SpecHash(spec)) {
    return absl::AlreadyExistsError(absl::StrCat("round ", spec.round_id,
                                                 ": another spec was answered under this name; a changed "
                                                 "round needs a new one"));
  }
  ASSIGN_OR_RETURN(OutgoingRelease outgoing, Outgoing(std::move(stored->bytes)));
  return Answered{
      .release = std::move(outgoing), .replayed = replayed, .explanations = std::move(explanations)};
}

// By a key that only this node has, and another in each round, so that nobody outside can tell whose it is,
// nor that two are one council's.
absl::StatusOr<std::unique_ptr<SumSession>> Door::Sum(const contract::RoundSpec& spec, const SumOffer& offer,
                                                      const contract::RosterEpoch& roster,
                                                      ItemTables& tables) {
  RETURN_IF_ERROR(CheckRound(spec));
  if (parts_.policy.approvals_needed() > 0) {
    ASSIGN_OR_RETURN(const std::vector<ItemPreview> items, Preview(spec, tables));
    const absl::Status approved = CheckApproved(Propose(spec, items));
    if (!approved.ok()) {
      return Declined(v1::ABSENCE_AWAITING_APPROVAL, absl::UnavailableError(approved.message()));
    }
  }
  return SumSession::Begin({.parts = parts_, .council = council_, .roster = roster}, items_, spec, offer,
                           tables);
}

absl::StatusOr<contract::Decline> Door::Decline(const contract::RoundSpec& spec, v1::Absence reason) const {
  contract::Decline decline{.council = council_,
                            .round_id = spec.round_id,
                            .spec_hash = SpecHash(spec),
                            .absence = reason,
                            .declined_unix_s = absl::ToUnixSeconds(parts_.clock.Now()),
                            .signature = ""};
  ASSIGN_OR_RETURN(decline.signature, parts_.signing_key.Sign(contract::CanonicalBytes(decline)));
  return decline;
}

std::string Door::PseudonymFor(const std::string& round_id) const {
  const std::string hash = crypto::HmacSha256(
      parts_.signing_key.seed(), absl::StrCat("waymark/v1/pseudonym/", contract::RoundOf(round_id)));
  return absl::BytesToHexString(hash).substr(0, contract::kPseudonymDigits);
}

absl::StatusOr<v1::Release> Door::AnswerItems(const contract::RoundSpec& spec, ItemTables& tables,
                                              std::vector<Explanation>& explanations) {
  if (contract::IsSecure(spec)) {
    return absl::FailedPreconditionError(
        absl::StrCat("round ", spec.round_id, " is summed securely; nothing of it leaves as a release"));
  }
  v1::Release release;
  release.set_round_id(spec.round_id);
  release.set_spec_hash(SpecHash(spec));
  release.set_council(council_);
  contract::ScopeToProto(scope_, *release.mutable_scope());
  if (parts_.policy.pseudonymous()) release.set_pseudonym(PseudonymFor(spec.round_id));
  std::vector<ItemPreview> previews;
  if (spec.correction != v1::REVISION_REASON_UNSPECIFIED) {
    ASSIGN_OR_RETURN(previews, Preview(spec, tables));
    RETURN_IF_ERROR(CheckCorrects(spec, previews));
  }
  RoundSoFar so_far{.noised_cells_left = kMostNoisedCells, .groups = {}};
  Proposal decided{.council = council_, .round_id = spec.round_id, .spec_hash = SpecHash(spec), .items = {}};
  for (std::uint32_t i = 0; i < spec.items.size(); ++i) {
    const std::string& metric = spec.items[i].metric;
    const bool is_kept = !previews.empty() && previews[i].kept;
    ASSIGN_OR_RETURN(ItemAnswer answer, is_kept ? items_.Keep(spec, spec.items[i], *previews[i].refusal)
                                                : items_.Answer(spec, spec.items[i], tables, so_far));
    if (!previews.empty() && !is_kept && answer.part.absent_size() > 0) {
      return absl::UnavailableError(absl::StrCat("correction ", spec.round_id, ", metric ", metric, ": ",
                                                 answer.text, "; it is decided anew at the next look"));
    }
    for (v1::ProtectedTable& table : *answer.part.mutable_tables()) {
      *release.add_tables() = std::move(table);
    }
    for (const v1::AbsentItem& absent : answer.part.absent()) {
      v1::AbsentItem* out = release.add_absent();
      out->set_item(i);
      out->set_absence(absent.absence());
    }
    Log(LogLevel::kInfo, "item decided",
        {{"round", spec.round_id}, {"metric", metric}, {"rule", answer.rule}});
    decided.items.push_back(std::move(answer.proposed));
    explanations.push_back(
        {.item = i, .metric = metric, .rule = std::move(answer.rule), .text = std::move(answer.text)});
  }
  // What is about to be signed is what was approved, whatever happened since.
  RETURN_IF_ERROR(CheckApproved(decided));
  return release;
}

Proposal Door::Propose(const contract::RoundSpec& spec, const std::vector<ItemPreview>& items) const {
  Proposal proposal{.council = council_, .round_id = spec.round_id, .spec_hash = SpecHash(spec), .items = {}};
  for (const ItemPreview& item : items) proposal.items.push_back(item.proposed);
  return proposal;
}

absl::Status Door::CheckApproved(const Proposal& proposal) const {
  if (parts_.policy.approvals_needed() == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> kept, parts_.ledger.Approvals(proposal.round_id));
  std::vector<Approval> approvals;
  for (const std::string& bytes : kept) {
    ASSIGN_OR_RETURN(Approval approval, ApprovalFromBytes(bytes));
    approvals.push_back(std::move(approval));
  }
  return node::CheckApproved(proposal, approvals, parts_.policy);
}

absl::StatusOr<std::size_t> Door::ApprovalsGiven(absl::string_view round_id) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> kept, parts_.ledger.Approvals(round_id));
  return kept.size();
}

absl::StatusOr<Ledger::StoredRelease> Door::StoreSigned(const contract::RoundSpec& spec,
                                                        v1::Release release) {
  const std::string spec_hash = release.spec_hash();
  return parts_.ledger.StoreRelease(
      spec.round_id, spec_hash,
      [&](std::uint64_t sequence, const std::string& head) -> absl::StatusOr<std::string> {
        release.set_ledger_sequence(sequence);
        release.set_ledger_head(head);
        // The contract's own checks run before anything is signed; they ask for a signature's length.
        release.set_signature(std::string(contract::kSignatureBytes, '\0'));
        ASSIGN_OR_RETURN(const contract::Release checked, contract::ReleaseFromProto(release));
        ASSIGN_OR_RETURN(*release.mutable_signature(),
                         parts_.signing_key.Sign(contract::CanonicalBytes(checked)));
        return release.SerializeAsString();
      });
}

absl::StatusOr<std::vector<ItemPreview>> Door::Preview(const contract::RoundSpec& spec,
                                                       ItemTables& tables) const {
  RETURN_IF_ERROR(CheckRound(spec));
  std::vector<ItemPreview> previews;
  RoundSoFar so_far;
  for (std::uint32_t i = 0; i < spec.items.size(); ++i) {
    ASSIGN_OR_RETURN(ItemPreview preview, items_.Preview(spec, i, tables, so_far));
    previews.push_back(std::move(preview));
  }
  if (spec.correction != v1::REVISION_REASON_UNSPECIFIED) RETURN_IF_ERROR(KeepRefused(spec, previews));
  return previews;
}

// What may not leave corrected leaves as it was, and with it all that is linked and thresholded: the linked
// ones were judged as if it left too.
absl::Status Door::KeepRefused(const contract::RoundSpec& spec, std::vector<ItemPreview>& previews) const {
  std::map<std::string, ItemRefusal> refused;  // by linkage group
  const auto group = [&](const ItemPreview& preview) {
    const v1::Metric* metric = parts_.library.Find(preview.asked.metric);
    return metric == nullptr ? preview.asked.metric : LinkageGroupOf(*metric);
  };
  const auto is_thresholded = [](const ItemPreview& preview) {
    return preview.asked.mode == v1::MODE_THRESHOLDED;
  };
  for (const ItemPreview& preview : previews) {
    const bool counts = preview.refusal && preview.refusal->rule != "unchanged" && is_thresholded(preview);
    if (counts) refused.emplace(group(preview), *preview.refusal);
  }
  for (ItemPreview& preview : previews) {
    if (const auto linked = refused.find(group(preview));
        linked != refused.end() && is_thresholded(preview)) {
      if (!preview.refusal) preview.refusal = linked->second;
    }
    if (!preview.refusal) continue;
    ASSIGN_OR_RETURN(ItemAnswer kept, items_.Keep(spec, preview.asked, *preview.refusal));
    preview.kept = true;
    preview.proposed = std::move(kept.proposed);
  }
  return absl::OkStatus();
}

absl::Status Door::CheckCorrects(const contract::RoundSpec& spec, const std::vector<ItemPreview>& previews) {
  for (const ItemPreview& preview : previews) {
    if (!preview.refusal) return absl::OkStatus();
  }
  const ItemRefusal& first = *previews.front().refusal;
  return absl::PermissionDeniedError(
      absl::StrCat("correction ", spec.round_id, ": nothing of it may leave; metric ",
                   previews.front().asked.metric, ": ", first.rule, ": ", first.explanation));
}

}  // namespace waymark::node
