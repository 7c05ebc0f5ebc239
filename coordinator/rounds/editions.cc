// Late and corrected releases, and the editions that they make.
#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "coordinator/benchmark/stored.h"
#include "coordinator/rounds/publication.h"
#include "coordinator/rounds/release_check.h"
#include "coordinator/rounds/rounds.h"
#include "crypto/hash.h"
#include "proto/contract/revision.h"

namespace waymark::coordinator {
namespace {

// Revisions may arrive, or the round be withdrawn, while one is made; each attempt sees what is there then.
constexpr int kAttempts = 100;

absl::Status CheckLate(const Round& round, const contract::RoundSpec& spec, std::int64_t now_unix_s) {
  if (round.state == RoundState::kWithdrawn) {
    return absl::FailedPreconditionError(absl::StrCat("round ", spec.round_id, " was withdrawn"));
  }
  if (spec.late_for_days == 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "round ", spec.round_id, " takes no corrections; its operator did not say late_for_days"));
  }
  if (now_unix_s < contract::LateUntil(spec)) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("round ", spec.round_id,
                                                    " took late and corrected releases until ",
                                                    spec.late_for_days, " days after its deadline"));
}

std::vector<v1::RevisionReason> ReasonsOf(const std::vector<StoredRevision>& revisions) {
  std::set<v1::RevisionReason> reasons;
  for (const StoredRevision& one : revisions) reasons.insert(static_cast<v1::RevisionReason>(one.reason));
  return {reasons.begin(), reasons.end()};
}

}  // namespace

absl::Status Rounds::TakeRevision(const Round& round, const contract::RoundSpec& spec,
                                  const contract::Release& release, StoredRelease& taken) {
  RETURN_IF_ERROR(CheckLate(round, spec, taken.received_unix_s));
  contract::RoundSpec asked = spec;
  if (release.round_id != round.round_id) {
    if (round.state != RoundState::kPublished) {
      return absl::UnavailableError(
          absl::StrCat("round ", spec.round_id, " is not published yet; the correction is taken when it is"));
    }
    ASSIGN_OR_RETURN(asked, CorrectedSpec(spec, release));
  } else if (!release.pseudonym.empty()) {
    // Who was absent is public, and whose figures come later would be told by that.
    return absl::FailedPreconditionError(
        absl::StrCat("round ", spec.round_id,
                     ": a council that is published without its name cannot answer late; it would be known "
                     "by having been absent"));
  }
  ASSIGN_OR_RETURN(const v1::Catalogue definitions, DefinitionsOf(round));
  const std::string spec_hash = crypto::Sha256(contract::CanonicalBytes(asked));
  RETURN_IF_ERROR(CheckRelease(release, asked, spec_hash, definitions));
  const bool is_late = asked.correction == v1::REVISION_REASON_UNSPECIFIED;
  taken.bytes = BytesOf(release);
  return store_.AddRevision({.round_id = round.round_id,
                             .release_id = release.round_id,
                             .council = release.council,
                             .reason = is_late ? v1::REVISION_REASON_LATE_RETURN : asked.correction,
                             .bytes = taken.bytes,
                             .hash = taken.hash,
                             .received_unix_s = taken.received_unix_s});
}

absl::StatusOr<contract::RoundSpec> Rounds::CorrectedSpec(const contract::RoundSpec& spec,
                                                          const contract::Release& release) {
  const auto id = contract::ParseCorrectionId(release.round_id);
  if (!id) return absl::InvalidArgumentError("release.round_id: expected a round's, or a correction's");
  const std::string before =
      id->number == 1 ? spec.round_id : contract::CorrectionId(spec.round_id, id->number - 1);
  ASSIGN_OR_RETURN(const auto stored, store_.FindRelease(before, release.council));
  if (!stored) {
    return absl::FailedPreconditionError(
        absl::StrCat("round ", spec.round_id, ": ", release.council, " has not given ", before,
                     ", so there is nothing that ", release.round_id, " corrects"));
  }
  ASSIGN_OR_RETURN(const contract::Release corrected, ReleaseOf(*stored));
  if (corrected.pseudonym != release.pseudonym) {
    return absl::FailedPreconditionError(
        absl::StrCat("round ", spec.round_id,
                     ": a correction is published under the name, or without one, as what it corrects"));
  }
  for (const v1::RevisionReason reason : contract::CorrectionReasons()) {
    contract::RoundSpec asked = contract::CorrectionOf(spec, id->number, reason);
    if (crypto::Sha256(contract::CanonicalBytes(asked)) == release.spec_hash) return asked;
  }
  return absl::FailedPreconditionError(
      absl::StrCat("the release answers another spec of round ", spec.round_id, "; watch the round again"));
}

