#include "node/measure/person_time.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace waymark::node {
namespace {

std::size_t MoveColumn(State from, State to) {
  const auto origin = static_cast<std::size_t>(from);
  const auto destination = static_cast<std::size_t>(to);
  return origin * (kStates - 1) + destination - (destination > origin ? 1 : 0);
}

}  // namespace

bool AddPersonTime(const History& history, const Candidate& candidate, const Followed& followed,
                   Effect& effect) {
  const Day first = candidate.start;
  const Day stop = std::min(std::min(candidate.end, followed.until) + 1, history.FollowedBefore());
  const absl::Span<const Stretch> timeline = history.timeline();
  // The stretch of the day before the first, if that is counted: a move may come on the first day.
  std::size_t at = 0;
  while (at + 1 < timeline.size() && timeline[at + 1].from < first) ++at;
  bool any = false;
  std::uint32_t moves = 0;
  effect.amounts.fill(0);
  for (; at < timeline.size() && timeline[at].from < stop; ++at) {
    const Stretch& stretch = timeline[at];
    const Day end = std::min(stop, at + 1 < timeline.size() ? timeline[at + 1].from : kNoDay);
    const Day begin = std::max(first, stretch.from);
    if (begin >= end) continue;
    const bool is_move = at > 0 && stretch.from >= first;
    if (is_move && ++moves > followed.moves && followed.moves > 0) {
      effect.cut_short = true;
      break;
    }
    any = true;
    effect.amounts[kMoves + static_cast<std::size_t>(stretch.state)] += end - begin;
    if (is_move) ++effect.amounts[MoveColumn(timeline[at - 1].state, stretch.state)];
  }
  return any;
}

}  // namespace waymark::node
