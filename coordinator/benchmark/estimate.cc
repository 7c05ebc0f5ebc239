#include "coordinator/benchmark/estimate.h"

#include <algorithm>
#include <map>
#include <utility>

#include "catalogue/columns.h"
#include "catalogue/figures.h"
#include "coordinator/benchmark/extreme_rows.h"
#include "statistics/noise_interval.h"

namespace waymark::coordinator {
namespace {

contract::Table TableOf(const RowContext& context, std::vector<std::int64_t> values) {
  contract::Table table;
  table.metric = context.metric.id();
  table.version = context.metric.version();
  table.period = context.period;
  table.window_days = context.series.window_days;
  table.unit = context.series.unit;
  table.rows = {""};
  table.columns = catalogue::ColumnsOf(context.metric);
  table.Resize();
  table.values = std::move(values);
  return table;
}

// What the extreme rows say of one quantity: the hull of their values, and of their intervals. An upper end
// that some extreme does not have (a median beyond the last follow-up) is none.
struct Ends {
  std::optional<double> least_value;
  std::optional<double> greatest_value;
  std::optional<double> least_lower;
  std::optional<double> greatest_upper;
  bool value_open = false;
  bool interval_open = false;

  void Add(const catalogue::RowFigure& figure) {
    Least(least_value, figure.value);
    Greatest(greatest_value, figure.value);
    Least(least_lower, figure.lower ? figure.lower : figure.value);
    Greatest(greatest_upper, figure.upper ? figure.upper : figure.value);
    value_open |= !figure.value.has_value();
    interval_open |= !figure.value.has_value() || (figure.lower.has_value() && !figure.upper.has_value());
  }

 private:
  static void Least(std::optional<double>& end, const std::optional<double>& candidate) {
    if (candidate && (!end || *candidate < *end)) end = candidate;
  }
  static void Greatest(std::optional<double>& end, const std::optional<double>& candidate) {
    if (candidate && (!end || *candidate > *end)) end = candidate;
  }
};

std::map<std::string, Ends> EndsOf(const RowContext& context, const std::vector<ExtremeRow>& extremes) {
  std::map<std::string, Ends> ends;
  for (const ExtremeRow& extreme : extremes) {
    for (const catalogue::RowFigure& figure :
         catalogue::FiguresOf(context.metric, TableOf(context, extreme.values))) {
      if (extreme.column.empty() || extreme.column == figure.quantity) ends[figure.quantity].Add(figure);
    }
  }
  return ends;
}

// Suppression and rounding bound the truth for certain, so the joined interval reaches from the lowest lower
// end to the highest upper end of all possible counts.
void JoinCertain(const Ends& ends, Estimate& estimate) {
  estimate.lower = ends.least_lower;
  if (estimate.lower && estimate.sampling_lower)
    estimate.lower = std::min(*estimate.lower, *estimate.sampling_lower);
  if (ends.interval_open) return;
  estimate.upper = ends.greatest_upper;
  if (estimate.upper && estimate.sampling_upper)
    estimate.upper = std::max(*estimate.upper, *estimate.sampling_upper);
}

// Noise and sampling are independent, so their distances from the estimate join by squaring and adding.
void JoinNoise(const Ends& ends, Estimate& estimate) {
  const double value = *estimate.value;
  const double noise_lower = std::min(value, ends.least_value.value_or(value));
  const double noise_upper = std::max(value, ends.greatest_value.value_or(value));
  const double sampling_lower = std::min(value, estimate.sampling_lower.value_or(value));
  const double sampling_upper = std::max(value, estimate.sampling_upper.value_or(value));
  const statistics::Interval joined =
      statistics::SquareAndAdd(value, {.lower = sampling_lower, .upper = sampling_upper},
                               {.lower = noise_lower, .upper = noise_upper});
  estimate.lower = joined.lower;
  const bool sampling_open = estimate.sampling_lower.has_value() && !estimate.sampling_upper.has_value();
  if (!ends.value_open && !sampling_open) estimate.upper = joined.upper;
}

// In what each column is noised. A period that cannot be read is in no round.
std::vector<std::int64_t> UnitsOf(const contract::Table& table) {
  std::vector<std::int64_t> units;
  for (const std::string& column : table.columns) {
    units.push_back(catalogue::NoisedUnitOf(column, table.period).value_or(1));
  }
  return units;
}

// Joining reaches no value that the quantity cannot have.
void KeepPossible(const v1::Metric& metric, Estimate& estimate) {
  if (estimate.lower) estimate.lower = std::max(0.0, *estimate.lower);
  if (estimate.upper && catalogue::DisplayUnitOf(metric, estimate.quantity) == "%")
    estimate.upper = std::min(100.0, *estimate.upper);
}

}  // namespace

std::vector<Estimate> EstimatesOf(const RowContext& context, const SummedRow& row) {
  const bool noised = context.mode != v1::MODE_THRESHOLDED;
  const contract::Table table =
      TableOf(context, noised ? PossibleCounts(context.metric, row.values) : row.values);
  std::vector<Estimate> estimates;
  for (const catalogue::RowFigure& figure : catalogue::FiguresOf(context.metric, table)) {
    estimates.push_back(Estimate{.quantity = figure.quantity,
                                 .status = figure.status,
                                 .numerator = figure.numerator,
                                 .denominator = figure.denominator,
                                 .value = figure.value,
                                 .sampling_lower = figure.lower,
                                 .sampling_upper = figure.upper,
                                 .lower = std::nullopt,
                                 .upper = std::nullopt});
  }
  const std::map<std::string, Ends> ends =
      EndsOf(context, noised ? ExtremesOfNoised(context.metric, UnitsOf(table), row)
                             : ExtremesOfThresholded(context.metric, row));
  for (Estimate& estimate : estimates) {
    const auto found = ends.find(estimate.quantity);
    // Where there is no interval of sampling, one of protection alone would be taken for both.
    const bool sampled = estimate.sampling_lower || estimate.sampling_upper;
    if (!estimate.value || !sampled || found == ends.end()) continue;
    noised ? JoinNoise(found->second, estimate) : JoinCertain(found->second, estimate);
    KeepPossible(context.metric, estimate);
  }
  return estimates;
}

std::vector<std::string> QuantitiesOf(const RowContext& context) {
  std::vector<std::string> quantities;
  const std::size_t columns = catalogue::ColumnsOf(context.metric).size();
  for (const catalogue::RowFigure& figure :
       catalogue::FiguresOf(context.metric, TableOf(context, std::vector<std::int64_t>(columns, 0)))) {
    quantities.push_back(figure.quantity);
  }
  return quantities;
}

}  // namespace waymark::coordinator
