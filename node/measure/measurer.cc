#include "node/measure/measurer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "catalogue/columns.h"
#include "node/measure/availability.h"
#include "node/measure/breakdown.h"
#include "node/measure/cohort.h"
#include "node/measure/contribution.h"
#include "node/measure/exact_figures.h"
#include "node/measure/member.h"
#include "node/measure/person_time.h"
#include "node/measure/quality_table.h"
#include "node/measure/tabulate.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

// What the tables of one window are made of.
struct Prepared {
  std::uint32_t window = 0;
  Availability availability;
  std::vector<Member> members;
  std::vector<PersonTime> times;  // TRANSITION
};

absl::Status NotListed(const v1::Metric& metric, const std::string& wanted, const std::string& listed) {
  return absl::InvalidArgumentError(absl::StrCat("metric ", metric.id(), " has no ", wanted,
                                                 "; it has: ", listed.empty() ? "none" : listed));
}

// The windows of which each makes tables. A survival entry has one table, whose window is 0.
absl::StatusOr<std::vector<std::uint32_t>> WindowsOf(const MeasureRequest& request) {
  const v1::Metric& metric = *request.metric;
  const auto& listed = metric.window_days();
  for (const std::uint32_t window : request.window_days) {
    if (std::find(listed.begin(), listed.end(), window) != listed.end()) continue;
    return NotListed(metric, absl::StrCat("window of ", window, " days"), absl::StrJoin(listed, ", "));
  }
  if (listed.empty() || metric.kind() == v1::METRIC_KIND_SURVIVAL) return std::vector<std::uint32_t>{0};
  if (!request.window_days.empty()) return request.window_days;
  return std::vector<std::uint32_t>(listed.begin(), listed.end());
}

absl::StatusOr<std::vector<v1::Unit>> UnitsOf(const MeasureRequest& request) {
  const v1::Metric& metric = *request.metric;
  std::vector<v1::Unit> listed;
  std::vector<absl::string_view> names;
  for (const int unit : metric.units()) {
    listed.push_back(static_cast<v1::Unit>(unit));
    names.push_back(contract::NameOf(listed.back()));
  }
  for (const v1::Unit unit : request.units) {
    if (std::find(listed.begin(), listed.end(), unit) != listed.end()) continue;
    return NotListed(metric, absl::StrCat("unit ", contract::NameOf(unit)), absl::StrJoin(names, ", "));
  }
  return request.units.empty() ? listed : request.units;
}

absl::StatusOr<Prepared> Prepare(const Journeys& journeys, const MeasureRequest& request,
                                 std::uint32_t window) {
  const v1::Metric& metric = *request.metric;
  Prepared prepared{.window = window,
                    .availability = Assess(journeys, metric, window, request.period),
                    .members = {},
                    .times = {}};
  if (!prepared.availability.can_be_measured()) return prepared;
  const Question question{metric, request.period, window, prepared.availability.until};
  if (metric.kind() == v1::METRIC_KIND_TRANSITION) {
    PersonTimes times = PersonTimesOf(journeys, question);
    prepared.members = std::move(times.members);
    prepared.times = std::move(times.times);
  } else {
    ASSIGN_OR_RETURN(prepared.members, CohortOf(journeys, question));
  }
  if (request.limit.has_value()) {
    LimitContributions(journeys, metric.cohort().base(), *request.limit, prepared.members);
  }
  return prepared;
}

// Why this one table cannot be made although the metric can be measured; "" where it can.
std::string MissingFor(const Journeys& journeys, const v1::Metric& metric, const Breakdown& breakdown,
                       v1::Unit unit) {
  if (unit == v1::UNIT_FAMILIES && !journeys.has_families()) return "no source says who is whose family";
  for (std::size_t i = 0; i < breakdown.fields.size(); ++i) {
    if (IsCarried(journeys, metric.cohort().base(), breakdown.fields[i])) continue;
    return absl::StrCat("no source carries the field \"", breakdown.dimensions[i], "\"");
  }
  return "";
}

void FillPersonTime(const Prepared& prepared, const Rows& rows, contract::Table& table) {
  for (std::size_t i = 0; i < prepared.members.size(); ++i) {
    const auto cells = CellsOf(prepared.times[prepared.members[i].first]);
    for (std::size_t column = 0; column < cells.size(); ++column) {
      table.At(rows.of_member[i], column) += cells[column];
    }
  }
}

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

