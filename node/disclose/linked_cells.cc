#include "node/disclose/linked_cells.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/period.h"
#include "base/status.h"
#include "node/disclose/cell_laws.h"

namespace waymark::node {
namespace {

using statistics::Range;
using statistics::ReleaseCell;

// Zeros are poor to hide: whoever knows that nobody can be there is not misled.
constexpr std::int64_t kCostOfZero = 10;
// In thresholds: what is larger than this no move makes small (statistics/audit/movement.h).
constexpr std::int64_t kFar = 16;

bool IsSmall(std::int64_t count, std::int64_t threshold) {
  return count >= 1 && count <= threshold;
}

class Linker {
 public:
  explicit Linker(const std::vector<LinkedTable>& tables) : tables_(tables) {}

  absl::StatusOr<LinkedCells> Link() {
    curves_tell_ = std::any_of(tables_.begin(), tables_.end(), ShowsACurve);
    for (const LinkedTable& table : tables_) RETURN_IF_ERROR(AddTable(table));
    AddLaws(counted_, out_.task);
    return std::move(out_);
  }

 private:
  std::uint32_t Add(ReleaseCell cell) {
    out_.task.cells.push_back(cell);
    return static_cast<std::uint32_t>(out_.task.cells.size() - 1);
  }

  absl::Status AddTable(const LinkedTable& table) {
    ASSIGN_OR_RETURN(const Period period, ParsePeriod(table.exact.period));
    out_.first.push_back(static_cast<std::uint32_t>(out_.task.cells.size()));
    for (std::size_t at = 0; at < table.exact.values.size(); ++at) {
      const std::string& column = table.exact.columns[at % table.exact.columns.size()];
      RETURN_IF_ERROR(AddCell(table, at, LimitsOf(column, table.limits, period.days())));
    }
    CountedTable counted{.metric = table.metric, .exact = &table.exact, .columns = {}, .total = {}};
    const std::size_t columns = table.exact.columns.size();
    for (std::size_t column = 0; column < columns; ++column) {
      counted.columns.push_back(ColumnOf(table, column));
    }
    switch (table.metric->kind()) {
      case v1::METRIC_KIND_PROPORTION:
      case v1::METRIC_KIND_QUALITY:
        AddComplements(table, counted);
        break;
      case v1::METRIC_KIND_MIX:
      case v1::METRIC_KIND_DURATION:
      case v1::METRIC_KIND_SURVIVAL:
        AddTotals(table, counted);
        break;
      default:
        break;
    }
    counted_.push_back(std::move(counted));
    return absl::OkStatus();
  }

  absl::Status AddCell(const LinkedTable& table, std::size_t at, const CellLimits& limits) {
    const std::int64_t value = table.exact.values[at];
    const v1::CellStatus status = table.released.table.status[at];
    ReleaseCell cell{.value = value, .shown = {}, .hidden = {}, .width = limits.threshold};
    if (!table.known.empty() && table.known[at]) return AddKnown(cell);
    if (status == v1::CELL_STATUS_NOT_APPLICABLE || status == v1::CELL_STATUS_NOT_AVAILABLE) {
      cell.shown = {.low = value, .high = value};
      cell.is_shown = false;
      cell.width = 0;
      Add(cell);
      return absl::OkStatus();
    }
    cell.is_shown = status != v1::CELL_STATUS_SUPPRESSED;
    cell.shown = cell.is_shown ? ToldBy(status, table.released.table.values[at], limits)
                               : Range{.low = value, .high = value};
    if (!cell.shown.Contains(value)) {
      return absl::FailedPreconditionError(absl::StrCat(
          "metric ", table.metric->id(),
          ": what has left is not what the data say now, so what the two tell together cannot be "
          "judged; measure from the data of then, or ask for another period"));
    }
    // In people, also of person-days.
    const std::int64_t people = value / (limits.threshold / table.limits.threshold);
    if (table.left_in.empty()) cell.cost = value == 0 ? kCostOfZero : 1 + people;
    // A group whose row shows anything is not a small one; an empty one shows that all of its row is empty.
    if (IsGroup(table, at % table.exact.columns.size())) {
      if (value > limits.threshold) cell.hidden.low = limits.threshold + 1;
      if (value == 0) cell.cost = 0;
    }
    Add(cell);
    return absl::OkStatus();
  }

