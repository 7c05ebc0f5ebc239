// The law of the noise as it is drawn, from the system's generator: 5 · 10^6 samples in all, and 4 · 10^5
// that are timed. Every test states how often it fails though nothing is wrong; together less than once in
// 10^5 runs. A scale wrong by 5% or a doubled zero fails the chi-squared tests by tens of standard
// deviations.
#include "crypto/discrete_laplace.h"

#include <cmath>
#include <iostream>

#include "tests/statistical/laws.h"
#include "tests/testing/status_matchers.h"

namespace waymark::crypto {
namespace {

std::vector<std::int64_t> Draw(Epsilon epsilon, std::uint64_t sensitivity, std::size_t count) {
  const auto noise = DiscreteLaplace::Create(epsilon, sensitivity);
  EXPECT_OK(noise);
  SystemRandom random;
  std::vector<std::int64_t> samples(count);
  if (noise.ok()) {
    EXPECT_OK(noise->Sample(random, absl::MakeSpan(samples)));
  }
  return samples;
}

double Ratio(Epsilon epsilon, std::uint64_t sensitivity) {
  return static_cast<double>(epsilon.numerator) / static_cast<double>(epsilon.denominator) /
         static_cast<double>(sensitivity);
}

struct Parameters {
  Epsilon epsilon;
  std::uint64_t sensitivity;
};

class DiscreteLaplaceLawTest : public ::testing::TestWithParam<Parameters> {};

// False-failure rate: 10^−6 each for the law, 6 · 10^−7 each for the correlation (five standard deviations).
TEST_P(DiscreteLaplaceLawTest, HasTheExactLaw) {
  constexpr std::size_t kSamples = 200'000;
  const auto [epsilon, sensitivity] = GetParam();
  const std::vector<std::int64_t> samples = Draw(epsilon, sensitivity, kSamples);
  const testing::Fit fit =
      testing::ChiSquared(testing::DiscreteLaplaceLaw(std::exp(-Ratio(epsilon, sensitivity))), samples);
  std::cout << "chi-squared " << fit.statistic << " on " << fit.degrees << " degrees, limit " << fit.limit
            << "\n";
  EXPECT_LT(fit.statistic, fit.limit);
  EXPECT_LT(std::abs(testing::NeighbourCorrelation(samples)), 5 / std::sqrt(static_cast<double>(kSamples)));
}

INSTANTIATE_TEST_SUITE_P(Laws, DiscreteLaplaceLawTest,
                         ::testing::Values(Parameters{{1, 10}, 1}, Parameters{{1, 1}, 1},
                                           Parameters{{1, 1}, 5}, Parameters{{3, 2}, 1}));

class EventRatioTest : public ::testing::TestWithParam<Epsilon> {};

// The guarantee itself, from 10^6 draws for each ε of the design. Five standard deviations of the logarithm
// of the measured ratio: false-failure rate 6 · 10^−7 each. (10^7 draws: tests/long/noise.sh.)
TEST_P(EventRatioTest, NeighboursDifferByExactlyEToTheEpsilon) {
  ASSERT_OK_AND_ASSIGN(const DiscreteLaplace noise, DiscreteLaplace::Create(GetParam(), 1));
  ASSERT_OK_AND_ASSIGN(
      const testing::EventRatio measured,
      testing::MeasureEventRatio(
          [&](RandomSource& random, absl::Span<std::int64_t> out) { return noise.Sample(random, out); },
          500'000));
  const double epsilon = Ratio(GetParam(), 1);
  std::cout << "log ratio " << measured.log_ratio << " for epsilon " << epsilon << ", deviation "
            << measured.deviation << "\n";
  EXPECT_NEAR(measured.log_ratio, epsilon, 5 * measured.deviation);
}

INSTANTIATE_TEST_SUITE_P(Epsilons, EventRatioTest,
                         ::testing::Values(Epsilon{1, 10}, Epsilon{1, 2}, Epsilon{1, 1}, Epsilon{2, 1}));

// At the least ε/Δ all 37 bits are in use. X/10^9 is then Laplace to nine digits: |X|/10^9 has mean 1 and
// deviation 1, and is below ln 2 half the time. Six standard deviations: false-failure rate 2 · 10^−9 each.
TEST(DiscreteLaplaceScaleTest, IsRight_AtTheLeastEpsilon) {
  constexpr std::size_t kSamples = 20'000;
  const std::vector<std::int64_t> samples = Draw({1, 1'000'000'000}, 1, kSamples);
  double sum = 0;
  int small = 0;
  int positive = 0;
  for (const std::int64_t x : samples) {
    const double size = std::abs(static_cast<double>(x)) / 1e9;
    sum += size;
    small += size < std::log(2.0) ? 1 : 0;
    positive += x > 0 ? 1 : 0;
  }
  const double n = kSamples;
  EXPECT_NEAR(sum / n, 1, 6 / std::sqrt(n));
  EXPECT_NEAR(small / n, 0.5, 6 * 0.5 / std::sqrt(n));
  EXPECT_NEAR(positive / n, 0.5, 6 * 0.5 / std::sqrt(n));
}

// The time of one call must not tell |x|. Without a connection the correlation over 400,000 calls has a
// standard deviation of .0016, and the limit is six of them: false-failure rate 2 · 10^−9. (Other processes
// lengthen calls, but know nothing of x.)
TEST(DiscreteLaplaceTimingTest, DoesNotTellTheSample) {
  ASSERT_OK_AND_ASSIGN(const DiscreteLaplace noise, DiscreteLaplace::Create({1, 10}, 1));
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
