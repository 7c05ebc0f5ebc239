// Reporting periods: the spans of days over which figures are made.
#ifndef WAYMARK_BASE_PERIOD_H_
#define WAYMARK_BASE_PERIOD_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/day.h"

namespace waymark {

struct Period {
  std::string label;  // as ParsePeriod takes it, canonical
  Day first = 0;      // first day of the period
  Day last = 0;       // last day, included

  bool Contains(Day day) const { return first <= day && day <= last; }
  bool Overlaps(const Period& other) const { return first <= other.last && other.first <= last; }
  int days() const { return last - first + 1; }
  friend bool operator==(const Period&, const Period&) = default;
};

// Accepted forms:
//   "2024-25"                  financial year, 1 April 2024 to 31 March 2025
//   "2024-25-Q1"               quarter of the financial year (Q1 = April to June)
//   "2024"                     calendar year
//   "2024-01-01..2024-06-30"   any span of at most ten years
// INVALID_ARGUMENT otherwise; the message lists the forms.
absl::StatusOr<Period> ParsePeriod(absl::string_view text);

// The financial year that holds `day`, and the quarter of it that does.
Period FinancialYearOf(Day day);
Period FinancialQuarterOf(Day day);

// Quarters by number, one after another: that of January to March 1900 is 0. The number of the quarter that
// holds `day`, and the quarter of a number.
int QuarterNumberOf(Day day);
Period QuarterNumbered(int number);

// The financial quarters that lie wholly inside `period`, in order.
std::vector<Period> QuartersWithin(const Period& period);

}  // namespace waymark

#endif  // WAYMARK_BASE_PERIOD_H_
