#include "statistics/noise_interval.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "absl/strings/str_cat.h"

namespace waymark::statistics {
namespace {

constexpr double kMassLeftOut = 1e-13;
constexpr std::int64_t kLargestRange = 1 << 20;
constexpr double kLeastAlpha = 1e-9;
constexpr double kMostVariance = 1e9;

absl::Status CheckRatio(double q) {
  if (q > 0 && q < 1) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("q: expected between 0 and 1, got ", q));
}

absl::Status CheckVariance(double variance) {
  if (variance > 0 && variance <= kMostVariance) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("variance: expected above 0 and at most ", kMostVariance, ", got ", variance));
}

// Σ_x exp(−x²/(2σ²)) cos(θx) over its value at θ = 0, as a logarithm, for θ in [0, π]. Where σ is not small,
// by Poisson's summation: exp(−σ²θ²/2) Σ_k exp(−σ²(2π²k² + 2πkθ)) over the same at θ = 0, whose terms fall
// fast.
double LogOfGaussian(double variance, double angle) {
  if (variance < 0.5) {
    double at_angle = 1;
    double at_zero = 1;
    for (int x = 1; x <= 12; ++x) {
      const double weight = 2 * std::exp(-x * x / (2 * variance));
      at_angle += weight * std::cos(angle * x);
      at_zero += weight;
    }
    return std::log(at_angle / at_zero);
  }
  constexpr double kPi = std::numbers::pi;
  double at_angle = 0;
  double at_zero = 0;
  for (int k = -3; k <= 3; ++k) {
    at_angle += std::exp(-variance * (2 * kPi * kPi * k * k + 2 * kPi * k * angle));
    at_zero += std::exp(-variance * 2 * kPi * kPi * k * k);
  }
  return -variance * angle * angle / 2 + std::log(at_angle / at_zero);
}

// The logarithm of the characteristic function's value.
double LogCharacteristic(const std::vector<NoiseTerm>& terms, double angle) {
  double sum = 0;
  for (const NoiseTerm& term : terms) {
    const double count = term.count;
    const double half = std::sin(angle / 2);
    if (term.skellam) {
      sum -= count * term.variance * 2 * half * half;
      continue;
    }
    if (term.variance > 0) {
      sum += count * LogOfGaussian(term.variance, angle);
      continue;
    }
    // (1 − q)² + 2q (1 − cos θ) is the denominator without cancellation near θ = 0.
    const double rest = (1 - term.q) * (1 - term.q);
    sum -= count * std::log1p(4 * term.q * half * half / rest);
  }
  return sum;
}

// Of the discrete Gaussian, whose variance is below σ² and whose tails are not a normal law's where σ is
// small.
NoiseCumulants GaussianCumulants(double variance) {
  if (variance > 10) return {.variance = variance, .fourth = 0};
  double weights = 1;
  double squares = 0;
  double fourths = 0;
  for (int x = 1; x <= 150; ++x) {
    const double square = static_cast<double>(x) * x;
    const double weight = 2 * std::exp(-square / (2 * variance));
    weights += weight;
    squares += weight * square;
    fourths += weight * square * square;
  }
  const double own = squares / weights;
  return {.variance = own, .fourth = fourths / weights - 3 * own * own};
}

}  // namespace

absl::StatusOr<double> NoiseRatio(double epsilon, double sensitivity) {
  if (!std::isfinite(epsilon) || epsilon <= 0 || !std::isfinite(sensitivity) || sensitivity <= 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "epsilon and sensitivity: expected finite numbers above 0, got ", epsilon, " and ", sensitivity));
  }
  const double q = std::exp(-epsilon / sensitivity);
  if (absl::Status status = CheckRatio(q); !status.ok()) return status;
  return q;
}

double NoiseVariance(double q) {
  return 2 * q / ((1 - q) * (1 - q));
}

double NoiseTail(double q, std::int64_t r) {
  return 2 * std::pow(q, static_cast<double>(r) + 1) / (1 + q);
}

absl::StatusOr<std::int64_t> NoiseRadius(double q, double alpha) {
  if (absl::Status status = CheckRatio(q); !status.ok()) return status;
  if (!(alpha > 0 && alpha < 1)) {
    return absl::InvalidArgumentError(absl::StrCat("alpha: expected between 0 and 1, got ", alpha));
  }
  const double radius = std::ceil(std::log(alpha * (1 + q) / 2) / std::log(q)) - 1;
  if (radius > 9e15)
    return absl::InvalidArgumentError(absl::StrCat("q: too near to 1 for a radius, got ", q));
  return static_cast<std::int64_t>(std::max(0.0, radius));
}

