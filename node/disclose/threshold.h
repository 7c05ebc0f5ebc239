// Statistical disclosure control of one exact table: primary suppression, group disclosure, rounding.
// What margins and earlier releases would give away of it is hidden afterwards (audit.h).
//
// With threshold t and base b, on each row by itself:
//
// - PROPORTION, QUALITY: a denominator of 1 to t suppresses its whole row, zeros included: "0% of a small
//   group" tells of each of its members, and so does 100%. A numerator is suppressed where it, or its
//   complement (denominator − numerator), is 1 to t.
// - MIX, DURATION, SURVIVAL: the row's total plays the denominator's part and every cell a numerator's. The
//   total itself is not in the table: whoever wants it adds up the rounded cells. The table "all" is
//   protected by itself, not added up from a breakdown.
// - SURVIVAL: where a bin of a row is suppressed, all are: without it there is no curve, and what is left
//   would only tell in which weeks nothing happened to anybody.
// - TRANSITION: moves of 1 to t are suppressed. A person can spend at most the period's length L in a state,
//   so person-days of 1 to t·L may be t people's or fewer: they are suppressed, and every move out of that
//   state with them. Moves out of a state in which nobody spent a day are suppressed too.
//
// - Dominance, (n, k) = (2, 90%) and p% with p = 10: a count, person-days apart, of which two families may
//   have 90% is suppressed. How a count is shared out is not measured; that f families are in it is, and so
//   two of them have n − (f − 2) at most. A row's rest (complement) is not looked at.
//
// Zero is shown, apart from that. What remains is rounded to the nearest b (half upwards), person-days to the
// nearest max(100, 20·b); what is not zero and rounds to zero is [low]. Suppressed cells carry one status,
// whatever the rule. Sources: NHS and DfE statistics' disclosure control; SACRO/ACRO guide ("zeros are
// disclosive"); dominance: ACRO's defaults.
#ifndef WAYMARK_NODE_DISCLOSE_THRESHOLD_H_
#define WAYMARK_NODE_DISCLOSE_THRESHOLD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/contract/table.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

struct ThresholdRule {
  std::int64_t threshold = 7;  // t, at least 1
  std::int64_t rounding = 5;   // b, at least 1; 1: none
};

// What happened to a cell; for the council's eyes only, since it tells more than the released status.
enum class CellRule : std::uint8_t {
  kShown,        // as it is
  kRounded,      // to the nearest b
  kRoundedDays,  // person-days, to the nearest max(100, 20·b)
  kRoundsToZero,
  kSmallCount,       // 1 to t
  kSmallComplement,  // the rest of its group is 1 to t
  kSecondary,        // something else that is suppressed could be worked out from it
  kSmallGroup,       // its group is 1 to t, or cannot be shown to be larger
  kNoCurve,          // another bin of its row is suppressed
  kDominance,        // two families may have 90% of it
  kHiddenBefore,     // a correction: it was hidden in what left before
  kPassedOn,         // was not shown in the exact table: not applicable, not available
};
// "count of 1 to 7", … in words.
std::string DescribeRule(CellRule rule, const ThresholdRule& limits);

// What a shown count tells of the truth, and what anybody knows of one that is suppressed as a small count.
// Person-days are told by their column's name; `days` is the period's length.
struct CellLimits {
  std::int64_t threshold = 0;  // 1 to this is suppressed
  std::int64_t rounding = 1;
};
CellLimits LimitsOf(absl::string_view column, const ThresholdRule& limits, std::int64_t days);

struct ThresholdedTable {
  contract::Table table;
  std::vector<CellRule> rules;  // row-major, one a cell
};

// `people`: with the same rows and columns, how many families (or, where none are known, children) each count
// is of; null: each member counts once. INTERNAL where `exact` does not have the columns of `metric`, or
// holds what no count can be (negative, a numerator above its denominator): nothing of it may leave. Pure;
// thread-safe.
absl::StatusOr<ThresholdedTable> ProtectThresholded(const v1::Metric& metric, const contract::Table& exact,
                                                    const ThresholdRule& limits,
                                                    const contract::Table* people = nullptr);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_THRESHOLD_H_
