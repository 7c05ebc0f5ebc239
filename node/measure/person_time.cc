#include "node/measure/person_time.h"

#include <algorithm>

#include "node/measure/follow_up.h"

namespace waymark::node {
namespace {

constexpr int kUncounted = -1;  // in none, before the first closure

int StateAt(const Journeys& journeys, PersonIndex person, Day first_closure, Day day) {
  const State state = journeys.StateOn(person, day);
  return state == State::kNone && day < first_closure ? kUncounted : static_cast<int>(state);
}

// The first day after `day` on which the state may change.
Day NextChange(const Journeys& journeys, PersonIndex person, Day first_closure, Day day) {
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
  consider_all(journeys.episodes(person, Level::kEarlyHelp));
  consider_all(journeys.social_care(person));
  consider(first_closure);
  return next;
}

bool IsAny(const PersonTime& time) {
  // A move ends in a day of the state moved to.
  return std::any_of(time.days.begin(), time.days.end(), [](std::int64_t days) { return days > 0; });
}

}  // namespace

PersonTimes PersonTimesOf(const Journeys& journeys, const Question& question) {
  const Day first = question.period.first;
  PersonTimes result;
  for (PersonIndex person = 0; person < journeys.persons(); ++person) {
    const Person& who = journeys.person(person);
    const Day followed = std::min(question.period.last, question.until) + 1;
    const Day stop = std::min({followed, who.death, EighteenthBirthday(who)});
    const Day first_closure = journeys.FirstClosure(person);
    PersonTime time;
    int before = StateAt(journeys, person, first_closure, first - 1);
    for (Day day = first; day < stop;) {
      const int state = StateAt(journeys, person, first_closure, day);
      const Day next = std::min(stop, NextChange(journeys, person, first_closure, day));
      if (state != kUncounted) {
        const auto to = static_cast<std::size_t>(state);
        time.days[to] += next - day;
        if (before != kUncounted && before != state) ++time.moves[static_cast<std::size_t>(before)][to];
      }
      before = state;
      day = next;
    }
    if (!IsAny(time)) continue;
    result.members.push_back({.person = person,
                              .first = static_cast<std::uint32_t>(result.times.size()),
                              .start = first,
                              .end = question.period.last,
                              .event = first});
    result.times.push_back(time);
  }
  return result;
}

std::array<std::int64_t, kStates * kStates> CellsOf(const PersonTime& time) {
  std::array<std::int64_t, kStates * kStates> cells{};
  std::size_t column = 0;
  for (std::size_t from = 0; from < kStates; ++from) {
    for (std::size_t to = 0; to < kStates; ++to) {
      if (from != to) cells[column++] = time.moves[from][to];
    }
  }
  for (const std::int64_t days : time.days) cells[column++] = days;
  return cells;
}

}  // namespace waymark::node
