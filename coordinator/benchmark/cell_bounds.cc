#include "coordinator/benchmark/cell_bounds.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "catalogue/columns.h"
#include "statistics/audit/cell_system.h"

namespace waymark::coordinator {
namespace {

using contract::ProtectedTable;
using contract::Table;
using statistics::AtMost;
using statistics::Range;

// Each pass carries what is known one step further, and nothing is more than a few steps apart.
constexpr int kMostPasses = 12;

bool IsDays(const Table& table, std::size_t column) {
  return absl::StartsWith(table.columns[column], catalogue::kDaysPrefix);
}

bool HasDenominator(const v1::Metric& metric) {
  return metric.kind() == v1::METRIC_KIND_PROPORTION || metric.kind() == v1::METRIC_KIND_QUALITY;
}

bool IsCount(v1::CellStatus status) {
  return status == v1::CELL_STATUS_SHOWN || status == v1::CELL_STATUS_LOW ||
         status == v1::CELL_STATUS_SUPPRESSED;
}

// What is the same of all cells of a column.
struct ColumnRules {
  ColumnRules(const ProtectedTable& given, std::size_t column) {
    const std::int64_t rounding = std::max<std::int64_t>(1, given.protection.rounded_to);
    half = catalogue::RoundingOf(given.table.columns[column], rounding) / 2;
    least = IsDays(given.table, column) ? 1 : std::int64_t{given.protection.suppressed_to} + 1;
  }

  std::int64_t half = 0;   // of the rounding
  std::int64_t least = 0;  // that is shown, of what is not 0
};

// What a cell says by itself.
Range Alone(v1::CellStatus status, std::int64_t value, const ColumnRules& rules) {
  switch (status) {
    case v1::CELL_STATUS_LOW:
      return {.low = 1, .high = std::max<std::int64_t>(1, rules.half)};
    case v1::CELL_STATUS_SUPPRESSED:
      return {};
    case v1::CELL_STATUS_SHOWN:
      break;
    default:
      return {.low = 0, .high = 0};
  }
  if (value == 0) return {.low = 0, .high = 0};
  return {.low = std::min(value, std::max(value - rules.half, rules.least)), .high = value + rules.half};
}

// All tables' cells, one after the other.
class Known {
 public:
  Known(const v1::Metric& metric, const std::vector<const ProtectedTable*>& tables)
      : metric_(metric), tables_(tables) {
    for (const ProtectedTable* given : tables_) {
      const Table& table = given->table;
      std::vector<ColumnRules> rules;
      for (std::size_t column = 0; column < table.columns.size(); ++column)
        rules.emplace_back(*given, column);
      first_.push_back(system_.cells.size());
      system_.cells.reserve(system_.cells.size() + table.values.size());
      for (std::size_t at = 0; at < table.values.size(); ++at) {
        system_.cells.push_back(Alone(table.status[at], table.values[at], rules[at % rules.size()]));
        is_count_.push_back(IsCount(table.status[at]));
      }
    }
  }

  // False: no counts agree with the tables.
  bool Narrow() {
    std::vector<bool> is_linked(tables_.size());
    for (std::size_t one = 0; one < tables_.size(); ++one) {
      for (std::size_t other = 0; other < tables_.size(); ++other) {
        const bool margin = contract::IsMargin(tables_[one]->table, tables_[other]->table);
        const bool unit = IsByEpisodes(tables_[one]->table, tables_[other]->table);
        if (margin || unit) is_linked[one] = is_linked[other] = true;
      }
    }
    for (std::size_t one = 0; one < tables_.size(); ++one) {
      is_linked[one] ? AddWithinRows(one) : NarrowWithinRows(one);
      for (std::size_t other = 0; other < tables_.size(); ++other) {
        if (contract::IsMargin(tables_[one]->table, tables_[other]->table)) AddMargin(one, other);
        if (IsByEpisodes(tables_[one]->table, tables_[other]->table)) AddUnit(one, other);
      }
    }
    statistics::Tighten(system_, kMostPasses);
    return std::all_of(system_.cells.begin(), system_.cells.end(),
                       [](const Range& cell) { return cell.low <= cell.high; });
  }

  TableBounds Bounds() const {
    TableBounds bounds;
    std::size_t next = 0;
    for (const ProtectedTable* given : tables_) {
      std::vector<CellBounds>& cells = bounds[given];
      cells.reserve(given->table.values.size());
      for (std::size_t at = 0; at < given->table.values.size(); ++at, ++next) {
        cells.push_back(
            {.low = system_.cells[next].low, .high = std::min(system_.cells[next].high, kUnbounded)});
      }
    }
    return bounds;
  }

 private:
  std::uint32_t CellOf(std::size_t table, std::size_t row, std::size_t column) const {
    return static_cast<std::uint32_t>(first_[table] + tables_[table]->table.Index(row, column));
  }

  // A cell that is no count takes part in nothing.
  void Add(statistics::Relation relation) {
    const bool all = std::all_of(relation.terms.begin(), relation.terms.end(),
                                 [&](const auto& term) { return is_count_[term.cell]; });
    if (all) system_.relations.push_back(std::move(relation));
  }

