#include "coordinator/benchmark/sum_noise.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "coordinator/benchmark/cell_bounds.h"
#include "statistics/noise_interval.h"

namespace waymark::coordinator {
namespace {

constexpr double kAlphaOfTwo = 0.025;
constexpr double kVarianceOfRounding = 1.0 / 12;
// exp(−ε/Δ) is 0 to a double beyond this: a noise that is never drawn.
constexpr double kNoNoise = 700;
// What is left is taken up to the next part of so many, so that sums of it, and of its square, are exact: the
// same in whatever order councils are added.
constexpr double kLeftParts = 1 << 20;

statistics::NoiseTerm TermOf(const NoiseLaw& law, double count) {
  return {.q = law.q, .count = count, .variance = law.variance, .skellam = law.skellam};
}

}  // namespace

void SumNoise::Add(const contract::Protection& protection, double left) {
  left = std::ceil(left * kLeftParts) / kLeftParts;
  const auto add = [&](const NoiseLaw& law, double count) {
    Cells& cells = councils_[law];
    cells.count += count;
    cells.left += left * count;
    cells.left_squared += left * left * count;
    cells.rounded += left < 1 ? 1 : 0;
  };
  const bool is_sum = protection.mode == v1::MODE_SECURE_SUM && protection.honest_shares > 0;
  const double count =
      is_sum ? static_cast<double>(protection.contributors) / static_cast<double>(protection.honest_shares)
             : 1;
  if (protection.rho_numerator != 0) {
    const double rho =
        static_cast<double>(protection.rho_numerator) / static_cast<double>(protection.rho_denominator);
    const double variance = is_sum ? static_cast<double>(protection.variance)
                                   : static_cast<double>(protection.sensitivity) / (2 * rho);
    add({.q = 0, .variance = variance, .skellam = is_sum}, count);
    return;
  }
  const double epsilon =
      static_cast<double>(protection.epsilon_numerator) / static_cast<double>(protection.epsilon_denominator);
  const auto sensitivity = static_cast<double>(protection.sensitivity);
  if (epsilon > kNoNoise * sensitivity) return;
  const absl::StatusOr<double> q = statistics::NoiseRatio(epsilon, sensitivity);
  if (q.ok()) {
    add({.q = *q}, count);
  } else {
    boundless_ = true;
  }
}

statistics::NoiseCumulants SumNoise::CumulantsOf(bool left) const {
  statistics::NoiseCumulants sum;
  if (boundless_) sum.variance = std::numeric_limits<double>::infinity();
  for (const auto& [law, cells] : councils_) {
    const statistics::NoiseCumulants one = statistics::CumulantsOf(TermOf(law, 1));
    if (!left) {
      sum += {.variance = cells.count * one.variance, .fourth = cells.count * one.fourth};
      continue;
    }
    // What least squares leave is rounded to whole counts again.
    sum += {.variance = std::min(cells.count * one.variance,
                                 cells.left * one.variance + cells.rounded * kVarianceOfRounding),
            .fourth = cells.left_squared * one.fourth};
  }
  return sum;
}

std::int64_t SumNoise::Radius(std::size_t cells) const {
  return RadiusAt(cells, kAlphaOfTwo);
}

std::int64_t SumNoise::RadiusOfOne() const {
  return RadiusAt(1, 2 * kAlphaOfTwo);
}

std::int64_t SumNoise::RadiusAt(std::size_t cells, double alpha) const {
  if (cells == 0) return 0;
  if (boundless_) return kUnbounded;
  if (councils_.empty()) return 0;
  NoiseLaws law;
  for (const auto& [one, of_it] : councils_) law[one] = of_it.count * static_cast<double>(cells);
  const auto known = radii_->find({law, alpha});
  if (known != radii_->end()) return known->second;
  std::vector<statistics::NoiseTerm> terms;
  for (const auto& [one, count] : law) {
    terms.push_back(TermOf(one, count));
  }
  const absl::StatusOr<statistics::NoiseSum> sum = statistics::NoiseSum::Create(std::move(terms));
  const absl::StatusOr<std::int64_t> radius =
      sum.ok() ? sum->Radius(alpha) : absl::StatusOr<std::int64_t>(sum.status());
  return (*radii_)[{law, alpha}] = radius.ok() ? *radius : kUnbounded;
}

}  // namespace waymark::coordinator
