// Which columns a metric's tables have, and what part each plays. Fixed by the entry's kind, so that every
// council's table of one metric and version has the same columns.
#ifndef WAYMARK_CATALOGUE_COLUMNS_H_
#define WAYMARK_CATALOGUE_COLUMNS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// Columns that are no outcome of an entry; an outcome may not have these ids.
inline constexpr absl::string_view kDenominator = "denominator";
inline constexpr absl::string_view kCensored = "censored";
inline constexpr absl::string_view kCount = "count";
inline constexpr absl::string_view kNumerator = "numerator";
inline constexpr absl::string_view kUnanswered = "unanswered";

// The classes of SCORE_CHANGE, in order.
inline constexpr std::array<absl::string_view, 3> kScoreChanges = {"improved", "same", "worse"};

// Before a state in the name of the column that holds the person-days spent in it.
inline constexpr absl::string_view kDaysPrefix = "days:";

// The states of TRANSITION, in order.
inline constexpr std::array<absl::string_view, 3> kStates = {"none", "early_help", "social_care"};

// PROPORTION  one column an outcome ("any", "1C"), then "denominator": every member; outcomes may overlap.
// One table a
//             window, or one with window_days 0 where the entry has none.
// MIX         one column a class; disjoint, and together every member. Windows as PROPORTION.
// DURATION    one column a bin, named by its upper edge "<7", …, and "+" for the last, open one; disjoint.
// SURVIVAL    for each bin one column an event kind (in the order of the outcomes) and one for those
// censored:
//             "social_care:<=7", "early_help:<=7", "censored:<=7", …, and "…:+" for the last, open one; each
//             member in exactly one, by when and how its follow-up ended; bins (lo, hi]. One table an entry,
//             with window_days 0: the entry's window_days are the days at which the curve is read.
// TRANSITION  moves "none>early_help", … (every ordered pair of different states), then "days:none", …
// QUALITY     "complete", "records"; the breakdown is "field".
// COUNT       "count": every member.
// SCORE_CHANGE "improved", "same", "worse": pairs of scores; disjoint.
// RATIO       "numerator", "denominator", in the smallest units of the entry's quantities (UnitsPerOne).
// SURVEY      one column an answer, then "unanswered"; a row a question, so that the sum over councils is the
//             distribution of their answers.
std::vector<std::string> ColumnsOf(const v1::Metric& metric);

// The base to which a thresholded table with base `rounding` rounds a column: person-days to the nearest
// max(100, 20 × rounding), everything else to the nearest `rounding`.
std::int64_t RoundingOf(absl::string_view column, std::int64_t rounding);

// How many of a quantity's smallest units, in which tables hold it, make one: 100 pence, 1,000 thousandths.
std::int64_t UnitsPerOne(v1::Ratio::Quantity quantity);

// In what a noised table's column is counted, and its noise: person-days by the period's length, of which
// nobody spends more in a state, everything else one by one. INVALID_ARGUMENT where the period cannot be
// read.
absl::StatusOr<std::int64_t> NoisedUnitOf(absl::string_view column, const std::string& period);

// Most cells of one row that one cohort member touches, each by 1: outcomes for a PROPORTION (one of yes and
// no for the first, and each further outcome), 1 for disjoint kinds, of TRANSITION its moves and the states
// between them (each in days of less than a period, which is one unit). Used for sensitivity. Of QUALITY it
// is any number: the loader refuses an entry that would leave.
std::uint32_t CellsTouchedByOneMember(const v1::Metric& metric);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_COLUMNS_H_
