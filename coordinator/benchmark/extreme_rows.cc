#include "coordinator/benchmark/extreme_rows.h"

#include <algorithm>
#include <numeric>

#include "catalogue/columns.h"

namespace waymark::coordinator {
namespace {

using Counts = std::vector<std::int64_t>;
using Chosen = std::vector<bool>;  // by column

bool IsPartition(const v1::Metric& metric) {
  return metric.kind() == v1::METRIC_KIND_MIX || metric.kind() == v1::METRIC_KIND_DURATION ||
         metric.kind() == v1::METRIC_KIND_SURVIVAL;
}

// The columns' parts to move against each other, each choice with the quantity that it bounds ("": all).
struct Split {
  Chosen chosen;
  std::string column;
};

// MIX: each class against the others. DURATION: the bins before each edge against those after. SURVIVAL: the
// events (of all kinds, and of each kind) before each edge against everything else. A share, a quantile or a
// point of the curve is least or greatest at one of these (README.md, "Bounds").
std::vector<Split> SplitsOf(const v1::Metric& metric, std::size_t columns) {
  std::vector<Split> splits;
  if (metric.kind() == v1::METRIC_KIND_MIX) {
    for (std::size_t k = 0; k < columns; ++k) {
      Chosen chosen(columns, false);
      chosen[k] = true;
      splits.push_back({std::move(chosen), metric.outcomes(static_cast<int>(k)).id()});
    }
    return splits;
  }
  if (metric.kind() == v1::METRIC_KIND_DURATION) {
    for (std::size_t edge = 0; edge <= columns; ++edge) {
      Chosen chosen(columns, false);
      std::fill_n(chosen.begin(), edge, true);
      splits.push_back({std::move(chosen), ""});
    }
    return splits;
  }
  // Columns run by bin, and in each bin by kind of event, the censored last.
  const auto kinds = static_cast<std::size_t>(metric.outcomes_size());
  const std::size_t endings = kinds + 1;
  for (std::size_t kind = 0; kind <= kinds; ++kind) {  // the last: all kinds
    for (std::size_t edge = 0; edge <= columns / endings; ++edge) {
      Chosen chosen(columns, false);
      for (std::size_t column = 0; column < edge * endings; ++column) {
        const std::size_t ending = column % endings;
        chosen[column] = ending < kinds && (kind == kinds || ending == kind);
      }
      splits.push_back({std::move(chosen), ""});
    }
  }
  return splits;
}

// Moves the chosen cells' sum by `amount`: upwards in the last of them, downwards from the last one back, to
// zero.
void Move(Counts& counts, const Chosen& chosen, bool want, std::int64_t amount) {
  for (std::size_t i = counts.size(); i-- > 0 && amount != 0;) {
    if (chosen[i] != want || (amount < 0 && counts[i] <= 0)) continue;
    const std::int64_t step = std::max(amount, -counts[i]);
    counts[i] += step;
    amount -= step;
  }
}

std::vector<ExtremeRow> PartitionOfThresholded(const v1::Metric& metric, const SummedRow& row) {
  std::vector<ExtremeRow> extremes;
  for (const Split& split : SplitsOf(metric, row.values.size())) {
    Counts more(row.values.size());
    Counts less(row.values.size());
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      more[i] = split.chosen[i] ? row.cells[i].high : row.cells[i].low;
      less[i] = split.chosen[i] ? row.cells[i].low : row.cells[i].high;
    }
    extremes.push_back({std::move(more), split.column});
    extremes.push_back({std::move(less), split.column});
  }
  return extremes;
}

std::vector<ExtremeRow> PartitionOfNoised(const v1::Metric& metric, const SummedRow& row) {
  const Counts counts = PossibleCounts(metric, row.values);
  std::vector<ExtremeRow> extremes;
  for (const Split& split : SplitsOf(metric, counts.size())) {
    const auto chosen = static_cast<std::size_t>(std::count(split.chosen.begin(), split.chosen.end(), true));
    const std::int64_t radius = row.noise.Radius(chosen);
    const std::int64_t rest_radius = row.noise.Radius(counts.size() - chosen);
    Counts more = counts;
    Move(more, split.chosen, true, radius);
    Move(more, split.chosen, false, -rest_radius);
    Counts less = counts;
    Move(less, split.chosen, true, -radius);
    Move(less, split.chosen, false, rest_radius);
    extremes.push_back({std::move(more), split.column});
    extremes.push_back({std::move(less), split.column});
  }
  return extremes;
}

// A row with one numerator and the rest of its denominator; other numerators are nobody's business here.
ExtremeRow Ratio(std::size_t columns, std::size_t numerator, std::int64_t count, std::int64_t rest,
                 std::string id) {
  ExtremeRow row{Counts(columns, 0), std::move(id)};
  row.values[numerator] = count;
  row.values[columns - 1] = count + rest;
  return row;
}

// Moves at their fewest beside the most days, and the other way round: each rate is of one of both.
std::vector<ExtremeRow> MovesAgainstDays(absl::Span<const CellBounds> cells) {
  ExtremeRow fewest{Counts(cells.size()), ""};
  ExtremeRow most{Counts(cells.size()), ""};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool days = i + catalogue::kStates.size() >= cells.size();  // the states' person-days come last
    fewest.values[i] = days ? cells[i].high : cells[i].low;
    most.values[i] = days ? cells[i].low : cells[i].high;
  }
  return {fewest, most};
}

