// Shorthand for tests that measure a few hand-made histories with the catalogue's own entries.
#ifndef WAYMARK_TESTS_UNIT_NODE_MEASURE_MEASURING_H_
#define WAYMARK_TESTS_UNIT_NODE_MEASURE_MEASURING_H_

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/library.h"
#include "node/measure/measurer.h"
#include "tests/unit/node/journey/records_builder.h"

namespace waymark::node {

inline const v1::Metric& Entry(const std::string& id) {
  static const auto* const kLibrary = new catalogue::Library(catalogue::Library::Load("catalogue").value());
  const v1::Metric* entry = kLibrary->Find(id);
  return entry == nullptr ? v1::Metric::default_instance() : *entry;
}

struct Asked {
  std::string period = "2024-25";
  std::uint32_t window = 0;  // 0: the first of the entry
  v1::Unit unit = v1::UNIT_EPISODES;
  std::string breakdown = "";
  std::optional<ContributionLimit> limit = {};
};

// The one table that is asked for.
inline Measured MeasureOne(const Journeys& journeys, const v1::Metric& entry, const Asked& asked = {}) {
  MeasureRequest request{
      .metric = &entry, .period = ParsePeriod(asked.period).value(), .units = {asked.unit}};
  if (!asked.breakdown.empty()) request.breakdowns = {asked.breakdown};
  if (asked.window != 0) request.window_days = {asked.window};
  request.limit = asked.limit;
  const std::vector<Measured> all = Measure(journeys, request).value();
  // Breakdowns come after "all", windows within each.
  return asked.breakdown.empty() ? all.front() : all[all.size() / 2];
}
inline Measured MeasureOne(const Journeys& journeys, const std::string& metric, const Asked& asked = {}) {
  return MeasureOne(journeys, Entry(metric), asked);
}

// A cell; -1 where there is none of that name.
inline std::int64_t Cell(const Measured& measured, const std::string& column, const std::string& row = "") {
  const contract::Table& table = measured.table;
  const auto r = std::find(table.rows.begin(), table.rows.end(), row);
  const auto c = std::find(table.columns.begin(), table.columns.end(), column);
  if (r == table.rows.end() || c == table.columns.end()) return -1;
  return table.At(static_cast<std::size_t>(r - table.rows.begin()),
                  static_cast<std::size_t>(c - table.columns.begin()));
}

// "numerator/denominator" of a proportion.
inline std::string Share(const Journeys& journeys, const std::string& metric, const Asked& asked = {},
                         const std::string& column = "any") {
  const Measured measured = MeasureOne(journeys, metric, asked);
  return std::to_string(Cell(measured, column)) + "/" + std::to_string(Cell(measured, "denominator"));
}

// The value of a figure of the first row; nothing where it has none.
inline std::optional<double> FigureOf(const Measured& measured, const std::string& quantity) {
  for (const catalogue::RowFigure& figure : measured.figures) {
    if (figure.row == 0 && figure.quantity == quantity) return figure.value;
  }
  return std::nullopt;
}

}  // namespace waymark::node

#endif  // WAYMARK_TESTS_UNIT_NODE_MEASURE_MEASURING_H_
