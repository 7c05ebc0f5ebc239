#include "node/measure/person_time.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace waymark::node {
namespace {

constexpr int kUncounted = -1;  // in none, before the first closure

struct PersonTime {
  // [from][to], both as State.
  std::array<std::array<std::int64_t, kStates>, kStates> moves{};
  std::array<std::int64_t, kStates> days{};
};

int StateAt(const History& history, Day first_closure, Day day) {
  const State state = history.journeys().StateOn(history.index(), day);
  return state == State::kNone && day < first_closure ? kUncounted : static_cast<int>(state);
}

// The first day after `day` on which the state may change.
Day NextChange(const History& history, Day first_closure, Day day) {
  Day next = kNoDay;
  const auto consider = [&next, day](Day change) {
    if (change > day) next = std::min(next, change);
  };
  const auto consider_all = [&consider](auto spells) {
    for (const auto& spell : spells) {
      consider(spell.start);
      consider(std::max(spell.end, spell.start + 1));  // a spell of one day is open on it
    }
  };
  consider_all(history.episodes(Level::kEarlyHelp));
  consider_all(history.social_care());
  consider(first_closure);
  return next;
}

bool IsAny(const PersonTime& time) {
  // A move ends in a day of the state moved to.
  return std::any_of(time.days.begin(), time.days.end(), [](std::int64_t days) { return days > 0; });
}

// The columns' order: moves by origin and destination, then days.
std::array<std::int64_t, kTransitionCells> CellsOf(const PersonTime& time) {
  std::array<std::int64_t, kTransitionCells> cells{};
  std::size_t column = 0;
  for (std::size_t from = 0; from < kStates; ++from) {
    for (std::size_t to = 0; to < kStates; ++to) {
      if (from != to) cells[column++] = time.moves[from][to];
    }
  }
  for (const std::int64_t days : time.days) cells[column++] = days;
  return cells;
}

}  // namespace

bool AddPersonTime(const History& history, const Candidate& candidate, Day until, Effect& effect) {
  const Day first = candidate.start;
  const Day followed = std::min(candidate.end, until) + 1;
  const Day stop = std::min({followed, history.person().death, history.EighteenthBirthday()});
  const Day first_closure = history.journeys().FirstClosure(history.index());
  PersonTime time;
  int before = StateAt(history, first_closure, first - 1);
  for (Day day = first; day < stop;) {
    const int state = StateAt(history, first_closure, day);
    const Day next = std::min(stop, NextChange(history, first_closure, day));
    if (state != kUncounted) {
      const auto to = static_cast<std::size_t>(state);
      time.days[to] += next - day;
      if (before != kUncounted && before != state) ++time.moves[static_cast<std::size_t>(before)][to];
    }
    before = state;
    day = next;
  }
  if (!IsAny(time)) return false;
  effect.amounts = CellsOf(time);
  return true;
}

}  // namespace waymark::node
