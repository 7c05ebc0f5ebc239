// Metric kind TRANSITION: moves between states, and the days spent in each.
//
// For every day d of the period that a person is followed, the state s(d) is the highest open level (social
// care, else early help, else none) and adds one day to s(d). A day in none counts only from the day of the
// person's first closure of early help or social care. A move is counted on d where s(d) differs from s(d −
// 1), both counted; d − 1 may be the day before the period. A person is followed up to the extract date, and
// up to the day before a death or the 18th birthday: leaving by growing up or dying is no move. Where moves
// are bounded, also to the day before the one that would be too many: a stop that depends on what came before
// alone, so that moves and days stay in proportion.
#ifndef WAYMARK_NODE_MEASURE_PERSON_TIME_H_
#define WAYMARK_NODE_MEASURE_PERSON_TIME_H_

#include <cstdint>

#include "node/measure/history.h"
#include "node/measure/member.h"

namespace waymark::node {

// To what a person is followed: the day `until`, and at most so many moves; 0: any number.
struct Followed {
  Day until = 0;
  std::uint32_t moves = 0;
};

// One person's cells of a period in the columns' order (moves by origin and destination, then days). False
// where there is no day and so no move.
bool AddPersonTime(const History& history, const Candidate& candidate, const Followed& followed,
                   Effect& effect);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_PERSON_TIME_H_
