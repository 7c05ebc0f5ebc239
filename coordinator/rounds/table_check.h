// Whether the counts of thresholded tables can be what the rules that they state would give. It finds what a
// broken or lying node sends, not a lie that keeps to the rules.
#ifndef WAYMARK_COORDINATOR_ROUNDS_TABLE_CHECK_H_
#define WAYMARK_COORDINATOR_ROUNDS_TABLE_CHECK_H_

#include <string>
#include <vector>

#include "proto/contract/release.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// What is wrong with a table's own cells, as "row "M", column "any": …", or "". With threshold t and base b
// as the table states them: t is at least 1; a shown count is a multiple of b (person-days: of their own
// base), and its rounding leaves room for a truth above t (person-days: t × the period's days), [low] too; no
// outcome is above its denominator, nor leaves 1 to t of it; moves out of a state in which nobody spent a day
// are none. `given` has the columns of `metric`.
std::string WrongCounts(const v1::Metric& metric, const contract::ProtectedTable& given);

// What is wrong with what a council states of itself, or "": each row is one of the entry's answers, a 1 in
// its column and nothing else, or in the column of those that were not given.
std::string WrongStatement(const contract::ProtectedTable& given);

// What is wrong between a table and a breakdown of it (contract::IsMargin), or "": of episodes, rows that are
// shown must be able to add up to their whole; of other units, in which a member may be in several rows, no
// denominator may be above its whole's, and all of them together not below it.
std::string WrongMargin(const v1::Metric& metric, const contract::ProtectedTable& whole,
                        const contract::ProtectedTable& parts);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_TABLE_CHECK_H_
