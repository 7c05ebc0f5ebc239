#include "node/cli/answering.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "node/disclose/decline.h"
#include "node/site/awaiting.h"
#include "proto/contract/names.h"
#include "proto/contract/revision.h"

namespace waymark::node {
namespace {

constexpr unsigned kLooksARefresh = 16;

}  // namespace

absl::StatusOr<std::vector<contract::RoundSpec>> Answering::Open() {
  absl::Status ledger = CheckLedgerOnce();
  if (!ledger.ok() && !DeclineOf(ledger)) return ledger;
  ASSIGN_OR_RETURN(std::vector<WatchedRound> rounds, link_.Watch());
  // Between the steps of a sum it looks three times a second; at log and roster it need not.
  const bool looks_around = !summing_.IsBusy() || looks_++ % kLooksARefresh == 0;
  if (looks_around) RETURN_IF_ERROR(log_.Refresh());
  RETURN_IF_ERROR(KeepLogged(rounds));
  if (looks_around) roster_.Once();
  if (ledger.ok() && looks_around) ledger = TakeOverWork();
  if (!ledger.ok() && !DeclineOf(ledger)) return ledger;
  summing_.KeepOnly(rounds);
  late_.clear();
  std::vector<contract::RoundSpec> open;
  for (const WatchedRound& round : rounds) {
    if (round.answered) continue;
    if (!ledger.ok()) reasons_[round.spec.round_id] = *DeclineOf(ledger);
    if (round.late) late_.insert(round.spec.round_id);
    open.push_back(round.spec);
  }
  SendDeclines(open);
  Remind(rounds);
  if (!ledger.ok()) return ledger;
  RETURN_IF_ERROR(AddCorrections(rounds, open));
  return open;
}

absl::StatusOr<bool> Answering::Kept(const contract::RoundSpec& spec, absl::StatusOr<bool> outcome) {
  if (const auto reason = DeclineOf(outcome.status())) reasons_[spec.round_id] = *reason;
  return outcome;
}

bool Answering::HasUntold() const {
  return std::any_of(reasons_.begin(), reasons_.end(), [&](const auto& reason) {
    if (late_.contains(reason.first) || contract::ParseCorrectionId(reason.first)) return false;
    const auto told = declined_.find(reason.first);
    return told == declined_.end() || told->second != reason.second;
  });
}

absl::StatusOr<bool> Answering::SendStored(const contract::RoundSpec& spec) {
  if (contract::IsSecure(spec)) return false;
  ASSIGN_OR_RETURN(const auto stored, workplace_.door().Stored(spec.round_id));
  if (!stored) return false;
  RETURN_IF_ERROR(Send(*stored));
  return true;
}

absl::StatusOr<bool> Answering::Answer(const contract::RoundSpec& spec) {
  if (contract::IsSecure(spec)) {
    RETURN_IF_ERROR(Sum(spec));
    return false;
  }
  if (late_.contains(spec.round_id) && workplace_.policy().pseudonymous()) {
    return absl::PermissionDeniedError(
        absl::StrCat("round ", spec.round_id,
                     " is over; who had not answered is public, so a late answer without this council's name "
                     "would be known to be its own (identity = \"pseudonymous\" in the policy)"));
  }
  ASSIGN_OR_RETURN(const bool waits, WaitsForApproval(spec));
  if (waits) return false;
  // The sources are read anew for each round: the council may have put a newer extract there.
  ASSIGN_OR_RETURN(JourneyTables tables, JourneyTables::Load(site_, spec.items));
  RETURN_IF_ERROR(workplace_.door().Answer(spec, tables).status());
  return true;
}

absl::Status Answering::CheckDecided(const contract::RoundSpec& spec) {
  RETURN_IF_ERROR(log_.Require(contract::EntryOf(spec)));
  return definitions_.Check(spec);
}

absl::Status Answering::KeepLogged(std::vector<WatchedRound>& rounds) {
  std::vector<WatchedRound> logged;
  for (WatchedRound& round : rounds) {
    const absl::Status is_logged = CheckDecided(round.spec);
    if (is_logged.ok()) {
      logged.push_back(std::move(round));
    } else if (!absl::IsNotFound(is_logged)) {
      return is_logged;
    } else if (not_logged_.insert(round.spec.round_id).second) {
      Log(LogLevel::kError, "round left out: nobody decided it",
          {{"round", round.spec.round_id}, {"error", std::string(is_logged.message())}});
    }
  }
  rounds = std::move(logged);
  return absl::OkStatus();
}

absl::Status Answering::CheckLedgerOnce() {
  if (ledger_checked_) return absl::OkStatus();
  ASSIGN_OR_RETURN(auto seen, link_.LastSeen(site_.configuration.council_code));
  RETURN_IF_ERROR(CheckNotRolledBack(workplace_.ledger(), workplace_.self(), seen.own));
  before_ = std::move(seen.before);
  ledger_checked_ = true;
  return absl::OkStatus();
}

absl::Status Answering::CheckBeganWithoutOthers() {
  const auto* begun = contract::BeginningOf(known_successions_, workplace_.self().id);
  if (begun == nullptr) return absl::OkStatus();
  return Declined(v1::ABSENCE_AWAITING_APPROVAL,
                  absl::FailedPreconditionError(absl::StrCat(
                      contract::Describe(*begun),
                      ": nothing is released until the officers' roster names this council, and says who of "
                      "those before it took part")));
}

absl::Status Answering::TakeOverWork() {
  ASSIGN_OR_RETURN(const auto roster, HeldRoster(workplace_.ledger()));
  const bool by_officers = !link_.governance().officers.empty();
  Lineage lineage{.council = workplace_.self().id,
                  .signing_key = workplace_.self().signing_key,
                  .all_took_part = by_officers,
                  .seen = before_};
  if (!by_officers) lineage.successions = known_successions_;
  if (by_officers && roster) lineage.successions = roster->successions;
  const bool is_named = roster && contract::FindMember(*roster, lineage.council) != nullptr;
  if (by_officers && !is_named) RETURN_IF_ERROR(CheckBeganWithoutOthers());
  return TakeOver(workplace_.ledger(), lineage, clock_);
}

void Answering::SendDeclines(const std::vector<contract::RoundSpec>& open) {
  for (const contract::RoundSpec& spec : open) {
    const auto reason = reasons_.find(spec.round_id);
    // What is over is absent for the reason that was published.
    if (reason == reasons_.end() || late_.contains(spec.round_id)) continue;
    const auto told = declined_.find(spec.round_id);
    if (told != declined_.end() && told->second == reason->second) continue;
    const auto decline = workplace_.door().Decline(spec, reason->second);
    const absl::Status status = decline.ok() ? link_.Decline(*decline) : decline.status();
    if (status.ok()) {
      declined_[spec.round_id] = reason->second;
    } else {
      Log(LogLevel::kWarning, "the coordinator was not told why the round is not answered",
          {{"round", spec.round_id}, {"error", std::string(status.message())}});
    }
  }
}

absl::Status Answering::AddCorrections(const std::vector<WatchedRound>& rounds,
                                       std::vector<contract::RoundSpec>& open) {
  ASSIGN_OR_RETURN(const std::vector<contract::RoundSpec> kept, ListCorrections(site_.configuration));
  for (const contract::RoundSpec& spec : kept) {
    ASSIGN_OR_RETURN(const bool is_over, workplace_.ledger().IsAcknowledged(spec.round_id));
    if (is_over) {
      ForgetCorrection(site_.configuration, spec.round_id);
      continue;
    }
    const auto id = contract::ParseCorrectionId(spec.round_id);
    const bool is_taken = id && std::any_of(rounds.begin(), rounds.end(), [&](const WatchedRound& round) {
                            return contract::CorrectionOf(round.spec, id->number, spec.correction) == spec &&
                                   round.spec.round_id == id->round_id;
                          });
    if (is_taken) {
      open.push_back(spec);
    } else if (not_taken_.insert(spec.round_id).second) {
      Log(LogLevel::kError, "the coordinator takes this correction no longer", {{"round", spec.round_id}});
    }
  }
  return absl::OkStatus();
}

void Answering::Remind(const std::vector<WatchedRound>& rounds) {
  std::vector<AskedRound> asked;
  for (const WatchedRound& round : rounds) {
    if (round.answered) continue;
    const auto reason = reasons_.find(round.spec.round_id);
    const std::string waits = reason == reasons_.end() ? "" : std::string(contract::NameOf(reason->second));
    asked.push_back({.round_id = round.spec.round_id,
                     .deadline_unix_s = round.spec.deadline_unix_s,
                     .is_late = round.late,
                     .is_reminded = round.reminder,
                     .waits_for = waits});
    if (!round.reminder || !reminded_.insert(round.spec.round_id).second) continue;
    Log(LogLevel::kWarning, "a round's deadline is near, and the coordinator has nothing of this council",
        {{"round", round.spec.round_id},
         {"deadline", absl::FormatTime(absl::RFC3339_sec, absl::FromUnixSeconds(round.spec.deadline_unix_s),
                                       absl::UTCTimeZone())},
         {"waits_for", waits.empty() ? "the next look" : waits}});
  }
  if (asked == asked_) return;
  const absl::Status kept = KeepAsked(site_.configuration, absl::ToUnixSeconds(clock_.Now()), asked);
  if (!kept.ok()) Log(LogLevel::kWarning, "cannot be kept", {{"error", std::string(kept.message())}});
  asked_ = std::move(asked);
}

absl::Status Answering::Sum(const contract::RoundSpec& spec) {
  if (!summing_.HasJoined(spec.round_id)) {
    ASSIGN_OR_RETURN(const bool waits, WaitsForApproval(spec));
    if (waits) return absl::OkStatus();
  }
  return summing_.Advance(spec);
}

absl::StatusOr<bool> Answering::WaitsForApproval(const contract::RoundSpec& spec) {
  const std::uint32_t needed = workplace_.policy().approvals_needed();
  if (needed == 0) return false;
  RETURN_IF_ERROR(KeepAwaiting(site_.configuration, spec));
  ASSIGN_OR_RETURN(const auto refusal, RefusalOf(site_.configuration, spec.round_id));
  if (refusal) {
    reasons_[spec.round_id] = v1::ABSENCE_NOT_RELEASED;
    return true;
  }
  ASSIGN_OR_RETURN(const std::size_t given, workplace_.door().ApprovalsGiven(spec.round_id));
  const auto [tried, fresh] = approvals_tried_.emplace(spec.round_id, 0);
  if (fresh) {
    Log(LogLevel::kInfo, "round waits for approval",
        {{"round", spec.round_id}, {"given", absl::StrCat(given)}, {"needed", absl::StrCat(needed)}});
  }
  if (given < needed || given == tried->second) {
    reasons_[spec.round_id] = v1::ABSENCE_AWAITING_APPROVAL;
    return true;
  }
  tried->second = given;
  return false;
}

absl::Status Answering::Send(const OutgoingRelease& release) {
  ASSIGN_OR_RETURN(const Receipt receipt, link_.Submit(release));
  RETURN_IF_ERROR(workplace_.ledger().Acknowledge(release.round_id(), release.release_hash(), receipt.bytes));
  ForgetAwaiting(site_.configuration, release.round_id());
  ForgetCorrection(site_.configuration, release.round_id());
  Log(LogLevel::kInfo, "release acknowledged",
      {{"round", release.round_id()},
       {"ledger_sequence", absl::StrCat(release.ledger_sequence())},
       {"release_hash", absl::BytesToHexString(release.release_hash())}});
  return absl::OkStatus();
}

}  // namespace waymark::node