absl::StatusOr<int> Rounds::ReviseDue(absl::Duration every) {
  ASSIGN_OR_RETURN(const auto waiting, store_.WaitingRevisions());
  const std::int64_t every_s = std::max<std::int64_t>(1, absl::ToInt64Seconds(every));
  const std::int64_t now_unix_s = absl::ToUnixSeconds(clock_.Now());
  int published = 0;
  for (const auto& [round_id, since_unix_s] : waiting) {
    if (now_unix_s / every_s <= since_unix_s / every_s) continue;
    ASSIGN_OR_RETURN(const std::optional<Round> round, store_.FindRound(round_id));
    if (!round || round->state != RoundState::kPublished) continue;
    const absl::StatusOr<bool> done = Revise(*round);
    if (!done.ok()) {
      Log(LogLevel::kError, "publishing another edition failed",
          {{"round", round_id}, {"error", std::string(done.status().message())}});
    } else if (*done) {
      ++published;
    }
  }
  return published;
}

absl::StatusOr<std::map<std::string, v1::Absence>> Rounds::PublishedAbsences(const Round& round) {
  ASSIGN_OR_RETURN(const std::vector<StoredAbsence> absences, store_.Absences(round.round_id));
  std::map<std::string, v1::Absence> reasons;
  for (const StoredAbsence& one : absences) {
    if (one.item == kWholeRelease) reasons[one.council] = static_cast<v1::Absence>(one.absence);
  }
  return reasons;
}

absl::StatusOr<bool> Rounds::Revise(const Round& round) {
  absl::MutexLock lock(&publishing_);
  // Who takes part is as it was: a council that joined since was not asked.
  ASSIGN_OR_RETURN(const auto absent, PublishedAbsences(round));
  ASSIGN_OR_RETURN(const std::vector<std::string> answered, store_.Answered(round.round_id));
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    ASSIGN_OR_RETURN(const std::vector<StoredEdition> before, store_.Editions(round.round_id));
    ASSIGN_OR_RETURN(const std::vector<StoredRevision> revisions, store_.Revisions(round.round_id));
    Revised revised;
    std::copy_if(revisions.begin(), revisions.end(), std::back_inserter(revised.revisions),
                 [](const StoredRevision& one) { return one.edition == 0; });
    if (revised.revisions.empty()) return false;
    revised.reasons = ReasonsOf(revised.revisions);
    const auto number = static_cast<std::uint32_t>(before.size() + 1);
    const std::string id = contract::EditionId(round.round_id, number);
    RETURN_IF_ERROR(store_.BeginEdition(round.round_id, number, id));
    ASSIGN_OR_RETURN(const std::optional<Round> edition, store_.FindRound(id));
    if (!edition) return absl::InternalError("an edition is gone");
    if (edition->state != RoundState::kOpen) return false;
    const auto releases = ReleasesWith(round.round_id, answered, revisions);
    std::set<std::string> councils;
    for (const auto& [council, absence] : absent) councils.insert(council);
    for (const auto& [council, release] : releases) councils.insert(council);
    ASSIGN_OR_RETURN(
        const Publication publication,
        MakePublication(*edition, library_, {councils.begin(), councils.end()},
                        {.releases = releases, .sums = {}, .declines = absent, .revised = &revised},
                        absl::ToUnixSeconds(clock_.Now()), store_));
    absl::StatusOr<bool> published = store_.Publish(publication);
    if (absl::IsAborted(published.status())) continue;
    if (published.ok() && *published) {
      Log(LogLevel::kInfo, "edition published",
          {{"round", round.round_id},
           {"edition", absl::StrCat(number)},
           {"revisions", absl::StrCat(revised.revisions.size())}});
    }
    return published;
  }
  return absl::UnavailableError(
      absl::StrCat("revisions of round ", round.round_id, " keep arriving; try again"));
}

absl::Status Rounds::AddRevisions(const Round& round, const std::vector<StoredEdition>& editions,
                                  v1::RoundStatus& status,
                                  std::map<std::string, v1::RoundStatus::Council>& councils) {
  for (const StoredEdition& one : editions) *status.add_editions() = EditionToProto(one);
  ASSIGN_OR_RETURN(const std::vector<StoredRevision> revisions, store_.Revisions(round.round_id));
  std::uint32_t waiting = 0;
  for (const StoredRevision& one : revisions) {
    waiting += one.edition == 0 ? 1 : 0;
    if (one.edition == 0 || one.release_id != round.round_id) continue;
    councils[one.council].set_answered(true);
    councils[one.council].set_absence(v1::ABSENCE_UNSPECIFIED);
  }
  status.set_waiting(waiting);
  ASSIGN_OR_RETURN(const auto contacts, store_.Contacts());
  for (const auto& [council, last_unix_s] : contacts) {
    if (const auto at = councils.find(council); at != councils.end()) {
      at->second.set_last_contact_unix_s(last_unix_s);
    }
  }
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
