// The terms of a formula, looked up and added. For figures.cc and expected.cc.
#ifndef WAYMARK_PUBLISHED_TERMS_H_
#define WAYMARK_PUBLISHED_TERMS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "published/figures.h"
#include "statistics/regression.h"

namespace waymark::published {

// One term for one area.
struct TermValue {
  bool found = false;                // some candidate is published for the area, if only as "suppressed"
  std::optional<double> value = {};  // where shown
  v1::FigureStatus status = v1::FIGURE_STATUS_NOT_AVAILABLE;
  std::size_t candidate = 0;        // which one was taken
  std::vector<Input> inputs = {};   // of it
  std::vector<Day> last_days = {};  // of each input's year
  std::string missing = {};         // where not found: what was looked for
};

// The first candidate whose values are all shown; where there is none, the first of which all are published
// in some way. Each value is the latest of a year that ended on or before `until`.
TermValue ValueOf(const Sources& sources, const v1::PublishedFormula::Term& term, absl::string_view area,
                  Day until);

// The same candidate and years as `like`, of another area, so that areas are compared in one year.
TermValue ValueLike(const Sources& sources, const v1::PublishedFormula::Term& term, absl::string_view area,
                    const TermValue& like);

// The parts of a formula over its denominator.
struct Quotient {
  std::vector<TermValue> parts;
  TermValue denominator;
  bool partial = false;             // some part is not found
  std::optional<double> numerator;  // of the parts that are found
  std::optional<double> value;      // × per
  v1::FigureStatus status = v1::FIGURE_STATUS_SHOWN;
};

// `like`, where not null, as in ValueLike.
Quotient QuotientOf(const Sources& sources, const v1::PublishedFormula& formula, absl::string_view area,
                    Day until, const Quotient* like = nullptr);

// An entry's figure against what goes with it, over all authorities in the years of the area that is asked
// about.
struct ExpectedLine {
  Quotient actual;  // of the area
  TermValue against;
  TermValue weight;
  absl::StatusOr<statistics::FittedLine> weighted;
  absl::StatusOr<statistics::FittedLine> unweighted;
};

// `metric` has `expected`, whose entry `of` is.
ExpectedLine ExpectedLineFor(const Sources& sources, const v1::Metric& metric, const v1::Metric& of,
                             absl::string_view area, Day until);

void AppendInputs(const TermValue& term, Answer& answer);

// An entry's figure against what goes with it. For FiguresFor.
Answer ExpectedFor(const Sources& sources, const v1::Metric& metric, absl::string_view area, Day until);

}  // namespace waymark::published

#endif  // WAYMARK_PUBLISHED_TERMS_H_
