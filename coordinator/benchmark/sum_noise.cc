#include "coordinator/benchmark/sum_noise.h"

#include <limits>
#include <utility>
#include <vector>

#include "coordinator/benchmark/cell_bounds.h"
#include "statistics/noise_interval.h"

namespace waymark::coordinator {
namespace {

constexpr double kAlpha = 0.025;
// exp(−ε/Δ) is 0 to a double beyond this: a noise that is never drawn.
constexpr double kNoNoise = 700;

statistics::NoiseTerm TermOf(const NoiseLaw& law, double count) {
  return {.q = law.q, .count = count, .variance = law.variance, .skellam = law.skellam};
}

}  // namespace

void SumNoise::Add(const contract::Protection& protection) {
  const bool is_sum = protection.mode == v1::MODE_SECURE_SUM && protection.honest_shares > 0;
  const double count =
      is_sum ? static_cast<double>(protection.contributors) / static_cast<double>(protection.honest_shares)
             : 1;
  if (protection.rho_numerator != 0) {
    const double rho =
        static_cast<double>(protection.rho_numerator) / static_cast<double>(protection.rho_denominator);
    const double variance = is_sum ? static_cast<double>(protection.variance)
                                   : static_cast<double>(protection.sensitivity) / (2 * rho);
    councils_[{.q = 0, .variance = variance, .skellam = is_sum}] += count;
    return;
  }
  const double epsilon =
      static_cast<double>(protection.epsilon_numerator) / static_cast<double>(protection.epsilon_denominator);
  const auto sensitivity = static_cast<double>(protection.sensitivity);
  if (epsilon > kNoNoise * sensitivity) return;
  const absl::StatusOr<double> q = statistics::NoiseRatio(epsilon, sensitivity);
  if (q.ok()) {
    councils_[{.q = *q}] += count;
  } else {
    boundless_ = true;
  }
}

double SumNoise::Variance() const {
  if (boundless_) return std::numeric_limits<double>::infinity();
  double variance = 0;
  for (const auto& [one, count] : councils_) variance += statistics::VarianceOf(TermOf(one, count));
  return variance;
}

std::int64_t SumNoise::Radius(std::size_t cells) const {
  if (cells == 0) return 0;
  if (boundless_) return kUnbounded;
  if (councils_.empty()) return 0;
  NoiseLaws law;
  for (const auto& [one, count] : councils_) law[one] = count * static_cast<double>(cells);
  const auto known = radii_->find(law);
  if (known != radii_->end()) return known->second;
  std::vector<statistics::NoiseTerm> terms;
  for (const auto& [one, count] : law) {
    terms.push_back(TermOf(one, count));
  }
  const absl::StatusOr<statistics::NoiseSum> sum = statistics::NoiseSum::Create(std::move(terms));
  const absl::StatusOr<std::int64_t> radius =
      sum.ok() ? sum->Radius(kAlpha) : absl::StatusOr<std::int64_t>(sum.status());
  return (*radii_)[law] = radius.ok() ? *radius : kUnbounded;
}

}  // namespace waymark::coordinator
