#include "node/measure/exact_figures.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace waymark::node {
namespace {

// The share of durations that a quantity of DURATION cuts off, in quarters; 0 for other quantities.
std::uint64_t QuartersOf(absl::string_view quantity) {
  if (quantity == "lower_quartile") return 1;
  if (quantity == "median") return 2;
  if (quantity == "upper_quartile") return 3;
  return 0;
}

// The smallest of `sorted` (not empty) that at least `quarters` / 4 of them do not exceed.
Day QuantileOf(const std::vector<Day>& sorted, std::uint64_t quarters) {
  const std::uint64_t rank = (quarters * sorted.size() + 3) / 4;
  return sorted[rank - 1];
}

}  // namespace

void SetExactFigures(const v1::Metric& metric, absl::Span<const Counted> counted,
                     absl::Span<const Member> members, std::vector<catalogue::RowFigure>& figures) {
  if (metric.kind() != v1::METRIC_KIND_DURATION) return;
  std::vector<std::vector<Day>> of_row;
  for (const Counted& unit : counted) {
    if (of_row.size() <= unit.row) of_row.resize(unit.row + std::size_t{1});
    of_row[unit.row].push_back(members[unit.member].days);
  }
  for (std::vector<Day>& days : of_row) std::sort(days.begin(), days.end());
  for (catalogue::RowFigure& figure : figures) {
    const std::uint64_t quarters = QuartersOf(figure.quantity);
    if (quarters == 0 || figure.row >= of_row.size() || of_row[figure.row].empty()) continue;
    figure.value = static_cast<double>(QuantileOf(of_row[figure.row], quarters));
    figure.status = v1::FIGURE_STATUS_SHOWN;
  }
}

}  // namespace waymark::node