absl::StatusOr<std::int64_t> GaussianNoiseRadius(double variance, double alpha) {
  if (absl::Status status = CheckVariance(variance); !status.ok()) return status;
  if (!(alpha >= kLeastAlpha && alpha < 1)) {
    return absl::InvalidArgumentError(
        absl::StrCat("alpha: expected from ", kLeastAlpha, " to below 1, got ", alpha));
  }
  // From the far end, so that small weights are not lost beside large ones.
  const auto end = static_cast<std::int64_t>(std::ceil(40 * std::sqrt(variance)));
  const auto weight = [variance](std::int64_t x) {
    return 2 * std::exp(-static_cast<double>(x) * static_cast<double>(x) / (2 * variance));
  };
  double total = 0;
  for (std::int64_t x = end; x > 0; --x) total += weight(x);
  total += 1;
  double beyond = 0;
  std::int64_t radius = end;
  while (radius > 0 && beyond + weight(radius) <= alpha * total) beyond += weight(radius--);
  return radius;
}

NoiseCumulants& NoiseCumulants::operator+=(const NoiseCumulants& more) {
  variance += more.variance;
  fourth += more.fourth;
  return *this;
}

NoiseCumulants CumulantsOf(const NoiseTerm& term) {
  NoiseCumulants one;
  if (term.skellam) {
    one = {.variance = term.variance, .fourth = term.variance};
  } else if (term.variance > 0) {
    one = GaussianCumulants(term.variance);
  } else {
    const double q = term.q;
    one = {.variance = NoiseVariance(q), .fourth = 2 * q * (1 + 4 * q + q * q) / std::pow(1 - q, 4)};
  }
  return {.variance = term.count * one.variance, .fourth = term.count * one.fourth};
}

double VarianceOf(const NoiseTerm& term) {
  return CumulantsOf(term).variance;
}

NoiseSum::NoiseSum(std::vector<NoiseTerm> terms) : terms_(std::move(terms)) {
  for (const NoiseTerm& term : terms_) {
    variance_ += VarianceOf(term);
  }
  while (range_ <= kLargestRange && ChernoffTail(static_cast<double>(range_)) > kMassLeftOut) {
    range_ = std::max<std::int64_t>(1, 2 * range_);
  }
  exact_ = range_ <= kLargestRange;
  if (!exact_) return;
  const double angle = 2 * std::numbers::pi / static_cast<double>(2 * range_ + 1);
  weights_.resize(static_cast<std::size_t>(range_) + 1);
  for (std::int64_t j = 1; j <= range_; ++j) {
    const double at = angle * static_cast<double>(j);
    weights_[static_cast<std::size_t>(j)] = 2 * std::exp(LogCharacteristic(terms_, at)) / std::sin(at / 2);
  }
}

absl::StatusOr<NoiseSum> NoiseSum::Create(std::vector<NoiseTerm> terms) {
  for (const NoiseTerm& term : terms) {
    const bool gaussian = term.variance != 0 || term.skellam;
    if (absl::Status status = gaussian ? CheckVariance(term.variance) : CheckRatio(term.q); !status.ok()) {
      return status;
    }
    if (!(term.count >= 0) || !std::isfinite(term.count))
      return absl::InvalidArgumentError(absl::StrCat("count: expected from 0, got ", term.count));
  }
  terms.erase(
      std::remove_if(terms.begin(), terms.end(), [](const NoiseTerm& term) { return term.count == 0; }),
      terms.end());
  return NoiseSum(std::move(terms));
}

