#include "node/cli/paced_answers.h"

#include "base/log.h"
#include "base/status.h"

namespace waymark::node {
namespace {

// Trying again would say the same until somebody changes policy or configuration and starts the node anew.
bool IsFinal(const absl::Status& status) {
  return absl::IsPermissionDenied(status) || absl::IsAlreadyExists(status) || absl::IsInvalidArgument(status);
}

}  // namespace

absl::Time NextLook(absl::Time now, absl::Duration interval) {
  absl::Duration past;
  (void)absl::IDivDuration(now - absl::UnixEpoch(), interval, &past);
  return now - past + interval;
}

absl::Status PacedAnswers::Once() {
  has_unsent_ = false;
  ASSIGN_OR_RETURN(const std::vector<contract::RoundSpec> rounds, steps_.open());
  absl::Status first_error;
  std::vector<const contract::RoundSpec*> unanswered;
  for (const contract::RoundSpec& round : rounds) {
    if (given_up_.contains(round.round_id)) continue;
    const absl::StatusOr<bool> sent = steps_.send(round);
    if (!sent.ok()) Note(round, sent.status(), first_error);
    if (sent.ok() && !*sent) unanswered.push_back(&round);
  }
  for (const contract::RoundSpec* round : unanswered) {
    const absl::StatusOr<bool> stored = steps_.answer(*round);
    if (!stored.ok()) Note(*round, stored.status(), first_error);
    has_unsent_ = has_unsent_ || stored.value_or(false);
  }
  return first_error;
}

void PacedAnswers::Note(const contract::RoundSpec& round, const absl::Status& status,
                        absl::Status& first_error) {
  Log(LogLevel::kError, "round not answered",
      {{"round", round.round_id}, {"error", std::string(status.message())}});
  if (IsFinal(status)) given_up_.insert(round.round_id);
  if (first_error.ok()) first_error = status;
}

}  // namespace waymark::node
