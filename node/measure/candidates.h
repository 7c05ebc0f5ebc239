// The records (or persons) that the entries of one cohort base may count.
#ifndef WAYMARK_NODE_MEASURE_CANDIDATES_H_
#define WAYMARK_NODE_MEASURE_CANDIDATES_H_

#include <vector>

#include "absl/types/span.h"
#include "base/period.h"
#include "node/measure/counting.h"
#include "node/measure/history.h"
#include "node/measure/member.h"

namespace waymark::node {

// How many days after a social-care spell an early-help start still makes it a step-down to early help.
inline constexpr Day kStepDownDays = 30;
// How many days may lie between two of a family's early-help episodes in one spell.
inline constexpr Day kFamilySpellGapDays = 30;

// Adds one person's candidates, by day, without their categories: those whose event lies in `span`, which
// holds all the periods; of PERSON_TIME and OPEN for each period, on its first and on its last day. None of
// FAMILY_SPELLS_STARTED.
void AppendCandidates(const History& history, const Counting& counting, const Period& span,
                      absl::Span<const Period> periods, std::vector<Candidate>& candidates);

// Adds the spells of a family that start in `span`.
void AppendFamilySpells(absl::Span<const History> family, const Period& span,
                        std::vector<Candidate>& candidates);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_CANDIDATES_H_
