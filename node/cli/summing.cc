#include "node/cli/summing.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "node/site/awaiting.h"

namespace waymark::node {
namespace {

constexpr std::size_t kLastStep = 4;

}  // namespace

absl::StatusOr<SumSession*> Summing::SessionOf(const contract::RoundSpec& spec) {
  const auto known = sessions_.find(spec.round_id);
  if (known != sessions_.end()) return known->second.get();
  ASSIGN_OR_RETURN(const SumOffer offer, link_.JoinSum(spec.round_id));
  ASSIGN_OR_RETURN(const contract::RosterEpoch roster, book_.Current(clock_.Now()));
  ASSIGN_OR_RETURN(JourneyTables tables, JourneyTables::Load(site_, spec.items));
  auto made = workplace_.door().Sum(spec, offer, roster, tables);
  // What a rule or the data refuse stays refused: the sources are not read for it again.
  if (absl::IsFailedPrecondition(made.status())) sessions_.emplace(spec.round_id, nullptr);
  if (absl::IsAlreadyExists(made.status())) {
    return absl::AbortedError(
        "this node was in the session before it was started again; it waits for another one");
  }
  ASSIGN_OR_RETURN(auto session, std::move(made));
  Log(LogLevel::kInfo, "secure session joined", {{"round", spec.round_id}});
  joined_.insert(spec.round_id);
  return sessions_.emplace(spec.round_id, std::move(session)).first->second.get();
}

absl::Status Summing::Advance(const contract::RoundSpec& spec) {
  ASSIGN_OR_RETURN(SumSession* const session, SessionOf(spec));
  while (session != nullptr) {
    const auto reply = link_.Step(*session);
    absl::Status status = reply.status();
    if (status.ok() && !reply->has_value()) return absl::OkStatus();
    const bool is_done = status.ok() && session->step() == kLastStep;
    if (status.ok() && !is_done) status = session->GoOn(**reply);
    if (is_done) {
      Log(LogLevel::kInfo, "secure sum made", {{"round", spec.round_id}});
      ForgetAwaiting(site_.configuration, spec.round_id);
      sessions_[spec.round_id] = nullptr;
      return absl::OkStatus();
    }
    if (status.ok()) continue;
    // A coordinator that cannot be reached may come back with the session; everything else ends it here.
    if (!absl::IsUnavailable(status)) sessions_.erase(spec.round_id);
    return status;
  }
  return absl::OkStatus();
}

void Summing::KeepOnly(const std::vector<WatchedRound>& open) {
  std::erase_if(sessions_, [&](const auto& entry) {
    return std::none_of(open.begin(), open.end(), [&](const WatchedRound& round) {
      return round.spec.round_id == entry.first && !round.answered;
    });
  });
}

bool Summing::IsBusy() const {
  return std::any_of(sessions_.begin(), sessions_.end(),
                     [](const auto& entry) { return entry.second != nullptr; });
}

}  // namespace waymark::node