absl::Status FillTable(const Journeys& journeys, const v1::Metric& metric, const Prepared& prepared,
                       const Breakdown& breakdown, Measured& measured) {
  contract::Table& table = measured.table;
  ASSIGN_OR_RETURN(Rows rows, RowsOf(journeys, metric, breakdown, prepared.members));
  table.rows = rows.names;
  if (table.rows.size() * table.columns.size() > contract::kMaxCells) {
    return absl::ResourceExhaustedError(
        absl::StrCat("metric ", metric.id(), " by ", absl::StrJoin(table.dimensions, "|"), ": more than ",
                     contract::kMaxCells, " cells; map the field to fewer categories"));
  }
  table.Resize();
  std::vector<Counted> counted;
  if (metric.kind() == v1::METRIC_KIND_TRANSITION) {
    FillPersonTime(prepared, rows, table);
  } else {
    counted = CountUnits(journeys, metric, table.unit, rows, prepared.members);
    FillCells(metric, counted, prepared.members, table);
    MarkMissingOutcomes(journeys, metric, table);
  }
  ASSIGN_OR_RETURN(measured.figures, ExactFiguresOf(metric, table, counted, prepared.members));
  return absl::OkStatus();
}

// One table; `measured.table` has its names.
absl::Status MeasureOne(const Journeys& journeys, const v1::Metric& metric, const Prepared& prepared,
                        const Breakdown& breakdown, Measured& measured) {
  measured.table.dimensions = breakdown.dimensions;
  measured.table.window_days = prepared.window;
  measured.completeness = prepared.availability.completeness;
  measured.reason = prepared.availability.reason;
  if (!prepared.availability.can_be_measured()) return absl::OkStatus();
  std::string missing = MissingFor(journeys, metric, breakdown, measured.table.unit);
  if (missing.empty()) return FillTable(journeys, metric, prepared, breakdown, measured);
  measured.completeness = Completeness::kNotAvailable;
  measured.reason = std::move(missing);
  return absl::OkStatus();
}

absl::Status CheckRequest(const MeasureRequest& request) {
  if (request.metric == nullptr) return absl::InvalidArgumentError("measure: expected a metric");
  if (request.limit.has_value() && (request.limit->members == 0 || request.limit->rank == nullptr)) {
    return absl::InvalidArgumentError("measure: a contribution limit needs at least 1 member and a rank");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<Measured>> Measure(const Journeys& journeys, const MeasureRequest& request) {
  RETURN_IF_ERROR(CheckRequest(request));
  const v1::Metric& metric = *request.metric;
  ASSIGN_OR_RETURN(const std::vector<std::uint32_t> windows, WindowsOf(request));
  ASSIGN_OR_RETURN(const std::vector<v1::Unit> units, UnitsOf(request));
  if (metric.kind() == v1::METRIC_KIND_QUALITY) return MeasureQuality(journeys, request, units);
  if (metric.kind() != v1::METRIC_KIND_TRANSITION) RETURN_IF_ERROR(CheckEntry(metric));

  std::vector<Breakdown> breakdowns(1);  // all members
  for (const std::string& text : request.breakdowns) {
    ASSIGN_OR_RETURN(Breakdown breakdown, ParseBreakdown(metric, text));
    breakdowns.push_back(std::move(breakdown));
  }
  std::vector<Prepared> prepared;
  for (const std::uint32_t window : windows) {
    ASSIGN_OR_RETURN(Prepared one, Prepare(journeys, request, window));
    prepared.push_back(std::move(one));
  }
  std::vector<Measured> all;
  for (const Breakdown& breakdown : breakdowns) {
    for (const Prepared& one : prepared) {
      for (const v1::Unit unit : units) {
        Measured measured;
        measured.table.metric = metric.id();
        measured.table.version = metric.version();
        measured.table.period = request.period.label;
        measured.table.unit = unit;
        measured.table.columns = catalogue::ColumnsOf(metric);
        RETURN_IF_ERROR(MeasureOne(journeys, metric, one, breakdown, measured));
        all.push_back(std::move(measured));
      }
    }
  }
  return all;
}

}  // namespace waymark::node
