// An entry's parts in plain English, made from its fields, so that what people read is what is computed.
#ifndef WAYMARK_CATALOGUE_WORDING_H_
#define WAYMARK_CATALOGUE_WORDING_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// What is counted: "early-help episodes that ended in the period; none of social care open on the day of the
// end; …".
std::string CohortInWords(const v1::Metric& metric);

// The rule by which a member has the outcome: "early help started later than the end and at most the window
// after it".
std::string OutcomeInWords(const v1::Metric& metric, const v1::Outcome& outcome);

// What the figure is divided by: the cohort, or the kind's own denominator.
std::string DenominatorInWords(const v1::Metric& metric);

// "183 and 365 days"; "none".
std::string WindowsInWords(const v1::Metric& metric);

// "low is better", "neutral: never ranked".
std::string DirectionInWords(v1::Direction direction);

// The lists of an entry as words: "episodes", "thresholded".
std::vector<std::string> UnitNamesOf(const v1::Metric& metric);
std::vector<std::string> ModeNamesOf(const v1::Metric& metric);
// "thresholded, noised"; says so where there are none.
std::string ModesInWords(const v1::Metric& metric);

// ", each followed to the day before its move number 3 in the period" where a noised table bounds moves.
std::string FollowedInWords(const v1::Metric& metric);

// A quantity of the entry's figures in words: an outcome's title, "without an event after 183 days", "moves
// from none to early help".
std::string QuantityTitle(const v1::Metric& metric, absl::string_view quantity);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_WORDING_H_
