#include "statistics/quartiles.h"

#include <algorithm>
#include <cmath>

namespace waymark::statistics {

double QuantileOfValues(const std::vector<double>& sorted, double p) {
  const double h = static_cast<double>(sorted.size() - 1) * p;
  const std::size_t below = static_cast<std::size_t>(h);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (h - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::optional<Quartiles> QuartilesOf(std::vector<double> values) {
  const bool finite =
      std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
  if (values.empty() || !finite) return std::nullopt;
  std::sort(values.begin(), values.end());
  return Quartiles{.lowest = QuantileOfValues(values, 0.25),
                   .middle = QuantileOfValues(values, 0.5),
                   .highest = QuantileOfValues(values, 0.75)};
}

}  // namespace waymark::statistics
