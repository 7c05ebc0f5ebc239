#include "tests/unit/statistics/audit/made_up_tables.h"

#include <algorithm>

namespace waymark::statistics {

ReleaseCell MadeUpCell(std::int64_t value, const MadeUpRule& rule) {
  const std::int64_t rounded = (value + rule.rounding / 2) / rule.rounding * rule.rounding;
  ReleaseCell cell{.value = value, .shown = {}, .hidden = {}, .width = rule.threshold, .cost = 1 + value};
  cell.is_shown = value == 0 || value > rule.threshold;
  cell.shown.low = std::max(rounded - rule.rounding / 2, cell.is_shown ? rule.threshold + 1 : 1);
  cell.shown.high = rounded + (rule.rounding - 1) / 2;
  if (value == 0) cell.shown = {.low = 0, .high = 0};
  if (!cell.is_shown) cell.shown = {.low = value, .high = value};
  return cell;
}

ReleaseTask TwoWayTask(const std::vector<std::vector<std::int64_t>>& inner, const MadeUpRule& rule) {
  ReleaseTask task;
  const auto rows = static_cast<std::uint32_t>(inner.size());
  const auto columns = static_cast<std::uint32_t>(inner[0].size());
  const std::uint32_t row_totals = rows * columns;
  const std::uint32_t column_totals = row_totals + rows;
  std::vector<std::int64_t> of_row(rows);
  std::vector<std::int64_t> of_column(columns);
  std::int64_t all = 0;
  for (std::uint32_t r = 0; r < rows; ++r) {
    for (std::uint32_t c = 0; c < columns; ++c) {
      const std::int64_t value = inner[r][c];
      task.cells.push_back(MadeUpCell(value, rule));
      of_row[r] += value;
      of_column[c] += value;
      all += value;
    }
  }
  for (const std::int64_t value : of_row) task.cells.push_back(MadeUpCell(value, rule));
  for (const std::int64_t value : of_column) task.cells.push_back(MadeUpCell(value, rule));
  task.cells.push_back(MadeUpCell(all, rule));
  std::vector<std::uint32_t> parts;
  for (std::uint32_t r = 0; r < rows; ++r) {
    parts.clear();
    for (std::uint32_t c = 0; c < columns; ++c) parts.push_back(r * columns + c);
    task.relations.push_back(SumOf(parts, row_totals + r));
  }
  for (std::uint32_t c = 0; c < columns; ++c) {
    parts.clear();
    for (std::uint32_t r = 0; r < rows; ++r) parts.push_back(r * columns + c);
    task.relations.push_back(SumOf(parts, column_totals + c));
  }
  parts.clear();
  for (std::uint32_t r = 0; r < rows; ++r) parts.push_back(row_totals + r);
  task.relations.push_back(SumOf(parts, column_totals + columns));
  parts.clear();
  for (std::uint32_t c = 0; c < columns; ++c) parts.push_back(column_totals + c);
  task.relations.push_back(SumOf(parts, column_totals + columns));
  return task;
}

std::vector<std::vector<std::int64_t>> MadeUpValues(std::size_t rows, std::size_t columns, std::int64_t most,
                                                    std::mt19937& random) {
  std::vector<std::vector<std::int64_t>> inner(rows, std::vector<std::int64_t>(columns));
  std::uniform_real_distribution<double> even;
  for (auto& row : inner) {
    for (std::int64_t& value : row) {
      const double at = even(random);
      value = static_cast<std::int64_t>(at * at * static_cast<double>(most + 1));
    }
  }
  return inner;
}

std::vector<bool> ShownAtFirst(const ReleaseTask& task) {
  std::vector<bool> is_shown;
  for (const ReleaseCell& cell : task.cells) is_shown.push_back(cell.is_shown);
  return is_shown;
}

std::vector<std::uint32_t> Hidden(const std::vector<bool>& is_shown) {
  std::vector<std::uint32_t> hidden;
  for (std::uint32_t cell = 0; cell < is_shown.size(); ++cell) {
    if (!is_shown[cell]) hidden.push_back(cell);
  }
  return hidden;
}

}  // namespace waymark::statistics
