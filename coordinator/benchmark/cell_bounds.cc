#include "coordinator/benchmark/cell_bounds.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "catalogue/columns.h"

namespace waymark::coordinator {
namespace {

class Row {
 public:
  Row(const contract::ProtectedTable& given, std::size_t row) : given_(given), row_(row) {}

  std::size_t columns() const { return given_.table.columns.size(); }
  const std::string& name(std::size_t column) const { return given_.table.columns[column]; }
  bool IsDays(std::size_t column) const { return absl::StartsWith(name(column), catalogue::kDaysPrefix); }
  bool Suppressed(std::size_t column) const {
    return given_.table.status[given_.table.Index(row_, column)] == v1::CELL_STATUS_SUPPRESSED;
  }
  std::int64_t Value(std::size_t column) const { return given_.table.At(row_, column); }
  std::int64_t threshold() const { return given_.protection.suppressed_to; }

  // Of a cell that is not suppressed.
  CellBounds Known(std::size_t column) const {
    const std::int64_t rounding = std::max<std::int64_t>(1, given_.protection.rounded_to);
    const std::int64_t half = catalogue::RoundingOf(name(column), rounding) / 2;
    const v1::CellStatus status = given_.table.status[given_.table.Index(row_, column)];
    if (status == v1::CELL_STATUS_LOW) return {.low = 1, .high = std::max<std::int64_t>(1, half)};
    const std::int64_t value = Value(column);
    if (status != v1::CELL_STATUS_SHOWN || value == 0) return {};
    const std::int64_t least = IsDays(column) ? 1 : threshold() + 1;
    return {.low = std::min(value, std::max(value - half, least)), .high = value + half};
  }

 private:
  const contract::ProtectedTable& given_;
  const std::size_t row_;
};

// Outcomes, then their denominator.
std::vector<CellBounds> ProportionBounds(const Row& row) {
  std::vector<CellBounds> bounds(row.columns());
  const std::size_t last = row.columns() - 1;
  const bool small_group = row.Suppressed(last);
  bounds[last] = small_group ? CellBounds{.low = 1, .high = row.threshold()} : row.Known(last);
  for (std::size_t column = 0; column < last; ++column) {
    if (!row.Suppressed(column)) {
      bounds[column] = row.Known(column);
    } else if (small_group) {
      bounds[column] = {.low = 0, .high = row.threshold()};
    } else {
      // It, its complement, or neither may be small: secondary suppression hides any count.
      bounds[column] = {.low = 0, .high = bounds[last].high};
    }
  }
  return bounds;
}

std::vector<CellBounds> PartitionBounds(const Row& row) {
  std::vector<CellBounds> bounds(row.columns());
  bool positive_shown = false;
  bool zero_shown = false;
  for (std::size_t column = 0; column < row.columns(); ++column) {
    if (row.Suppressed(column)) continue;
    bounds[column] = row.Known(column);
    (bounds[column].high > 0 ? positive_shown : zero_shown) = true;
  }
  for (std::size_t column = 0; column < row.columns(); ++column) {
    if (!row.Suppressed(column)) continue;
    // Where a zero is shown the group is not small, so no zero is suppressed.
    bounds[column] = {.low = positive_shown || zero_shown ? 1 : 0,
                      .high = positive_shown ? row.threshold() : kUnbounded};
  }
  return bounds;
}

std::vector<CellBounds> TransitionBounds(const Row& row, int period_days) {
  std::vector<CellBounds> bounds(row.columns());
  const auto bound_of_days = [&](absl::string_view state) {
    for (std::size_t column = 0; column < row.columns(); ++column) {
      if (row.name(column) == absl::StrCat(catalogue::kDaysPrefix, state)) return bounds[column].high;
    }
    return kUnbounded;
  };
  for (std::size_t column = 0; column < row.columns(); ++column) {
    if (!row.IsDays(column)) continue;
    bounds[column] = row.Suppressed(column) ? CellBounds{.low = 1, .high = row.threshold() * period_days}
                                            : row.Known(column);
  }
  for (std::size_t column = 0; column < row.columns(); ++column) {
    if (row.IsDays(column)) continue;
    const std::string& name = row.name(column);
    bounds[column] =
        row.Suppressed(column)
            ? CellBounds{.low = 0,
                         .high = std::max(row.threshold(), bound_of_days(name.substr(0, name.find('>'))))}
            : row.Known(column);
  }
  return bounds;
}

}  // namespace

std::vector<CellBounds> BoundsOfRow(const v1::Metric& metric, const contract::ProtectedTable& given,
                                    std::size_t row, int period_days) {
  const Row cells(given, row);
  switch (metric.kind()) {
    case v1::METRIC_KIND_PROPORTION:
    case v1::METRIC_KIND_QUALITY:
      return ProportionBounds(cells);
    case v1::METRIC_KIND_TRANSITION:
      return TransitionBounds(cells, period_days);
    default:
      return PartitionBounds(cells);
  }
}

}  // namespace waymark::coordinator
