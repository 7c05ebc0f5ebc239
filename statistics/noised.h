// 95% intervals of figures that are made of noised counts: what chance in sampling and the noise of all their
// cells could have done together. The noise enters by its own law over the whole figure: what independent
// noise in many cells does to one number, and not the worst of each cell at once.
//
// Noise in a figure is Σ w X over cells, w the weight of a cell (a gradient), X independent and of one law.
// Its variance is Σ w² σ²; that its tails are heavier than a normal law's is taken account of by the first
// term of Cornish and Fisher's expansion: half the width is z (1 + (z² − 3)/24 · κ₄/σ⁴) standard deviations,
// κ₄ = Σ w⁴ κ₄(X), and never more than √20 (Chebyshev). Two kinds of figure:
//
// - A share x/n: all p that the score test does not refuse, (x − p n)² ≤ z² (n p (1 − p) + Var(noise of x −
//   p n)): Wilson's interval where there is no noise; everything where the noise could be all of n (Fieller).
// - A quantile from bins: the durations x at which the share of members up to x is not refused to be p, by
//   the same test (Woodruff 1952): the quantiles of Wilson's ends for p at the effective size p(1 − p) n² /
//   Var(A(x) − p n), A(x) the members up to x.
//
// Sources: Wilson (1927) and Woodruff (1952) as in intervals.h and binned.h; Fieller, "Some Problems in
// Interval Estimation" (1954); Cornish and Fisher, "Moments and Cumulants in the Specification of
// Distributions" (1938); Kish, "Survey Sampling" (1965), 8.2, for the effective size. Pure functions:
// thread-safe.
#ifndef WAYMARK_STATISTICS_NOISED_H_
#define WAYMARK_STATISTICS_NOISED_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "statistics/intervals.h"
#include "statistics/noise_interval.h"

namespace waymark::statistics {

// How many standard deviations from the middle 95% of a symmetric law of these cumulants reach.
double ReachInDeviations(const NoiseCumulants& law);

// Half the width of the 95% interval of Σ w X, each X of that law.
double NoiseReach(absl::Span<const double> weights, const NoiseCumulants& cell);

// Which noised cells are in the parts of a share x/n.
struct ShareCells {
  int inside = 0;  // in x, and so in n
  int rest = 0;    // in n alone
  int apart = 0;   // in x alone, n being known from other cells
};

// INVALID_ARGUMENT unless 0 ≤ successes ≤ trials, trials > 0, all finite.
absl::StatusOr<Interval> NoisedShareInterval(double successes, double trials, const ShareCells& cells,
                                             const NoiseCumulants& cell);

// Days, as QuantileOfBins has them. An end that lies in the open bin is none.
struct QuantileEnds {
  std::optional<double> lower;
  std::optional<double> upper;
};

// Of counts that are noised bin by bin. Nothing where the quantile itself lies in the open bin, or nobody is
// there. Errors of QuantileOfBins.
absl::StatusOr<std::optional<QuantileEnds>> NoisedQuantileInterval(
    absl::Span<const std::uint32_t> upper_edges, absl::Span<const std::int64_t> counts, double p,
    const NoiseCumulants& cell);

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_NOISED_H_