// P(|sum| > r) ≤ 2 e^(−s r) Π M(s)^count for every s below −ln q of the slowest term, where
// M(s) = (1 − q)²/((1 − q e^s)(1 − q e^−s)), or exp(s²σ²/2) for a Gaussian one, exp(μ(cosh s − 1)) for a
// Skellam one; the least over a grid of s, which without the first kind reaches to twice what were best of
// Gaussian terms alone, r/Σσ² (for Skellam terms the best is below that).
double NoiseSum::ChernoffTail(double r) const {
  if (terms_.empty()) return 0;
  double slowest = 0;
  double gaussian = 0;
  for (const NoiseTerm& term : terms_) {
    if (term.variance > 0) {
      gaussian += term.count * term.variance;
    } else {
      slowest = std::max(slowest, term.q);
    }
  }
  const double limit = slowest > 0 ? -std::log(slowest) : 2 * r / gaussian;
  double least = 1;
  for (int step = 1; step < 200; ++step) {
    const double s = limit * step / 200;
    double exponent = std::log(2) - s * r;
    for (const NoiseTerm& term : terms_) {
      const double moment = term.skellam ? term.variance * (std::cosh(s) - 1)
                            : term.variance > 0
                                ? s * s * term.variance / 2
                                : 2 * std::log1p(-term.q) - std::log1p(-term.q * std::exp(s)) -
                                      std::log1p(-term.q * std::exp(-s));
      exponent += term.count * moment;
    }
    least = std::min(least, std::exp(exponent));
  }
  return least;
}

double NoiseSum::Tail(std::int64_t r) const {
  if (r < 0) return 1;
  if (!exact_) return ChernoffTail(static_cast<double>(r));
  if (r >= range_) return 0;
  // P(|sum| ≤ r) as the sum of its characteristic function times Dirichlet's kernel over the roots of unity,
  // sin(width · half)/sin(half). The sines of equal steps follow from each other by rotation, begun anew so
  // often that no error adds up.
  constexpr std::int64_t kAnew = 32;
  const double roots = static_cast<double>(2 * range_ + 1);
  const double width = static_cast<double>(2 * r + 1);
  const double step = width * std::numbers::pi / roots;
  const double cosine = std::cos(step);
  const double sine = std::sin(step);
  double inside = width;
  double x = 1;
  double y = 0;
  for (std::int64_t j = 1; j <= range_; ++j) {
    if (j % kAnew == 1) {
      x = std::cos(step * static_cast<double>(j));
      y = std::sin(step * static_cast<double>(j));
    } else {
      const double turned = x * cosine - y * sine;
      y = x * sine + y * cosine;
      x = turned;
    }
    inside += weights_[static_cast<std::size_t>(j)] * y;
  }
  return std::clamp(1 - inside / roots, 0.0, 1.0);
}

absl::StatusOr<std::int64_t> NoiseSum::Radius(double alpha) const {
  if (!(alpha >= kLeastAlpha && alpha < 1)) {
    return absl::InvalidArgumentError(
        absl::StrCat("alpha: expected from ", kLeastAlpha, " to below 1, got ", alpha));
  }
  std::int64_t high = 1;
  while (Tail(high) > alpha) high *= 2;
  std::int64_t low = -1;  // Tail(low) > alpha ≥ Tail(high)
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (Tail(middle) > alpha ? low : high) = middle;
  }
  return high;
}

Interval SquareAndAdd(double estimate, Interval a, Interval b) {
  return {.lower = estimate - std::hypot(estimate - a.lower, estimate - b.lower),
          .upper = estimate + std::hypot(a.upper - estimate, b.upper - estimate)};
}

absl::StatusOr<Interval> RatioInterval(double numerator, double denominator, ErrorBox box) {
  if (!(box.numerator >= 0 && box.denominator >= 0) || !std::isfinite(box.numerator) ||
      !std::isfinite(box.denominator)) {
    return absl::InvalidArgumentError(
        absl::StrCat("radii: expected finite numbers from 0, got ", box.numerator, " and ", box.denominator));
  }
  const double inside = std::clamp(numerator, 0.0, std::max(denominator, 0.0));
  absl::StatusOr<Interval> sampling = WilsonInterval(inside, denominator);
  if (!sampling.ok()) return sampling.status();
  const double least_denominator = denominator - box.denominator;
  const Interval error = {
      .lower = std::clamp((inside - box.numerator) / (denominator + box.denominator), 0.0, 1.0),
      .upper =
          least_denominator <= 0 ? 1 : std::clamp((inside + box.numerator) / least_denominator, 0.0, 1.0)};
  const Interval joined = SquareAndAdd(inside / denominator, *sampling, error);
  return Interval{.lower = std::max(0.0, joined.lower), .upper = std::min(1.0, joined.upper)};
}

}  // namespace waymark::statistics
