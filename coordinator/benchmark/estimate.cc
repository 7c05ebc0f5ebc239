#include "coordinator/benchmark/estimate.h"

#include <algorithm>
#include <utility>

#include "catalogue/columns.h"
#include "catalogue/figures.h"
#include "coordinator/benchmark/cell_bounds.h"
#include "coordinator/benchmark/extreme_rows.h"
#include "coordinator/benchmark/noised_intervals.h"
#include "proto/contract/modes.h"
#include "statistics/noise_interval.h"

namespace waymark::coordinator {
namespace {

// What the extreme rows say of one quantity: the hull of their values, and of their intervals. An upper end
// that some extreme does not have (a median beyond the last follow-up) is none.
struct Ends {
  std::optional<double> least_value;
  std::optional<double> greatest_value;
  std::optional<double> least_lower;
  std::optional<double> greatest_upper;
  bool value_open = false;
  bool interval_open = false;
  bool known = false;  // some extreme bounds it

  void Add(const catalogue::RowFigure& figure) {
    known = true;
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

// By quantity.
std::vector<Ends> EndsOf(const RowContext& context, std::size_t quantities,
                         const std::vector<ExtremeRow>& extremes) {
  std::vector<Ends> ends(quantities);
  std::vector<catalogue::RowFigure> figures;
  for (const ExtremeRow& extreme : extremes) {
    figures.clear();
    context.figures.Append(extreme.values, {}, 0, figures);
    for (std::size_t i = 0; i < std::min(quantities, figures.size()); ++i) {
      if (extreme.column.empty() || extreme.column == figures[i].quantity) ends[i].Add(figures[i]);
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

// Between what rounding and suppression leave of a count, which is no sample.
void BoundCount(const SummedRow& row, std::vector<Estimate>& estimates) {
  for (std::size_t i = 0; i < std::min(estimates.size(), row.cells.size()); ++i) {
    Estimate& estimate = estimates[i];
    if (!estimate.value) continue;
    estimate.lower = std::min(*estimate.value, static_cast<double>(row.cells[i].low));
    if (row.cells[i].high < kUnbounded)
      estimate.upper = std::max(*estimate.value, static_cast<double>(row.cells[i].high));
  }
}

// A period that cannot be read is in no round.
std::vector<std::int64_t> UnitsOf(const std::vector<std::string>& columns, const std::string& period) {
  std::vector<std::int64_t> units;
  for (const std::string& column : columns) {
    units.push_back(catalogue::NoisedUnitOf(column, period).value_or(1));
  }
  return units;
}

// Of the estimates that were sampled and are not joined yet.
void JoinExtremes(const RowContext& context, const SummedRow& row, const std::vector<bool>& joined,
                  std::vector<Estimate>& estimates) {
  const auto is_left = [&](std::size_t i) {
    const Estimate& one = estimates[i];
    return !joined[i] && one.value && (one.sampling_lower || one.sampling_upper);
  };
  const v1::Metric& metric = context.figures.metric();
  const bool noised = contract::HasNoise(context.mode);
  std::vector<Ends> ends;
  for (std::size_t i = 0; i < estimates.size(); ++i) {
    if (!is_left(i)) continue;
    if (ends.empty()) {
      ends =
          EndsOf(context, estimates.size(),
                 noised ? ExtremesOfNoised(metric, context.units, row) : ExtremesOfThresholded(metric, row));
    }
    if (!ends[i].known) continue;
    noised ? JoinNoise(ends[i], estimates[i]) : JoinCertain(ends[i], estimates[i]);
  }
}

// Joining reaches no value that the quantity cannot have.
void KeepPossible(const v1::Metric& metric, Estimate& estimate) {
  if (estimate.lower) estimate.lower = std::max(0.0, *estimate.lower);
  if (estimate.upper && catalogue::DisplayUnitOf(metric, estimate.quantity) == "%")
    estimate.upper = std::min(100.0, *estimate.upper);
}

}  // namespace

RowContext::RowContext(const v1::Metric& metric, const std::string& period, v1::Mode its_mode)
    : figures(metric), mode(its_mode), units(UnitsOf(figures.columns(), period)) {}

std::vector<Estimate> EstimatesOf(const RowContext& context, const SummedRow& row) {
  const v1::Metric& metric = context.figures.metric();
  const bool noised = contract::HasNoise(context.mode);
  std::vector<catalogue::RowFigure> figures;
  std::vector<std::int64_t> possible;
  if (noised) possible = PossibleCounts(metric, row.values);
  context.figures.Append(absl::MakeConstSpan(noised ? possible.data() : row.values.data(), row.values.size()),
                         {}, 0, figures);
  std::vector<Estimate> estimates;
  estimates.reserve(figures.size());
  for (catalogue::RowFigure& figure : figures) {
    estimates.push_back(Estimate{.quantity = std::move(figure.quantity),
                                 .status = figure.status,
                                 .numerator = figure.numerator,
                                 .denominator = figure.denominator,
                                 .value = figure.value,
                                 .sampling_lower = figure.lower,
                                 .sampling_upper = figure.upper,
                                 .lower = std::nullopt,
                                 .upper = std::nullopt});
  }
  if (metric.kind() == v1::METRIC_KIND_COUNT && !noised) {
    BoundCount(row, estimates);
    return estimates;
  }
  // Where there is no interval of sampling, one of protection alone would be taken for both. A count is no
  // sample: it has that of protection.
  const auto has_interval = [&](const Estimate& one) {
    return one.value && (one.sampling_lower || one.sampling_upper || metric.kind() == v1::METRIC_KIND_COUNT);
  };
  if (std::none_of(estimates.begin(), estimates.end(), has_interval)) return estimates;
  std::vector<bool> joined(estimates.size());
  if (noised) joined = JoinWithNoise(context, row, possible, estimates);
  JoinExtremes(context, row, joined, estimates);
  for (Estimate& estimate : estimates) KeepPossible(metric, estimate);
  return estimates;
}

}  // namespace waymark::coordinator