  // Hiding it would hide nothing.
  absl::Status AddKnown(ReleaseCell cell) {
    cell.shown = cell.hidden = {.low = cell.value, .high = cell.value};
    cell.width = 0;
    known_.insert(Add(cell));
    return absl::OkStatus();
  }

  static bool IsGroup(const LinkedTable& table, std::size_t column) {
    const v1::MetricKind kind = table.metric->kind();
    const bool proportion = kind == v1::METRIC_KIND_PROPORTION || kind == v1::METRIC_KIND_QUALITY;
    if (proportion) return column + 1 == table.exact.columns.size();
    return kind == v1::METRIC_KIND_TRANSITION && absl::StartsWith(table.exact.columns[column], "days:");
  }

  CountedColumn ColumnOf(const LinkedTable& table, std::size_t column) const {
    CountedColumn counted;
    for (std::size_t row = 0; row < table.exact.rows.size(); ++row) {
      const std::size_t at = table.exact.Index(row, column);
      counted.cells.push_back(out_.first.back() + static_cast<std::uint32_t>(at));
      counted.values.push_back(table.exact.values[at]);
      counted.is_measured = counted.is_measured && table.exact.status[at] == v1::CELL_STATUS_SHOWN;
    }
    return counted;
  }

  // A complement is seen where its numerator and the denominator are.
  void AddComplements(const LinkedTable& table, CountedTable& counted) {
    const std::int64_t threshold = table.limits.threshold;
    counted.total = counted.columns.back();
    counted.total_is_column = true;
    const CountedColumn& group = counted.total;
    for (std::size_t column = 0; column + 1 < counted.columns.size(); ++column) {
      const CountedColumn& numerators = counted.columns[column];
      if (!numerators.is_measured || !group.is_measured) continue;
      for (std::size_t row = 0; row < group.cells.size(); ++row) {
        const std::int64_t rest = group.values[row] - numerators.values[row];
        const ReleaseCell& numerator = out_.task.cells[numerators.cells[row]];
        if (IsJudged(rest, numerator, threshold)) {
          AddRest(rest, numerators.cells[row], group.cells[row], threshold);
          continue;
        }
        out_.task.relations.push_back(statistics::AtMost(numerators.cells[row], group.cells[row]));
        out_.task.relations.back().low = numerator.is_shown && numerator.value > 0 ? threshold + 1 : 0;
      }
    }
  }

  // Where nobody sees a bin of any curve, their members may lie in any: each bin can be all of its row or
  // nothing, which is wide enough where the row's total is, and no bin has to be judged.
  void AddTotals(const LinkedTable& table, CountedTable& counted) {
    const std::int64_t threshold = table.limits.threshold;
    const bool is_silent = table.metric->kind() == v1::METRIC_KIND_SURVIVAL && !curves_tell_;
    CountedColumn total;
    for (std::size_t row = 0; row < table.exact.rows.size(); ++row) {
      std::vector<std::uint32_t> parts;
      std::int64_t sum = 0;
      for (const CountedColumn& column : counted.columns) {
        parts.push_back(column.cells[row]);
        sum += column.values[row];
        total.is_measured = total.is_measured && column.is_measured;
      }
      ReleaseCell cell{.value = sum, .shown = {.low = sum, .high = sum}, .hidden = {}, .is_shown = false};
      if (sum > threshold) cell.hidden.low = threshold + 1;
      if (sum == 0) cell.hidden.high = 0;
      cell.width = IsSmall(sum, threshold) ? threshold : 0;
      total.cells.push_back(Add(cell));
      total.values.push_back(sum);
      if (is_silent) {
        for (const std::uint32_t part : parts) out_.task.cells[part].width = 0;
        continue;
      }
      out_.task.relations.push_back(statistics::SumOf(parts, total.cells.back()));
      AddRests(counted, row, total, threshold);
    }
    counted.total = std::move(total);
    if (is_silent) counted.columns.clear();
  }

