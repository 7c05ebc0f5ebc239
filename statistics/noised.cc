#include "statistics/noised.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "statistics/binned.h"

namespace waymark::statistics {
namespace {

double Square(double x) {
  return x * x;
}

// Of a sum of cells of one law with these weights' squares and fourth powers.
NoiseCumulants Weighted(const NoiseCumulants& cell, double squares, double fourths) {
  return {.variance = squares * cell.variance, .fourth = fourths * cell.fourth};
}

// What noise does to x − p n.
NoiseCumulants NoiseOfScore(const ShareCells& cells, double p, const NoiseCumulants& cell) {
  const double own = Square(1 - p);
  const double others = Square(p);
  return Weighted(cell, cells.inside * own + cells.apart + cells.rest * others,
                  cells.inside * Square(own) + cells.apart + cells.rest * Square(others));
}

// Chance is taken to be normal: its variance counts, and no fourth cumulant.
double JointZ(double chance, NoiseCumulants noise) {
  noise.variance += chance;
  return ReachInDeviations(noise);
}

// What noise does to A − p n, A the members before a day in bin `at`, of which the share `within` is before.
NoiseCumulants NoiseOfCumulative(std::size_t bins, std::size_t at, double within, double p,
                                 const NoiseCumulants& cell) {
  const double before = Square(1 - p) * static_cast<double>(at);
  const double after = Square(p) * static_cast<double>(bins - at - 1);
  const double partly = Square(within - p);
  return Weighted(cell, before + partly + after, Square(1 - p) * before + Square(partly) + Square(p) * after);
}

}  // namespace

double ReachInDeviations(const NoiseCumulants& law) {
  if (!(law.variance > 0)) return kZ95;
  const double excess = law.fourth / Square(law.variance);
  const double widened = kZ95 * (1 + (Square(kZ95) - 3) / 24 * std::max(0.0, excess));
  return std::min(widened, std::sqrt(20.0));
}

double NoiseReach(absl::Span<const double> weights, const NoiseCumulants& cell) {
  double squares = 0;
  double fourths = 0;
  for (const double weight : weights) {
    squares += Square(weight);
    fourths += Square(Square(weight));
  }
  const NoiseCumulants law = Weighted(cell, squares, fourths);
  return ReachInDeviations(law) * std::sqrt(law.variance);
}

absl::StatusOr<Interval> NoisedShareInterval(double successes, double trials, const ShareCells& cells,
                                             const NoiseCumulants& cell) {
  const absl::StatusOr<Interval> sampling = WilsonInterval(successes, trials);
  if (!sampling.ok() || !(cell.variance > 0)) return sampling;
  const double share = successes / trials;
  const double z2 = Square(JointZ(trials * share * (1 - share), NoiseOfScore(cells, share, cell)));
  // a p² − 2 b p + c ≤ 0.
  const double noise = z2 * cell.variance;
  const double a = Square(trials) + z2 * trials - noise * (cells.inside + cells.rest);
  const double b = successes * trials + z2 * trials / 2 - noise * cells.inside;
  const double c = Square(successes) - noise * (cells.inside + cells.apart);
  if (!(a > 0) || !std::isfinite(noise)) return Interval{.lower = 0, .upper = 1};
  const double reach = std::sqrt(std::max(0.0, b * b - a * c));
  return Interval{.lower = std::clamp((b - reach) / a, 0.0, share),
                  .upper = std::clamp((b + reach) / a, share, 1.0)};
}

absl::StatusOr<std::optional<QuantileEnds>> NoisedQuantileInterval(
    absl::Span<const std::uint32_t> upper_edges, absl::Span<const std::int64_t> counts, double p,
    const NoiseCumulants& cell) {
  const absl::StatusOr<std::optional<double>> quantile = QuantileOfBins(upper_edges, counts, p);
  if (!quantile.ok()) return quantile.status();
  if (!quantile->has_value()) return std::nullopt;
  double members = 0;
  for (const std::int64_t count : counts) members += static_cast<double>(std::max<std::int64_t>(count, 0));
  const auto at = static_cast<std::size_t>(
      std::upper_bound(upper_edges.begin(), upper_edges.end(), **quantile) - upper_edges.begin());
  double before = 0;
  for (std::size_t i = 0; i < at; ++i) before += static_cast<double>(std::max<std::int64_t>(counts[i], 0));
  const double within =
      std::clamp((p * members - before) / std::max(1.0, static_cast<double>(counts[at])), 0.0, 1.0);
  const NoiseCumulants noise = NoiseOfCumulative(counts.size(), at, within, p, cell);
  const double chance = members * p * (1 - p);
  const double size = Square(members) * p * (1 - p) / (chance + noise.variance);
  const absl::StatusOr<Interval> shares = WilsonInterval(p * size, size, JointZ(chance, noise));
  if (!shares.ok()) return shares.status();
  QuantileEnds ends;
  ends.lower = QuantileOfBins(upper_edges, counts, std::max(shares->lower, 1e-12)).value_or(std::nullopt);
  ends.upper = QuantileOfBins(upper_edges, counts, shares->upper).value_or(std::nullopt);
  return ends;
}

}  // namespace waymark::statistics
