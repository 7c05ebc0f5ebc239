// The records (or persons) that the entries of one cohort base may count.
#ifndef WAYMARK_NODE_MEASURE_CANDIDATES_H_
#define WAYMARK_NODE_MEASURE_CANDIDATES_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "base/period.h"
#include "node/measure/counting.h"
#include "node/measure/history.h"
#include "node/measure/member.h"

namespace waymark::node {

// How many days may lie between two of a family's early-help episodes in one spell.
inline constexpr Day kFamilySpellGapDays = 30;

// Adds one person's candidates, by day, without their categories: those whose event lies in `span`, which
// holds all the periods; of OPEN for each period, on its last day. None of PERSON_TIME and
// FAMILY_SPELLS_STARTED.
void AppendCandidates(const History& history, const Counting& counting, const Period& span,
                      absl::Span<const Period> periods, std::vector<Candidate>& candidates);

// Periods that follow each other by number. On all their days, and on the day before each, a person was
// followed and in one state, and the age band on their first days is the same.
struct WholePeriods {
  Candidate candidate = {};  // of the first of them
  std::uint32_t end = 0;     // the number after that of the last
  State state = State::kNone;
  Day same_age_until = kNoDay;  // from the candidate's event on
};

// Adds a person's candidates of PERSON_TIME, one for each period, on its first day; to `whole` instead where
// a period is one of WholePeriods and `may_be_whole`, by period, is not 0 (empty: for none).
void AppendPersonTime(const History& history, absl::Span<const Period> periods,
                      absl::Span<const Day> may_be_whole, std::vector<Candidate>& candidates,
                      std::vector<WholePeriods>& whole);

// Adds the spells of a family that start in `span`.
void AppendFamilySpells(absl::Span<const History> family, const Period& span,
                        std::vector<Candidate>& candidates);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_CANDIDATES_H_
