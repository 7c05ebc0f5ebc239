// One term of a formula, looked up. For figures.cc and expected.cc.
#ifndef WAYMARK_PUBLISHED_TERMS_H_
#define WAYMARK_PUBLISHED_TERMS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "published/figures.h"

namespace waymark::published {

struct TermValue {
  bool found = false;           // some candidate is published for the area, if only as "suppressed"
  std::optional<double> value;  // where shown
  v1::FigureStatus status = v1::FIGURE_STATUS_NOT_AVAILABLE;
  std::vector<Input> inputs;   // of the candidate taken
  std::vector<Day> last_days;  // of each input's year
  std::string missing;         // where not found: what was looked for
};

// The first candidate whose values are all shown; where there is none, the first of which all are published
// in some way. `last_days`, where not null, are the ends of the years to be taken (those of another area's
// same term), so that areas are compared in one year.
TermValue ValueOf(const Sources& sources, const v1::PublishedFormula::Term& term, absl::string_view area,
                  Day until, const TermValue* same_years = nullptr);

// 34 against what goes with it.
Answer ExpectedFor(const Sources& sources, const v1::Metric& metric, absl::string_view area, Day until);

// Suppressed before not available before not applicable before low before shown.
v1::FigureStatus Worse(v1::FigureStatus a, v1::FigureStatus b);

}  // namespace waymark::published

#endif  // WAYMARK_PUBLISHED_TERMS_H_
