// Answers the rounds that the coordinator has open: what is asked, what of it may leave by now, why not, and
// whom that is told.
#ifndef WAYMARK_NODE_CLI_ANSWERING_H_
#define WAYMARK_NODE_CLI_ANSWERING_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "node/cli/roster_watch.h"
#include "node/cli/summing.h"
#include "node/disclose/succession.h"
#include "node/link/asked_definitions.h"
#include "node/link/coordinator_link.h"
#include "node/site/asked_rounds.h"
#include "node/site/site.h"
#include "node/site/workplace.h"
#include "proto/contract/round_spec.h"

namespace waymark::node {

// As PacedAnswers asks it to. Not thread-safe. The references outlive this.
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

  absl::StatusOr<std::vector<contract::RoundSpec>> Open();
  // Keeps why a round is not answered, where others may hear it; they do at the next look, as of anything
  // else.
  absl::StatusOr<bool> Kept(const contract::RoundSpec& spec, absl::StatusOr<bool> outcome);
  // Whether the last look found a reason that nobody has been told yet.
  bool HasUntold() const;
  absl::StatusOr<bool> SendStored(const contract::RoundSpec& spec);
  // A secure round's steps have a pace of their own, and are taken here; nothing waits to be sent then.
  absl::StatusOr<bool> Answer(const contract::RoundSpec& spec);

 private:
  // In the log, and asking for what the officers signed, where they sign that.
  absl::Status CheckDecided(const contract::RoundSpec& spec);
  // Lets go what the log does not have: a round that this council alone is asked.
  absl::Status KeepLogged(std::vector<WatchedRound>& rounds);
  // Nothing leaves before the coordinator has been asked how far this council's ledger had come.
  absl::Status CheckLedgerOnce();
  // Between enrolment and the roster that names it, a successor does not know whether those before it took
  // part.
  absl::Status CheckBeganWithoutOthers();
  // Nor before what councils released whose work this one took over counts, by the roster that is held now.
  absl::Status TakeOverWork();
  // Tells the others, once for as long as a reason stays the same. Where that fails the round is absent
  // without one, until the next look.
  void SendDeclines(const std::vector<contract::RoundSpec>& open);
  // Corrections that a person asked for, of rounds that still take them.
  absl::Status AddCorrections(const std::vector<WatchedRound>& rounds,
                              std::vector<contract::RoundSpec>& open);
  // Says once of each round that its deadline is near, and keeps for `waymark-node rounds` what all wait for.
  void Remind(const std::vector<WatchedRound>& rounds);
  absl::Status Sum(const contract::RoundSpec& spec);
  // Whether a person has still to sign. Approvals that did not suffice are not tried again until there are
  // more, so that a round that waits costs nothing.
  absl::StatusOr<bool> WaitsForApproval(const contract::RoundSpec& spec);
  absl::Status Send(const OutgoingRelease& release);

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

}  // namespace waymark::node

#endif  // WAYMARK_NODE_CLI_ANSWERING_H_
