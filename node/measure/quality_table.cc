#include "node/measure/quality_table.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "catalogue/columns.h"

namespace waymark::node {
namespace {

constexpr char kField[] = "field";

Measured QualityTable(const Journeys& journeys, const MeasureRequest& request, v1::Unit unit, bool by_field) {
  const v1::Metric& metric = *request.metric;
  Measured measured;
  contract::Table& table = measured.table;
  table.metric = metric.id();
  table.version = metric.version();
  table.period = request.period.label;
  table.unit = unit;
  if (by_field) table.dimensions = {kField};
  table.columns = catalogue::ColumnsOf(metric);
  if (journeys.records().quality.empty()) {
    measured.completeness = Completeness::kNotAvailable;
    measured.reason = "no source has been read";
    return measured;
  }
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> rows;
  for (const FieldQuality& field : journeys.records().quality) {
    auto& [complete, records] = rows[by_field ? field.field : ""];
    complete += field.complete;
    records += field.records;
  }
  for (const auto& [name, counts] : rows) table.rows.push_back(name);
  table.Resize();
  std::size_t row = 0;
  for (const auto& [name, counts] : rows) {
    table.At(row, 0) = counts.first;
    table.At(row, 1) = counts.second;
    ++row;
  }
  measured.figures = catalogue::FiguresOf(metric, table);
  return measured;
}

}  // namespace

absl::StatusOr<std::vector<Measured>> MeasureQuality(const Journeys& journeys, const MeasureRequest& request,
                                                     const std::vector<v1::Unit>& units) {
  const auto& listed = request.metric->breakdowns();
  std::vector<bool> by_field = {false};
  for (const std::string& breakdown : request.breakdowns) {
    if (breakdown != kField || std::find(listed.begin(), listed.end(), breakdown) == listed.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("metric ", request.metric->id(), " has no breakdown \"", breakdown,
                       "\"; it has: ", listed.empty() ? "none" : absl::StrJoin(listed, ", ")));
    }
    by_field.push_back(true);
  }
  std::vector<Measured> all;
  for (const bool field : by_field) {
    for (const v1::Unit unit : units) all.push_back(QualityTable(journeys, request, unit, field));
  }
  return all;
}

}  // namespace waymark::node
