// Metric kind TRANSITION: moves between states, and the days spent in each.
//
// For every day d of the period that a person is followed, the state s(d) is the highest open level (social
// care, else early help, else none) and adds one day to s(d). A day in none counts only from the day of the
// person's first closure of early help or social care. A move is counted on d where s(d) differs from s(d −
// 1), both counted; d − 1 may be the day before the period. A person is followed up to the extract date, and
// up to the day before a death or the 18th birthday: leaving by growing up or dying is no move.
#ifndef WAYMARK_NODE_MEASURE_PERSON_TIME_H_
#define WAYMARK_NODE_MEASURE_PERSON_TIME_H_

#include "node/measure/history.h"
#include "node/measure/member.h"

namespace waymark::node {

// One person's cells of a period in the columns' order (moves by origin and destination, then days), on
// records that are followed up to `until`. False where there is no day and so no move.
bool AddPersonTime(const History& history, const Candidate& candidate, Day until, Effect& effect);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_PERSON_TIME_H_
