// Figures made of published statistics, by an entry's formula: metrics of kind PUBLISHED, and rates of
// what a council counts itself. Each figure comes with every value that went into it: file, line, year, and
// whether it stands in for another.
#ifndef WAYMARK_PUBLISHED_FIGURES_H_
#define WAYMARK_PUBLISHED_FIGURES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/day.h"
#include "catalogue/figures.h"
#include "catalogue/library.h"
#include "published/collection.h"
#include "published/mapping.h"

namespace waymark::published {

// A published value that a figure uses, or would use had it been published.
struct Input {
  std::string term;     // id of the formula's term
  std::string measure;  // id
  std::string title;    // the measure's
  std::string unit;
  std::string year;  // "2024-25", "30 June 2024"
  std::optional<double> value;
  v1::FigureStatus status = v1::FIGURE_STATUS_SHOWN;
  std::string note;        // why the value is rejected
  std::string substitute;  // how it differs from what is asked for; "" where it does not
  std::string file;        // name without folder
  std::int64_t line = 0;
};

// What an entry gives for one area. Rows of figures are 0: there is no breakdown.
struct Answer {
  std::string period;                         // the year of the first input; "" where nothing was found
  std::vector<catalogue::RowFigure> figures;  // empty where nothing can be computed
  std::vector<Input> inputs;                  // in the formula's order
  std::vector<std::string> missing;           // what the formula needs and no file has, a sentence each
  std::string note;                           // how an expected value was found
};

// Everything that figures are made from. All outlive it.
struct Sources {
  const catalogue::Library& library;
  const Mapping& mapping;
  const Collection& collection;
};

// The figures of an entry of kind PUBLISHED for the area of that ONS code, from values of years that ended on
// or before `until`, each the latest. An entry of one part and no denominator: "value". Else each part (by
// its id) and "total", or "partial_total" where parts are missing. With `expected`: "actual", "expected" and
// "gap", weighted and, as "expected_unweighted" and "gap_unweighted", not. A figure that needs a value which
// is not shown has its status.
Answer FiguresFor(const Sources& sources, const v1::Metric& metric, absl::string_view area, Day until);

// "rate", with Byar's interval: of an entry of kind COUNT, over its published population.
Answer RateFor(const Sources& sources, const v1::Metric& metric, absl::string_view area, Day until,
               double numerator);

}  // namespace waymark::published

#endif  // WAYMARK_PUBLISHED_FIGURES_H_
