#include "node/measure/tabulate.h"

#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "catalogue/columns.h"
#include "node/measure/availability.h"
#include "node/measure/exact_figures.h"

namespace waymark::node {
namespace {

// A column whose field no source carries is not available; the others stand.
void MarkMissingOutcomes(const Journeys& journeys, const v1::Metric& metric, contract::Table& table) {
  if (metric.kind() != v1::METRIC_KIND_PROPORTION) return;
  const std::vector<bool> carried = CarriedOutcomes(journeys, metric);
  for (std::size_t column = 0; column < carried.size(); ++column) {
    if (carried[column]) continue;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      table.At(row, column) = 0;
      table.status[table.Index(row, column)] = v1::CELL_STATUS_NOT_AVAILABLE;
    }
  }
}

// Fills the table that stands at `place`, whatever its row.
absl::Status FillTable(const Counted& counted, const RowsAsked& asked, std::size_t job,
                       TableTally::Place place, Measured& measured) {
  const TableTally& tally = counted.counts.tallies[job];
  const auto& [work, row_of] = std::tie(counted.plan.jobs[job].work, counted.plan.jobs[job].shape.row_of);
  const v1::Metric& metric = asked.metric;
  contract::Table& table = measured.table;
  ASSIGN_OR_RETURN(const std::vector<NamedRow> rows,
                   RowsOf(asked, counted.counts.rows[work][row_of[place.breakdown]],
                          tally.RowsSeen(place.breakdown, place.slot), counted.names));
  if (rows.size() * table.columns.size() > contract::kMaxCells) {
    return absl::ResourceExhaustedError(
        absl::StrCat("metric ", metric.id(), " by ", absl::StrJoin(table.dimensions, "|"), ": more than ",
                     contract::kMaxCells, " cells; map the field to fewer categories"));
  }
  for (const NamedRow& row : rows) table.rows.push_back(row.name);
  table.Resize();
  ExactFigures exact(metric);
  TableTally::Row counts;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    place.row = rows[row].number;
    tally.Read(place, counts);
    for (std::size_t column = 0; column < counts.cells.size(); ++column) {
      table.At(row, column) = counts.cells[column];
    }
    if (!tally.has_days()) continue;
    RETURN_IF_ERROR(exact.Append(row, counts.days, measured.figures));
    if (row == 0) measured.figures.reserve(rows.size() * measured.figures.size());  // the others have as many
  }
  if (tally.has_days()) return absl::OkStatus();
  MarkMissingOutcomes(counted.journeys, metric, table);
  measured.figures = catalogue::FiguresOf(metric, table);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<Measured>> TablesOf(const Counted& counted, const MeasureRequest& request,
                                               const Plan::Source& source) {
  const v1::Metric& metric = *request.metric;
  const TallyShape& shape = counted.plan.jobs[source.first_job].shape;
  std::vector<Measured> all;
  for (std::size_t breakdown = 0; breakdown < shape.breakdowns.size(); ++breakdown) {
    for (std::size_t j = source.first_job; j < source.first_job + source.jobs; ++j) {
      const Job& job = counted.plan.jobs[j];
      const Availability& availability = job.availability[source.period];
      for (std::size_t unit = 0; unit < shape.units.size(); ++unit) {
        Measured& measured = all.emplace_back();
        measured.table.metric = metric.id();
        measured.table.version = metric.version();
        measured.table.period = request.period.label;
        measured.table.window_days = job.window;
        measured.table.unit = shape.units[unit];
        measured.table.dimensions = shape.breakdowns[breakdown].dimensions;
        measured.table.columns = catalogue::ColumnsOf(metric);
        measured.completeness = availability.completeness;
        measured.reason = availability.reason;
        if (!availability.can_be_measured()) continue;
        const std::string& missing = job.missing[breakdown * shape.units.size() + unit];
        if (!missing.empty()) {
          measured.completeness = Completeness::kNotAvailable;
          measured.reason = missing;
          continue;
        }
        measured.left_out = counted.counts.left_out[j][job.slots[source.period]];
        const TableTally::Place place{
            .breakdown = breakdown, .unit = unit, .slot = job.slots[source.period], .row = 0};
        RETURN_IF_ERROR(
            FillTable(counted, {metric, shape.breakdowns[breakdown], request.period}, j, place, measured));
      }
    }
  }
  return all;
}

}  // namespace waymark::node
