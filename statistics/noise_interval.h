// How far noise of known law can have moved a published number, and how that joins the uncertainty of
// sampling.
//
// A noised cell carries discrete Laplace noise X: P(X = x) = (1 − q)/(1 + q) q^|x|, q = exp(−ε/Δ); or
// discrete Gaussian noise: P(X = x) proportional to exp(−x²/(2σ²)). A benchmark adds up the cells of many
// councils, so its noise is a sum of independent such variables, whose law is found here from the
// characteristic functions, ((1 − q)²/(1 − 2q cos θ + q²))^n for n of the first, for the second a quotient of
// theta functions, and exp(−μ(1 − cos θ)) for Skellam noise of variance μ: exact but for the mass beyond a
// range chosen so that Chernoff's bound leaves less than 10^−13 outside. Pure functions; NoiseSum is
// immutable: thread-safe. Sources: Ghosh, Roughgarden, Sundararajan (2009) for the law; Abate and Whitt, "The
// Fourier-Series Method for Inverting Transforms of Probability Distributions" (1992) for the inversion;
// Canonne, Kamath, Steinke (2020), for the discrete Gaussian and that it is σ²-subgaussian.
#ifndef WAYMARK_STATISTICS_NOISE_INTERVAL_H_
#define WAYMARK_STATISTICS_NOISE_INTERVAL_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "statistics/intervals.h"

namespace waymark::statistics {

// q = exp(−ε/Δ). INVALID_ARGUMENT unless both are finite and above 0 and q lies within (0, 1) as a double.
absl::StatusOr<double> NoiseRatio(double epsilon, double sensitivity);

// 2q/(1 − q)².
double NoiseVariance(double q);

// P(|X| > r) = 2 q^(r + 1)/(1 + q), for r from 0.
double NoiseTail(double q, std::int64_t r);

// The least r with P(|X| > r) ≤ alpha: ⌈ln(α(1 + q)/2)/ln q⌉ − 1. 95%: 30, 6, 3, 1 for ε/Δ = .1, .5, 1, 2. q
// in (0, 1) and alpha in (0, 1); else INVALID_ARGUMENT.
absl::StatusOr<std::int64_t> NoiseRadius(double q, double alpha);

// The least r with P(|X| > r) ≤ alpha for the discrete Gaussian, by summation. 95%: 14 and 28 for σ² = 50 and
// 200. INVALID_ARGUMENT unless σ² lies in (0, 10^9] and alpha in [10^−9, 1).
absl::StatusOr<std::int64_t> GaussianNoiseRadius(double variance, double alpha);

// `count` independent variables of one law: discrete Laplace of this q, or, where `variance` is above 0,
// discrete Gaussian of that σ² or Skellam of that variance. A count that is not whole is of shares of
// distributed noise: the shape of the two negative binomials whose difference the first law is, or a part of
// the Skellam law's variance.
struct NoiseTerm {
  double q = 0;
  double count = 1;
  double variance = 0;
  bool skellam = false;
};

// Of all `count` variables together; 0 where there are none.
double VarianceOf(const NoiseTerm& term);

// Second and fourth cumulant, which add up over independent variables: a law's weight in its middle and its
// tails. Of discrete Laplace noise 2q/(1 − q)² and 2q(1 + 4q + q²)/(1 − q)⁴ (twice those of a geometric
// variable), of Skellam noise its variance twice.
struct NoiseCumulants {
  double variance = 0;
  double fourth = 0;
  NoiseCumulants& operator+=(const NoiseCumulants& more);
};
// Of all `count` variables together.
NoiseCumulants CumulantsOf(const NoiseTerm& term);

// The law of the sum of independent terms.
class NoiseSum {
 public:
  // INVALID_ARGUMENT on a q outside (0, 1), a σ² above 10^9 or not finite, or a count below 0. No terms: no
  // noise.
  static absl::StatusOr<NoiseSum> Create(std::vector<NoiseTerm> terms);

  double variance() const { return variance_; }
  // P(|sum| > r). Good to 10^−11; where the range would pass 2^20, Chernoff's bound, which is never too
  // small.
  double Tail(std::int64_t r) const;
  // The least r with Tail(r) ≤ alpha. INVALID_ARGUMENT unless alpha lies within [10^−9, 1).
  absl::StatusOr<std::int64_t> Radius(double alpha) const;
  // Whether Tail is exact rather than Chernoff's bound.
  bool exact() const { return exact_; }

 private:
  explicit NoiseSum(std::vector<NoiseTerm> terms);
  double ChernoffTail(double r) const;

  std::vector<NoiseTerm> terms_;
  double variance_ = 0;
  bool exact_ = true;
  std::int64_t range_ = 0;  // |sum| stays within this but for 10^−13
  // Twice the characteristic function at θ = 2πj/(2 range + 1) over sin(θ/2), for j = 1 … range.
  std::vector<double> weights_;
};

// How far the published parts of a ratio may be off on either side: noise radii, half the base of a rounding,
// the span of suppressed counts.
struct ErrorBox {
  double numerator = 0;
  double denominator = 0;
};

// An interval for a proportion x/n whose parts are both uncertain: Wilson's interval [w₁, w₂] for sampling,
// and for the parts' own errors [e₁, e₂] = [(x − a)/(n + b), (x + a)/(n − b)] over the box of radii a and b,
// cut to [0, 1]; joined by squaring and adding the distances from p = x/n: p − √((p − w₁)² + (p − e₁)²), p +
// √((w₂ − p)² + (e₂ − p)²), cut to [0, 1]. Without error it is Wilson's. For 95%, take noise radii at 97.5%
// each: the box then holds both with at least 95% (Bonferroni). Source: square-and-add, Newcombe, "Interval
// Estimation for the Difference between Independent Proportions" (1998), and Zou and Donner, "Construction of
// Confidence Limits about Effect Measures" (2008). x outside [0, n], as noise makes it, is brought inside.
// INVALID_ARGUMENT unless n > 0 and the radii are from 0.
absl::StatusOr<Interval> RatioInterval(double numerator, double denominator, ErrorBox box);

// The joining alone: two independent intervals of one estimate.
Interval SquareAndAdd(double estimate, Interval a, Interval b);

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_NOISE_INTERVAL_H_
