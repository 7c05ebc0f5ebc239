// From a table's cells to the figures that people read. The same code makes a council's own figure and the
// benchmark.
#ifndef WAYMARK_CATALOGUE_FIGURES_H_
#define WAYMARK_CATALOGUE_FIGURES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "proto/contract/table.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// One figure of one row of a table. A number that does not exist (a rate over nobody, a median beyond the
// last follow-up) is absent, and `status` says why.
struct RowFigure {
  std::size_t row = 0;
  std::string quantity;  // an outcome or class id, "median", "survival_183", "none>early_help"
  v1::FigureStatus status = v1::FIGURE_STATUS_SHOWN;
  std::optional<double> numerator;  // as counted
  std::optional<double> denominator;
  std::optional<double> value;  // in the metric's display unit
  std::optional<double> lower;  // 95% interval of sampling alone
  std::optional<double> upper;
};

// All figures of all rows, rows in order, quantities in the catalogue's order.
std::vector<RowFigure> FiguresOf(const v1::Metric& metric, const contract::Table& table);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_FIGURES_H_
