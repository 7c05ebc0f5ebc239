#include "node/measure/quality_table.h"

#include <map>
#include <string>
#include <utility>

#include "base/status.h"
#include "node/measure/home_table.h"

namespace waymark::node {
namespace {

void Fill(const Journeys& journeys, contract::Table& table) {
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> rows;
  for (const FieldQuality& field : journeys.records().quality) {
    auto& [complete, records] = rows[table.dimensions.empty() ? "" : field.field];
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
}

}  // namespace

absl::StatusOr<std::vector<Measured>> MeasureQuality(const Journeys& journeys, const MeasureRequest& request,
                                                     const std::vector<v1::Unit>& units) {
  ASSIGN_OR_RETURN(const auto breakdowns, DimensionsOf(request));
  Availability availability;
  if (journeys.records().quality.empty())
    availability = {.completeness = Completeness::kNotAvailable, .reason = "no source has been read"};
  std::vector<Measured> all;
  for (const std::vector<std::string>& dimensions : breakdowns) {
    for (const v1::Unit unit : units) {
      Measured& measured = all.emplace_back(EmptyTable(request, unit, dimensions, availability));
      if (!availability.can_be_measured()) continue;
      Fill(journeys, measured.table);
      measured.figures = catalogue::FiguresOf(*request.metric, measured.table);
    }
  }
  return all;
}

}  // namespace waymark::node