  // Whether the rest of a part's group has to be a count of its own: not a large one, of which it is enough
  // to know that it is no small one, nor one that nobody hides nor can see. Beside a zero that is shown
  // stands the group itself, which is known not to be small.
  static bool IsJudged(std::int64_t rest, const ReleaseCell& part, std::int64_t threshold) {
    if (IsSmall(rest, threshold)) return true;
    return rest <= kFar * threshold && part.is_shown && part.value > 0;
  }

  // The rests of a partition's group. That none is below 0 follows from the parts and their sum.
  void AddRests(const CountedTable& counted, std::size_t row, const CountedColumn& total,
                std::int64_t threshold) {
    for (const CountedColumn& column : counted.columns) {
      const std::int64_t rest = total.values[row] - column.values[row];
      const ReleaseCell& part = out_.task.cells[column.cells[row]];
      if (!column.is_measured || !IsJudged(rest, part, threshold)) continue;
      AddRest(rest, column.cells[row], total.cells[row], threshold);
    }
  }

  void AddRest(std::int64_t rest, std::uint32_t part, std::uint32_t whole, std::int64_t threshold) {
    const std::uint32_t unseen = AddUnseen(rest, part, threshold);
    if (known_.contains(part) && known_.contains(whole)) out_.task.cells[unseen].width = 0;
    out_.task.relations.push_back(statistics::SumOf({{part, unseen}}, whole));
  }

  // A count that no table shows, judged together with `numerator`: where that is shown, it is none of 1 to t.
  std::uint32_t AddUnseen(std::int64_t value, std::uint32_t numerator, std::int64_t threshold) {
    const ReleaseCell& seen = out_.task.cells[numerator];
    ReleaseCell cell{.value = value, .shown = {.low = value, .high = value}, .hidden = {}};
    cell.is_shown = seen.is_shown;
    cell.width = IsSmall(value, threshold) ? threshold : 0;
    if (seen.is_shown) {
      if (value > threshold) cell.shown = {.low = threshold + 1, .high = statistics::kMostCount};
      cell.cost = seen.cost;
      cell.hidden_with = numerator;
    }
    const std::uint32_t number = Add(cell);
    // A numerator has one complement; both go together.
    if (cell.is_shown) out_.task.cells[numerator].hidden_with = number;
    return number;
  }

  const std::vector<LinkedTable>& tables_;
  LinkedCells out_;
  std::vector<CountedTable> counted_;
  std::set<std::uint32_t> known_;  // cells that are public exactly
  bool curves_tell_ = false;
};

}  // namespace

bool ShowsACurve(const LinkedTable& table) {
  const contract::Table& exact = table.exact;
  const bool is_curve = table.metric->kind() == v1::METRIC_KIND_SURVIVAL;
  for (std::size_t row = 0; row < exact.rows.size() && is_curve; ++row) {
    bool is_empty = true;
    bool shows = false;
    for (std::size_t column = 0; column < exact.columns.size(); ++column) {
      const std::size_t at = exact.Index(row, column);
      is_empty &= exact.values[at] == 0;
      shows |= table.released.table.status[at] != v1::CELL_STATUS_SUPPRESSED;
    }
    if (shows && !is_empty) return true;
  }
  return false;
}

Range ToldBy(v1::CellStatus status, std::int64_t value, const CellLimits& limits) {
  const std::int64_t below = limits.rounding / 2;
  const std::int64_t above = (limits.rounding - 1) / 2;
  if (status == v1::CELL_STATUS_LOW) return {.low = limits.threshold + 1, .high = above};
  if (value == 0) return {.low = 0, .high = 0};
  return {.low = std::max(value - below, limits.threshold + 1), .high = value + above};
}

absl::StatusOr<LinkedCells> LinkCells(const std::vector<LinkedTable>& tables) {
  return Linker(tables).Link();
}

}  // namespace waymark::node
