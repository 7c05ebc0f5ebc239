#include <algorithm>
#include <csignal>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/log.h"
#include "base/status.h"
#include "catalogue/successions.h"
#include "node/cli/asked_rounds.h"
#include "node/cli/awaiting.h"
#include "node/cli/commands.h"
#include "node/cli/log_reader.h"
#include "node/cli/paced_answers.h"
#include "node/cli/summing.h"
#include "node/cli/workplace.h"
#include "node/disclose/decline.h"
#include "node/disclose/roster_book.h"
#include "node/disclose/succession.h"
#include "node/link/asked_definitions.h"
#include "node/link/coordinator_link.h"
#include "node/link/renewal.h"
#include "proto/contract/names.h"
#include "proto/contract/revision.h"
#include "proto/rpc/tls.h"

namespace waymark::node {
namespace {

// Set by SIGTERM and SIGINT. What is being answered is finished; a release that is in the ledger is sent
// again anyway.
volatile std::sig_atomic_t stop_asked = 0;

void StopOnSignals() {
  struct sigaction action {};
  action.sa_handler = [](int) { stop_asked = 1; };
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
}

constexpr absl::Duration kStepPause = absl::Milliseconds(300);
constexpr unsigned kLooksARefresh = 16;

// Sleeps in short steps, so that a signal ends it soon.
void PauseUntil(const Clock& clock, absl::Time until) {
  while (stop_asked == 0 && clock.Now() < until) {
    clock.Sleep(std::min(absl::Milliseconds(100), until - clock.Now()));
  }
}

// Keeps up with the federation's roster, where it has officers. What is wrong with it is logged, once for as
// long as it stays so; rounds that need a roster say so themselves. Not thread-safe.
class RosterWatch {
 public:
  RosterWatch(RosterBook& book, CoordinatorLink& link, LogWatch& log, const Clock& clock)
      : book_(book), link_(link), log_(log), clock_(clock) {}

  void Once() {
    if (link_.governance().officers.empty()) return;
    const absl::Status fetched = link_.FetchRosters(book_, [this](const contract::RosterEpoch& roster) {
      return log_.Require(contract::EntryOf(roster));
    });
    const absl::StatusOr<contract::RosterEpoch> current =
        fetched.ok() ? book_.Current(clock_.Now()) : fetched;
    std::string error(current.status().message());
    if (!current.ok() && error != last_error_) {
      Log(fetched.ok() ? LogLevel::kWarning : LogLevel::kError, "no good roster", {{"error", error}});
    }
    last_error_ = std::move(error);
    if (!current.ok() || current->epoch == last_epoch_) return;
    last_epoch_ = current->epoch;
    Log(LogLevel::kInfo, "roster held",
        {{"epoch", absl::StrCat(current->epoch)},
         {"hash", absl::BytesToHexString(contract::RosterHash(*current))}});
  }

 private:
  RosterBook& book_;
  CoordinatorLink& link_;
  LogWatch& log_;
  const Clock& clock_;
  std::string last_error_;
  std::uint64_t last_epoch_ = 0;
};

// Answers rounds, as PacedAnswers asks it to. Not thread-safe.
class Answering {
 public:
  Answering(const Site& site, Workplace& workplace, CoordinatorLink& link, LogWatch& log, RosterWatch& roster,
            Summing& summing, const Clock& clock, contract::Successions known_successions)
      : site_(site),
        workplace_(workplace),
        link_(link),
        log_(log),
        definitions_(link.governance(), link.federation(), log, [&link] { return link.Catalogue(); }),
        roster_(roster),
        summing_(summing),
        clock_(clock),
        known_successions_(std::move(known_successions)) {}

