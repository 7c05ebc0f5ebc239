#include "coordinator/benchmark/expected_line.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "catalogue/deprivation_moments.h"
#include "coordinator/benchmark/sum_noise.h"
#include "statistics/intervals.h"

namespace waymark::coordinator {
namespace {

std::size_t Find(const contract::Table& table, const std::string& column) {
  return static_cast<std::size_t>(std::find(table.columns.begin(), table.columns.end(), column) -
                                  table.columns.begin());
}

double NoiseOfOneCell(const contract::Protection& protection) {
  NoiseRadii unused;
  SumNoise noise(unused);
  noise.Add(protection);
  return noise.Variance();
}

}  // namespace

void ExpectedLine::Add(const contract::ProtectedTable& counts, const contract::ProtectedTable& moments,
                       const std::string& outcome) {
  const std::size_t column = Find(counts.table, outcome);
  const std::size_t weighted = Find(moments.table, absl::StrCat("x_", outcome));
  if (column >= counts.table.columns.size() || weighted >= moments.table.columns.size()) return;
  sums_.weights += static_cast<double>(counts.table.At(0, counts.table.columns.size() - 1));
  sums_.y += static_cast<double>(counts.table.At(0, column));
  sums_.x += static_cast<double>(moments.table.At(0, 0));
  sums_.xx += static_cast<double>(moments.table.At(0, 1));
  sums_.xy += static_cast<double>(moments.table.At(0, weighted));
  const double of_counts = NoiseOfOneCell(counts.protection);
  const double of_moments = NoiseOfOneCell(moments.protection);
  variances_.weights += 2 * of_counts;  // the denominator is the sum of two noised cells
  variances_.y += of_counts;
  variances_.x += of_moments;
  variances_.xx += of_moments;
  variances_.xy += of_moments;
}

void ExpectedLine::Fill(v1::Figure& figure) const {
  const absl::StatusOr<statistics::LineOfMoments> line = statistics::LineFromMoments(sums_);
  if (!line.ok()) return;
  const statistics::Moments& by = line->slope_by;
  const double variance = by.weights * by.weights * variances_.weights + by.x * by.x * variances_.x +
                          by.xx * by.xx * variances_.xx + by.y * by.y * variances_.y +
                          by.xy * by.xy * variances_.xy;
  const double reach = statistics::kZ95 * std::sqrt(variance);
  // A line that noise may have turned by more than all rates there are says nothing.
  if (!(reach * static_cast<double>(catalogue::kMostWeight) < 1)) return;
  const double slope = 100 * line->slope;
  figure.set_expected_slope(slope);
  figure.set_expected_slope_from(slope - 100 * reach);
  figure.set_expected_slope_to(slope + 100 * reach);
  // The weights are points less the middle's.
  figure.set_expected_at_zero(100 * line->intercept + slope * static_cast<double>(catalogue::WeightOf(0)));
}

}  // namespace waymark::coordinator
