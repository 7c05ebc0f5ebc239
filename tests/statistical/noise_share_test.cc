// The law of distributed noise as it is drawn, from the system's generator: of one node's share, of as many
// as the guarantee counts on, and of more. Every test states how often it fails though nothing is wrong;
// together less than once in 10^4 runs.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <numeric>

#include "crypto/polya.h"
#include "crypto/skellam.h"
#include "tests/statistical/laws.h"
#include "tests/testing/status_matchers.h"

namespace waymark::crypto {
namespace {

constexpr std::size_t kSamples = 200'000;

// Sums of `shares` independent samples.
template <typename Share>
testing::Draw SumOf(const Share& share, std::uint32_t shares) {
  return [&share, shares](RandomSource& random, absl::Span<std::int64_t> out) {
    std::fill(out.begin(), out.end(), 0);
    std::vector<std::int64_t> one(out.size());
    for (std::uint32_t i = 0; i < shares; ++i) {
      if (absl::Status status = share.Sample(random, absl::MakeSpan(one)); !status.ok()) return status;
      std::transform(one.begin(), one.end(), out.begin(), out.begin(), std::plus<>());
    }
    return absl::OkStatus();
  };
}

std::vector<std::int64_t> Drawn(const testing::Draw& draw) {
  SystemRandom random;
  std::vector<std::int64_t> samples(kSamples);
  EXPECT_OK(draw(random, absl::MakeSpan(samples)));
  return samples;
}

// Negative binomial of any shape.
std::vector<double> NegativeBinomial(double shape, double q) {
  std::vector<double> masses = {std::pow(1 - q, shape)};
  for (double k = 0; k < 60 / (1 - q); ++k) masses.push_back(masses.back() * q * (k + shape) / (k + 1));
  return masses;
}

void ExpectLaw(const testing::ExactLaw& law, const std::vector<std::int64_t>& samples) {
  const testing::Fit fit = testing::ChiSquared(law, samples);
  std::cout << "chi-squared " << fit.statistic << " on " << fit.degrees << " degrees, limit " << fit.limit
            << "\n";
  EXPECT_LT(fit.statistic, fit.limit);
}

// The variance of a sum of differences whose excess is the fourth cumulant; six standard deviations.
void ExpectVariance(double variance, double fourth_cumulant, const std::vector<std::int64_t>& samples) {
  double squares = 0;
  for (const std::int64_t x : samples) squares += static_cast<double>(x) * static_cast<double>(x);
  const double n = kSamples;
  EXPECT_NEAR(squares / n, variance, 6 * std::sqrt((fourth_cumulant + 2 * variance * variance) / n));
}

struct PolyaCase {
  PolyaParameters parameters;
  std::uint32_t shares;  // that are summed
};

class PolyaShareLawTest : public ::testing::TestWithParam<PolyaCase> {};

// False-failure rate: 10^−6 each for the law, 6 · 10^−7 each for the correlation (five standard deviations),
// 2 · 10^−9 each for the variance.
TEST_P(PolyaShareLawTest, SharesHaveTheirLaw_AndAddUpToLaplace) {
  const auto& [parameters, shares] = GetParam();
  ASSERT_OK_AND_ASSIGN(const PolyaShare share, PolyaShare::Create(parameters));
  const std::vector<std::int64_t> samples = Drawn(SumOf(share, shares));
  const double q = std::exp(-static_cast<double>(parameters.epsilon_numerator) /
                            static_cast<double>(parameters.epsilon_denominator * parameters.sensitivity));
  const double shape = static_cast<double>(shares) / parameters.honest_shares;
  ExpectLaw(testing::LawOfDifference(NegativeBinomial(shape, q)), samples);
  if (shares == parameters.honest_shares) ExpectLaw(testing::DiscreteLaplaceLaw(q), samples);
  ExpectVariance(2 * shape * q / ((1 - q) * (1 - q)),
                 2 * shape * q * (1 + 4 * q + q * q) / std::pow(1 - q, 4), samples);
  EXPECT_LT(std::abs(testing::NeighbourCorrelation(samples)), 5 / std::sqrt(static_cast<double>(kSamples)));
}

INSTANTIATE_TEST_SUITE_P(Shares, PolyaShareLawTest,
                         ::testing::Values(PolyaCase{{1, 1, 1, 1}, 1}, PolyaCase{{1, 1, 10, 5}, 1},
                                           PolyaCase{{1, 1, 1, 52}, 1}, PolyaCase{{1, 1, 10, 5}, 5},
                                           PolyaCase{{1, 1, 1, 52}, 52}, PolyaCase{{1, 2, 1, 5}, 9},
                                           PolyaCase{{1, 1, 2, 20}, 34}));

struct SkellamCase {
  SkellamParameters parameters;
  std::uint32_t shares;
};

class SkellamShareLawTest : public ::testing::TestWithParam<SkellamCase> {};

// As above.
TEST_P(SkellamShareLawTest, SharesHaveTheirLaw_AndAddUp) {
  const auto& [parameters, shares] = GetParam();
  ASSERT_OK_AND_ASSIGN(const SkellamShare share, SkellamShare::Create(parameters));
  const std::vector<std::int64_t> samples = Drawn(SumOf(share, shares));
  const double variance = static_cast<double>(parameters.variance_numerator) /
                          static_cast<double>(parameters.variance_denominator) * shares /
                          parameters.honest_shares;
  ExpectLaw(testing::SkellamLaw(variance), samples);
  ExpectVariance(variance, variance, samples);
  EXPECT_LT(std::abs(testing::NeighbourCorrelation(samples)), 5 / std::sqrt(static_cast<double>(kSamples)));
}

INSTANTIATE_TEST_SUITE_P(Shares, SkellamShareLawTest,
                         ::testing::Values(SkellamCase{{83, 1, 52}, 1}, SkellamCase{{83, 1, 52}, 52},
                                           SkellamCase{{20'449, 1, 52}, 1}, SkellamCase{{1000, 1, 10}, 17},
                                           SkellamCase{{20'000, 1, 1}, 1}, SkellamCase{{7, 2, 5}, 5}));

class SharedEventRatioTest : public ::testing::TestWithParam<PolyaParameters> {};

// The guarantee itself, on the sum of just enough shares. Five standard deviations of the logarithm of the
// measured ratio: false-failure rate 6 · 10^−7 each.
TEST_P(SharedEventRatioTest, NeighboursDifferByExactlyEToTheEpsilon) {
  const PolyaParameters& parameters = GetParam();
  ASSERT_OK_AND_ASSIGN(const PolyaShare share, PolyaShare::Create(parameters));
  ASSERT_OK_AND_ASSIGN(const testing::EventRatio measured,
                       testing::MeasureEventRatio(SumOf(share, parameters.honest_shares), 500'000));
  const double epsilon =
      static_cast<double>(parameters.epsilon_numerator) / static_cast<double>(parameters.epsilon_denominator);
  std::cout << "log ratio " << measured.log_ratio << " for epsilon " << epsilon << ", deviation "
            << measured.deviation << "\n";
  EXPECT_NEAR(measured.log_ratio, epsilon, 5 * measured.deviation);
}

INSTANTIATE_TEST_SUITE_P(PolyaShares, SharedEventRatioTest,
                         ::testing::Values(PolyaParameters{1, 2, 1, 5}, PolyaParameters{1, 1, 1, 20},
                                           PolyaParameters{2, 1, 1, 7}));

// As for the discrete Laplace: six standard deviations, false-failure rate 2 · 10^−9 each.
template <typename Share>
void ExpectTimeTellsNothing(const Share& share) {
  ASSERT_OK_AND_ASSIGN(const testing::Timing timing, testing::MeasureTiming(SumOf(share, 1), 400'000));
  std::cout << "correlation of |x| and time " << timing.correlation << ", median time " << timing.median_ns
            << " ns\n";
  EXPECT_LT(std::abs(timing.correlation), 0.01);
}

TEST(PolyaShareTimingTest, DoesNotTellTheSample) {
  ASSERT_OK_AND_ASSIGN(const PolyaShare share, PolyaShare::Create({1, 1, 10, 5}));
  ExpectTimeTellsNothing(share);
}

TEST(SkellamShareTimingTest, DoesNotTellTheSample) {
  ASSERT_OK_AND_ASSIGN(const SkellamShare share, SkellamShare::Create({83, 1, 5}));
  ExpectTimeTellsNothing(share);
}

}  // namespace
}  // namespace waymark::crypto
