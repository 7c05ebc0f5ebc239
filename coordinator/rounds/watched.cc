// What councils see of rounds, and when they were heard of.
#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "coordinator/benchmark/stored.h"
#include "coordinator/rounds/asked.h"
#include "coordinator/rounds/rounds.h"
#include "coordinator/rounds/secure_round.h"
#include "proto/contract/revision.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kMostWatched = 100;
// That a council was heard of is written down no more often, but for each round that has opened since.
constexpr std::int64_t kNoteEvery_s = 10 * 60;
// A deadline is near in the last quarter of the round's time, and in its last three days at most.
constexpr std::int64_t kMostReminded_s = 3 * 24 * 60 * 60;

bool IsNear(const contract::RoundSpec& spec, std::int64_t now_unix_s) {
  const std::int64_t quarter = (spec.deadline_unix_s - spec.opens_unix_s) / 4;
  return spec.deadline_unix_s - now_unix_s <= std::min(quarter, kMostReminded_s);
}

}  // namespace

absl::StatusOr<std::vector<WatchedRound>> Rounds::Watch(absl::string_view council) {
  ASSIGN_OR_RETURN(const std::vector<Round> open, store_.Rounds(RoundState::kOpen));
  ASSIGN_OR_RETURN(std::vector<Round> late, store_.RoundsTakingLate(absl::ToUnixSeconds(clock_.Now())));
  std::set<std::string> seen;
  for (const Round& round : open) seen.insert(round.round_id);
  std::erase_if(late, [&](const Round& round) { return seen.contains(round.round_id); });
  std::vector<WatchedRound> watched;
  RETURN_IF_ERROR(AddWatched(council, open, watched));
  RETURN_IF_ERROR(AddWatched(council, late, watched));
  RETURN_IF_ERROR(NoteContact(council, watched));
  // What is answered makes room for what is not.
  std::size_t too_many = watched.size() > kMostWatched ? watched.size() - kMostWatched : 0;
  std::erase_if(watched, [&](const WatchedRound& round) {
    const bool goes = too_many > 0 && round.answered;
    too_many -= goes ? 1 : 0;
    return goes;
  });
  if (watched.size() > kMostWatched) watched.resize(kMostWatched);
  return watched;
}

absl::Status Rounds::AddWatched(absl::string_view council, const std::vector<Round>& rounds,
                                std::vector<WatchedRound>& watched) {
  const std::int64_t now_unix_s = absl::ToUnixSeconds(clock_.Now());
  for (const Round& round : rounds) {
    ASSIGN_OR_RETURN(contract::RoundSpec spec, SpecOf(round));
    if (now_unix_s < spec.opens_unix_s || now_unix_s >= contract::LateUntil(spec)) continue;
    if (!IsAsked(spec, council, library_)) continue;
    WatchedRound one;
    one.late = round.state == RoundState::kPublished || now_unix_s >= spec.deadline_unix_s;
    if (contract::IsSecure(spec)) {
      ASSIGN_OR_RETURN(one.answered, AllPartsAreSummed(spec, store_));
    } else {
      ASSIGN_OR_RETURN(const auto given, store_.FindRelease(round.round_id, council));
      one.answered = given.has_value();
    }
    one.reminder = !one.answered && !one.late && IsNear(spec, now_unix_s);
    one.spec = std::move(spec);
    watched.push_back(std::move(one));
  }
  return absl::OkStatus();
}

absl::Status Rounds::NoteContact(absl::string_view council, const std::vector<WatchedRound>& watched) {
  const std::int64_t now_unix_s = absl::ToUnixSeconds(clock_.Now());
  std::int64_t opened = 0;
  for (const WatchedRound& round : watched) opened = std::max(opened, round.spec.opens_unix_s);
  {
    absl::MutexLock lock(&mutex_);
    const auto noted = noted_.find(council);
    const bool is_fresh =
        noted != noted_.end() && noted->second >= opened && now_unix_s - noted->second < kNoteEvery_s;
    if (is_fresh) return absl::OkStatus();
  }
  RETURN_IF_ERROR(store_.NoteContact(council, now_unix_s));
  absl::MutexLock lock(&mutex_);
  noted_[std::string(council)] = now_unix_s;
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, v1::Absence>> Rounds::AddNotConnected(
    const Round& round, std::map<std::string, v1::Absence> declines) {
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, SpecOf(round));
  ASSIGN_OR_RETURN(const std::vector<Member> members, store_.Members());
  ASSIGN_OR_RETURN(const auto contacts, store_.Contacts());
  std::map<std::string, std::int64_t> heard(contacts.begin(), contacts.end());
  for (const Member& member : members) {
    // To enrol is to be heard of, too.
    const std::int64_t last = std::max(member.enrolled_unix_s, heard[member.council]);
    if (last < spec.opens_unix_s) declines.emplace(member.council, v1::ABSENCE_NOT_CONNECTED);
  }
  return declines;
}

}  // namespace waymark::coordinator