  // An outcome within its denominator. Moves are not within the days of the state that they leave: one on the
  // period's first day leaves the state of the day before.
  template <typename Within>
  void ForWithinRows(std::size_t at, Within within) {
    if (!HasDenominator(metric_)) return;
    const Table& table = tables_[at]->table;
    const std::size_t last = table.columns.size() - 1;
    for (std::size_t column = 0; column < last; ++column) {
      for (std::size_t row = 0; row < table.rows.size(); ++row) {
        within(CellOf(at, row, column), CellOf(at, row, last));
      }
    }
  }

  void AddWithinRows(std::size_t at) {
    ForWithinRows(at, [&](std::uint32_t part, std::uint32_t whole) { Add(AtMost(part, whole)); });
  }

  // The same where nothing else holds for the table's cells: each row is then narrowed in one step.
  void NarrowWithinRows(std::size_t at) {
    ForWithinRows(at, [&](std::uint32_t part, std::uint32_t whole) {
      if (!is_count_[part] || !is_count_[whole]) return;
      Range& outcome = system_.cells[part];
      Range& denominator = system_.cells[whole];
      denominator.low = std::max(denominator.low, outcome.low);
      outcome.high = std::min(outcome.high, denominator.high);
    });
  }

  // That nothing followed is an outcome that a child has only where nothing followed any of its episodes in
  // the row: so it may have it in a row and not in the whole.
  bool IsOfNothing(std::size_t column) const {
    const auto outcome = static_cast<int>(column);
    return outcome < metric_.outcomes_size() && metric_.outcomes(outcome).follow_up().none();
  }

  void AddMargin(std::size_t whole, std::size_t parts) {
    const Table& all = tables_[whole]->table;
    const Table& some = tables_[parts]->table;
    const std::vector<std::size_t> belongs = contract::RowsOfWhole(all, some);
    const bool transition = metric_.kind() == v1::METRIC_KIND_TRANSITION;
    const bool adds_up = all.unit == v1::UNIT_EPISODES && !transition;
    // A child is in a row of a partition by the first of its episodes there, so in another class perhaps than
    // in the whole.
    if (!adds_up && !transition && !HasDenominator(metric_)) return;
    for (std::size_t column = 0; column < std::min(all.columns.size(), some.columns.size()); ++column) {
      if (!adds_up && IsOfNothing(column)) continue;
      std::vector<std::vector<std::uint32_t>> under(all.rows.size());
      for (std::size_t row = 0; row < some.rows.size(); ++row) {
        if (belongs[row] < under.size()) under[belongs[row]].push_back(CellOf(parts, row, column));
      }
      for (std::size_t row = 0; row < under.size(); ++row) {
        const std::uint32_t cell = CellOf(whole, row, column);
        if (adds_up) {
          Add(statistics::SumOf(under[row], cell));
        } else {
          for (const std::uint32_t part : under[row]) Add(AtMost(part, cell));
        }
      }
    }
  }

  // Whether `other` is of children or families where `one` is of episodes.
  bool IsByEpisodes(const Table& one, const Table& other) const {
    return metric_.kind() != v1::METRIC_KIND_TRANSITION && metric_.kind() != v1::METRIC_KIND_QUALITY &&
           one.unit == v1::UNIT_EPISODES &&
           (other.unit == v1::UNIT_CHILDREN || other.unit == v1::UNIT_FAMILIES) &&
           one.window_days == other.window_days && one.dimensions == other.dimensions;
  }

  void AddUnit(std::size_t episodes, std::size_t others) {
    const Table& all = tables_[episodes]->table;
    const Table& some = tables_[others]->table;
    for (std::size_t row = 0; row < some.rows.size(); ++row) {
      const auto at = std::lower_bound(all.rows.begin(), all.rows.end(), some.rows[row]);
      if (at == all.rows.end() || *at != some.rows[row]) continue;
      for (std::size_t column = 0; column < std::min(all.columns.size(), some.columns.size()); ++column) {
        Add(AtMost(CellOf(others, row, column),
                   CellOf(episodes, static_cast<std::size_t>(at - all.rows.begin()), column)));
      }
    }
  }

  const v1::Metric& metric_;
  const std::vector<const ProtectedTable*>& tables_;
  std::vector<std::size_t> first_;
  std::vector<bool> is_count_;
  statistics::CellSystem system_;
};

}  // namespace

TableBounds BoundsOfTables(const v1::Metric& metric, const std::vector<const ProtectedTable*>& tables) {
  Known known(metric, tables);
  if (known.Narrow()) return known.Bounds();
  return Known(metric, tables).Bounds();
}

bool IsBounded(absl::Span<const CellBounds> bounds) {
  return !bounds.empty() && std::all_of(bounds.begin(), bounds.end(),
                                        [](const CellBounds& one) { return one.high < kUnbounded; });
}

}  // namespace waymark::coordinator