  absl::StatusOr<std::vector<contract::RoundSpec>> Open() {
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

  // Keeps why a round is not answered, where others may hear it; they do at the next look, as of anything
  // else.
  absl::StatusOr<bool> Kept(const contract::RoundSpec& spec, absl::StatusOr<bool> outcome) {
    if (const auto reason = DeclineOf(outcome.status())) reasons_[spec.round_id] = *reason;
    return outcome;
  }

  // Whether the last look found a reason that nobody has been told yet.
  bool HasUntold() const {
    return std::any_of(reasons_.begin(), reasons_.end(), [&](const auto& reason) {
      if (late_.contains(reason.first) || contract::ParseCorrectionId(reason.first)) return false;
      const auto told = declined_.find(reason.first);
      return told == declined_.end() || told->second != reason.second;
    });
  }

  absl::StatusOr<bool> SendStored(const contract::RoundSpec& spec) {
    if (contract::IsSecure(spec)) return false;
    ASSIGN_OR_RETURN(const auto stored, workplace_.door().Stored(spec.round_id));
    if (!stored) return false;
    RETURN_IF_ERROR(Send(*stored));
    return true;
  }

  // A secure round's steps have a pace of their own, and are taken here; nothing waits to be sent then.
  absl::StatusOr<bool> Answer(const contract::RoundSpec& spec) {
    if (contract::IsSecure(spec)) {
      RETURN_IF_ERROR(Sum(spec));
      return false;
    }
    if (late_.contains(spec.round_id) && workplace_.policy().pseudonymous()) {
      return absl::PermissionDeniedError(absl::StrCat(
          "round ", spec.round_id,
          " is over; who had not answered is public, so a late answer without this council's name "
          "would be known to be its own (identity = \"pseudonymous\" in the policy)"));
    }
    ASSIGN_OR_RETURN(const bool waits, WaitsForApproval(spec));
    if (waits) return false;
    // The sources are read anew for each round: the council may have put a newer extract there.
    ASSIGN_OR_RETURN(const Journeys journeys, LoadJourneys(site_.configuration));
    JourneyTables tables(site_.library, journeys);
    RETURN_IF_ERROR(workplace_.door().Answer(spec, tables).status());
    return true;
  }

 private:
  // In the log, and asking for what the officers signed, where they sign that.
  absl::Status CheckDecided(const contract::RoundSpec& spec) {
    RETURN_IF_ERROR(log_.Require(contract::EntryOf(spec)));
    return definitions_.Check(spec);
  }

  // Lets go what the log does not have: a round that this council alone is asked.
  absl::Status KeepLogged(std::vector<WatchedRound>& rounds) {
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

  // Nothing leaves before the coordinator has been asked how far this council's ledger had come.
  absl::Status CheckLedgerOnce() {
    if (ledger_checked_) return absl::OkStatus();
    ASSIGN_OR_RETURN(auto seen, link_.LastSeen(site_.configuration.council_code));
    RETURN_IF_ERROR(CheckNotRolledBack(workplace_.ledger(), workplace_.self(), seen.own));
    before_ = std::move(seen.before);
    ledger_checked_ = true;
    return absl::OkStatus();
  }

  // Between enrolment and the roster that names it, a successor does not know whether those before it took
  // part.
  absl::Status CheckBeganWithoutOthers() {
    const auto* begun = contract::BeginningOf(known_successions_, workplace_.self().id);
    if (begun == nullptr) return absl::OkStatus();
    return Declined(
        v1::ABSENCE_AWAITING_APPROVAL,
        absl::FailedPreconditionError(absl::StrCat(
            contract::Describe(*begun),
            ": nothing is released until the officers' roster names this council, and says who of "
            "those before it took part")));
  }

  // Nor before what councils released whose work this one took over counts, by the roster that is held now.
  absl::Status TakeOverWork() {
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

  // Tells the others, once for as long as a reason stays the same. Where that fails the round is absent
  // without one, until the next look.
  void SendDeclines(const std::vector<contract::RoundSpec>& open) {
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

  // Corrections that a person asked for, of rounds that still take them.
  absl::Status AddCorrections(const std::vector<WatchedRound>& rounds,
                              std::vector<contract::RoundSpec>& open) {
    ASSIGN_OR_RETURN(const std::vector<contract::RoundSpec> kept, ListCorrections(site_.configuration));
    for (const contract::RoundSpec& spec : kept) {
      ASSIGN_OR_RETURN(const bool is_over, workplace_.ledger().IsAcknowledged(spec.round_id));
      if (is_over) {
        ForgetCorrection(site_.configuration, spec.round_id);
        continue;
      }
      const auto id = contract::ParseCorrectionId(spec.round_id);
      const bool is_taken =
          id && std::any_of(rounds.begin(), rounds.end(), [&](const WatchedRound& round) {
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

  // Says once of each round that its deadline is near, and keeps for `waymark-node rounds` what all wait for.
  void Remind(const std::vector<WatchedRound>& rounds) {
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

  absl::Status Sum(const contract::RoundSpec& spec) {
    if (!summing_.HasJoined(spec.round_id)) {
      ASSIGN_OR_RETURN(const bool waits, WaitsForApproval(spec));
      if (waits) return absl::OkStatus();
    }
    return summing_.Advance(spec);
  }

  // Whether a person has still to sign. Approvals that did not suffice are not tried again until there are
  // more, so that a round that waits costs nothing.
  absl::StatusOr<bool> WaitsForApproval(const contract::RoundSpec& spec) {
    const std::uint32_t needed = workplace_.policy().approvals_needed();
    if (needed == 0) return false;
    RETURN_IF_ERROR(KeepAwaiting(site_.configuration, spec));
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

  absl::Status Send(const OutgoingRelease& release) {
    ASSIGN_OR_RETURN(const Receipt receipt, link_.Submit(release));
    RETURN_IF_ERROR(
        workplace_.ledger().Acknowledge(release.round_id(), release.release_hash(), receipt.bytes));
    ForgetAwaiting(site_.configuration, release.round_id());
    ForgetCorrection(site_.configuration, release.round_id());
    Log(LogLevel::kInfo, "release acknowledged",
        {{"round", release.round_id()},
         {"ledger_sequence", absl::StrCat(release.ledger_sequence())},
         {"release_hash", absl::BytesToHexString(release.release_hash())}});
    return absl::OkStatus();
  }

  const Site& site_;
  Workplace& workplace_;
  CoordinatorLink& link_;
  LogWatch& log_;
  AskedDefinitions definitions_;
  RosterWatch& roster_;
  Summing& summing_;
  const Clock& clock_;
  const contract::Successions known_successions_;  // the catalogue's
  unsigned looks_ = 0;                             // while a sum is under way
  std::set<std::string> not_logged_;               // rounds of which that was said
  // By round: why it is not answered, and what of it the others were told.
  std::map<std::string, v1::Absence> reasons_;
  std::map<std::string, v1::Absence> declined_;
  bool ledger_checked_ = false;
  std::vector<SeenPredecessor> before_;
  std::set<std::string> late_;                    // rounds that are over and take late answers
  std::set<std::string> reminded_;                // rounds of which it was said that the deadline is near
  std::set<std::string> not_taken_;               // corrections of which that was said
  std::optional<std::vector<AskedRound>> asked_;  // as kept last
  std::map<std::string, std::size_t> approvals_tried_;  // by round: how many there were
};

}  // namespace

absl::Status RunCommand(const CommonOptions& common, const RunOptions& options, const Clock& clock) {
  RETURN_IF_ERROR(rpc::RequireTls13());
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  if (!FileExists(LedgerPath(site.configuration))) {
    return absl::FailedPreconditionError(absl::StrCat(
        LedgerPath(site.configuration),
        " is not there: it is made by enrolling, and without it nothing says what has left already. "
        "Enrol, or put the latest copy back"));
  }
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  ASSIGN_OR_RETURN(const auto link, CoordinatorLink::Open(IdentityDirectory(site.configuration),
                                                          site.configuration.https_proxy, clock));
  if (!workplace->policy().releases()) {
    Log(LogLevel::kWarning, "nothing will be released",
        {{"because", std::string(workplace->policy().closed_because())}});
  }
  StopOnSignals();
  Log(LogLevel::kInfo, "node started", {{"council", site.configuration.council_code}});
  RosterBook book(
      workplace->ledger(), link->governance(), link->federation(),
      {.council = site.configuration.council_code, .signing_key = workplace->signing_key().public_key()});
  LogWatch log(*link, LogReaderOf(site, *workplace, *link));
  RosterWatch roster(book, *link, log, clock);
  Summing summing(site, *workplace, *link, book, clock);
  CertificateRenewal renewal(IdentityDirectory(site.configuration), *link, clock);
  ASSIGN_OR_RETURN(contract::Successions known,
                   catalogue::LoadSuccessions(site.configuration.catalogue_directory, site.library));
  Answering answering(site, *workplace, *link, log, roster, summing, clock, std::move(known));
  PacedAnswers answers(
      {.open = [&] { return answering.Open(); },
       .send = [&](const auto& round) { return answering.Kept(round, answering.SendStored(round)); },
       .answer = [&](const auto& round) { return answering.Kept(round, answering.Answer(round)); }});
  const absl::Duration interval = absl::Seconds(options.poll_seconds);
  const auto renew = [&renewal] {
    if (const absl::Status renewed = renewal.RenewWhenDue(); !renewed.ok()) {
      Log(LogLevel::kError, "the certificate could not be renewed; it is tried again in ten minutes",
          {{"error", std::string(renewed.message())}});
    }
  };
  if (options.once) {
    renew();
    const absl::Status status = answers.Once();
    if (!answers.has_unsent() && !answering.HasUntold()) return status;
    PauseUntil(clock, NextLook(clock.Now(), interval));
    const absl::Status sent = answers.Once();
    return status.ok() ? sent : status;
  }
  while (stop_asked == 0) {
    renew();
    const absl::Status status = answers.Once();
    if (!status.ok()) {
      Log(LogLevel::kWarning, "will look again", {{"error", std::string(status.message())}});
    }
    // The others of a session wait for each step of this one.
    PauseUntil(clock, summing.IsBusy() ? clock.Now() + kStepPause : NextLook(clock.Now(), interval));
  }
  Log(LogLevel::kInfo, "node stopped");
  return absl::OkStatus();
}

}  // namespace waymark::node
