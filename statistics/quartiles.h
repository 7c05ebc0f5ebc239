// Quartiles of the councils' own figures: the spread over councils that stands beside a benchmark.
//
// Type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages" (1996), R's default and Excel's
// QUARTILE.INC: with the n values in order and h = (n − 1) p, the value at ⌊h⌋ and, linearly, the next. (A
// quantile of durations is another thing: statistics/binned.h.) Pure functions: thread-safe.
#ifndef WAYMARK_STATISTICS_QUARTILES_H_
#define WAYMARK_STATISTICS_QUARTILES_H_

#include <optional>
#include <vector>

namespace waymark::statistics {

struct Quartiles {
  double lowest = 0;
  double middle = 0;
  double highest = 0;
};

// The value at the share p, within [0, 1], of `sorted`: rising, and not empty.
double QuantileOfValues(const std::vector<double>& sorted, double p);

// Nothing where there are no values, or one is no finite number.
std::optional<Quartiles> QuartilesOf(std::vector<double> values);

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_QUARTILES_H_