// Days are rounded to units before noise is drawn, each council's cell by at most a half; making an item's
// tables agree (reconcile.h) may bring into a cell as much again for every breakdown.
std::vector<ExtremeRow> TransitionOfNoised(const v1::Metric& metric, absl::Span<const std::int64_t> units,
                                           const SummedRow& row) {
  const Counts counts = PossibleCounts(metric, row.values);
  const auto tables = static_cast<std::uint64_t>(metric.breakdowns_size()) + 1;
  const auto rounding = static_cast<std::int64_t>((row.councils * tables + 1) / 2);
  const std::int64_t radius = row.noise.Radius(1);
  std::vector<CellBounds> cells;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::int64_t moved = units[i] == 1 ? radius : (radius + rounding) * units[i];
    cells.push_back({.low = std::max<std::int64_t>(0, counts[i] - moved), .high = counts[i] + moved});
  }
  return MovesAgainstDays(cells);
}

std::string NumeratorId(const v1::Metric& metric, std::size_t column) {
  return metric.kind() == v1::METRIC_KIND_PROPORTION ? metric.outcomes(static_cast<int>(column)).id() : "";
}

}  // namespace

std::vector<std::int64_t> PossibleCounts(const v1::Metric& metric, absl::Span<const std::int64_t> given) {
  Counts noised(given.begin(), given.end());
  if (noised.empty()) return noised;
  if (metric.kind() == v1::METRIC_KIND_TRANSITION) {
    for (std::int64_t& count : noised) count = std::max<std::int64_t>(0, count);
    return noised;
  }
  if (!IsPartition(metric)) {
    std::int64_t& denominator = noised.back();
    denominator = std::max<std::int64_t>(0, denominator);
    for (std::int64_t& count : noised) count = std::clamp<std::int64_t>(count, 0, denominator);
    return noised;
  }
  // What the cells below zero lack is taken from the others, from each the same but never more than it has:
  // smallest first, so that what a small one cannot give is shared by those after it.
  std::vector<std::size_t> order(noised.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return noised[a] < noised[b]; });
  std::int64_t lacking = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::int64_t& count = noised[order[i]];
    if (count < 0) {
      lacking -= count;
      count = 0;
      continue;
    }
    const auto left = static_cast<std::int64_t>(order.size() - i);
    const std::int64_t taken = std::min(count, (lacking + left - 1) / left);
    count -= taken;
    lacking -= taken;
  }
  return noised;
}

std::vector<ExtremeRow> ExtremesOfThresholded(const v1::Metric& metric, const SummedRow& row) {
  if (IsPartition(metric)) return PartitionOfThresholded(metric, row);
  if (metric.kind() == v1::METRIC_KIND_TRANSITION) return MovesAgainstDays(row.cells);
  const std::size_t columns = row.values.size();
  std::vector<ExtremeRow> extremes;
  for (std::size_t i = 0; i + 1 < columns; ++i) {
    extremes.push_back(Ratio(columns, i, row.cells[i].low, row.rests[i].high, NumeratorId(metric, i)));
    extremes.push_back(Ratio(columns, i, row.cells[i].high, row.rests[i].low, NumeratorId(metric, i)));
  }
  return extremes;
}

std::vector<ExtremeRow> ExtremesOfNoised(const v1::Metric& metric, absl::Span<const std::int64_t> units,
                                         const SummedRow& row) {
  if (IsPartition(metric)) return PartitionOfNoised(metric, row);
  if (metric.kind() == v1::METRIC_KIND_TRANSITION) return TransitionOfNoised(metric, units, row);
  const Counts counts = PossibleCounts(metric, row.values);
  const std::size_t columns = counts.size();
  const std::int64_t radius = row.noise.Radius(1);
  std::vector<ExtremeRow> extremes;
  for (std::size_t i = 0; i + 1 < columns; ++i) {
    const std::int64_t fewest = std::max<std::int64_t>(0, counts[i] - radius);
    const std::int64_t most = counts[i] + radius;
    const std::int64_t rest = counts.back() - counts[i];
    // The first outcome and its rest are noised apart; the denominator is their sum, so that a further
    // outcome's rest holds the noise of three cells.
    const std::int64_t rest_radius = i == 0 ? radius : row.noise.Radius(3);
    extremes.push_back(Ratio(columns, i, fewest, rest + rest_radius, NumeratorId(metric, i)));
    extremes.push_back(
        Ratio(columns, i, most, std::max<std::int64_t>(0, rest - rest_radius), NumeratorId(metric, i)));
  }
  return extremes;
}

}  // namespace waymark::coordinator
