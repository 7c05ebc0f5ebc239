// What a metric counts: one episode, spell, referral, contact, step, or person.
#ifndef WAYMARK_NODE_MEASURE_MEMBER_H_
#define WAYMARK_NODE_MEASURE_MEMBER_H_

#include <array>
#include <cstdint>

#include "base/day.h"
#include "node/journey/journeys.h"
#include "node/measure/fields.h"

namespace waymark::node {

// A candidate belongs to every period that holds its event day, unless it was made for one period.
inline constexpr std::uint32_t kByEvent = 0xFFFFFFFF;

// What may be a member of the entries of one cohort base.
struct Candidate {
  PersonIndex person = 0;
  std::uint32_t first =
      0;  // the record whose fields it has: number in Records::episodes, referrals, contacts or steps
  std::uint32_t last = 0;  // the episode whose end reason it has
  Day start = 0;
  Day end = 0;                      // E; a referral or contact: its day; kNoDay: none yet
  Day event = 0;                    // the day that puts it into a period, and on which age is taken
  std::uint32_t period = kByEvent;  // number in the periods that AppendCandidates was given
  std::uint32_t step_down = 0;      // as StepDown
  Day spell_before = kNoDay;        // of a family's spell: the end of the one before; kNoDay: none
  // Its category (node/measure/categories.h) in each field that some entry of the base tests.
  std::array<std::uint8_t, kFields> tested{};
};

// The candidate's code in a field; kNoCode where it is nowhere.
inline Code CodeAt(const CodePlace& place, const Records& records, const Candidate& candidate) {
  // Not std::visit, which the compiler makes a call of a function by its address.
  if (const auto* code = std::get_if<Code Episode::*>(&place)) {
    return records.episodes[*code == &Episode::end_reason ? candidate.last : candidate.first].**code;
  }
  if (const auto* code = std::get_if<Code Person::*>(&place)) return records.persons[candidate.person].**code;
  if (const auto* code = std::get_if<Code Referral::*>(&place))
    return records.referrals[candidate.first].**code;
  if (const auto* code = std::get_if<Code Contact::*>(&place))
    return records.contacts[candidate.first].**code;
  if (const auto* code = std::get_if<Code Step::*>(&place)) return records.steps[candidate.first].**code;
  return kNoCode;
}

inline constexpr std::int32_t kCensored = -1;
// TRANSITION's columns: moves by origin and destination, then days by state.
inline constexpr std::size_t kMoves = static_cast<std::size_t>(kStates) * (kStates - 1);
inline constexpr std::size_t kTransitionCells = kMoves + kStates;

// What a member adds to its row. It adds to at least one cell.
struct Effect {
  // PROPORTION: bit i where outcome i happened. 63 outcomes at most.
  std::uint64_t outcomes = 0;
  // MIX, COUNT: the one column that it adds one to.
  std::uint32_t column = 0;
  // DURATION: days from start to end. SURVIVAL: days from end to the event or the end of follow-up.
  Day days = 0;
  // SURVIVAL: number of the outcome that came first; kCensored: none did.
  std::int32_t outcome = kCensored;
  // TRANSITION: to each column; days of one period, and moves on them.
  std::array<std::int32_t, kTransitionCells> amounts{};
  bool cut_short = false;  // TRANSITION: moved more often than is counted

  // All but the amounts, which are many and few entries have.
  void Clear() {
    outcomes = 0;
    column = 0;
    days = 0;
    outcome = kCensored;
    cut_short = false;
  }
};

// A candidate that counts in one period of one entry and window.
struct Member {
  std::uint32_t candidate = 0;  // its place among those of its family
  std::uint32_t slot = 0;       // the period's place among those measured together
  Effect effect;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_MEMBER_H_
