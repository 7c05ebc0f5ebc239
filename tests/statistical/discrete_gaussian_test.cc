// The law of discrete Gaussian noise as it is drawn, from the system's generator. Every test states how often
// it fails though nothing is wrong; together less than once in 10^5 runs.
#include "crypto/discrete_gaussian.h"

#include <cmath>
#include <iostream>

#include "tests/statistical/laws.h"
#include "tests/testing/status_matchers.h"

namespace waymark::crypto {
namespace {

// By plain summation in floating point.
testing::ExactLaw LawOf(double variance) {
  const auto weight = [variance](std::int64_t x) {
    return std::exp(-static_cast<double>(x) * static_cast<double>(x) / (2 * variance));
  };
  const auto end = static_cast<std::int64_t>(40 * std::sqrt(variance)) + 2;
  double total = 1;
  for (std::int64_t x = 1; x <= end; ++x) total += 2 * weight(x);
  return {.mass = [=](std::int64_t x) { return weight(x) / total; },
          .upper_tail =
              [=](std::int64_t from) {
                double sum = 0;
                for (std::int64_t x = from; x <= end; ++x) sum += weight(x);
                return sum / total;
              }};
}

class DiscreteGaussianLawTest : public ::testing::TestWithParam<Variance> {};

// False-failure rate: 10^−6 each for the law, 6 · 10^−7 each for the correlation (five standard deviations).
TEST_P(DiscreteGaussianLawTest, HasTheExactLaw) {
  constexpr std::size_t kSamples = 1'000'000;
  const auto [numerator, denominator] = GetParam();
  ASSERT_OK_AND_ASSIGN(const DiscreteGaussian noise, DiscreteGaussian::Create(GetParam()));
  SystemRandom random;
  std::vector<std::int64_t> samples(kSamples);
  ASSERT_OK(noise.Sample(random, absl::MakeSpan(samples)));
  const testing::Fit fit =
      testing::ChiSquared(LawOf(static_cast<double>(numerator) / static_cast<double>(denominator)), samples);
  std::cout << "chi-squared " << fit.statistic << " on " << fit.degrees << " degrees, limit " << fit.limit
            << "\n";
  EXPECT_LT(fit.statistic, fit.limit);
  EXPECT_LT(std::abs(testing::NeighbourCorrelation(samples)), 5 / std::sqrt(static_cast<double>(kSamples)));
}

INSTANTIATE_TEST_SUITE_P(Variances, DiscreteGaussianLawTest,
                         ::testing::Values(Variance{5, 2}, Variance{50, 1}, Variance{200, 1},
                                           Variance{10'000, 1}));

// As for the discrete Laplace: six standard deviations, false-failure rate 2 · 10^−9.
TEST(DiscreteGaussianTimingTest, DoesNotTellTheSample) {
  ASSERT_OK_AND_ASSIGN(const DiscreteGaussian noise, DiscreteGaussian::Create({50, 1}));
  ASSERT_OK_AND_ASSIGN(
      const testing::Timing timing,
      testing::MeasureTiming(
          [&](RandomSource& random, absl::Span<std::int64_t> out) { return noise.Sample(random, out); },
          400'000));
  std::cout << "correlation of |x| and time " << timing.correlation << ", median time " << timing.median_ns
            << " ns\n";
  EXPECT_LT(std::abs(timing.correlation), 0.01);
}

}  // namespace
}  // namespace waymark::crypto
