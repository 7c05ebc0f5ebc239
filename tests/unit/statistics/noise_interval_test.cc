#include "statistics/noise_interval.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "tests/testing/status_matchers.h"

namespace waymark::statistics {
namespace {

using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double Pmf(double q, std::int64_t x) {
  return (1 - q) / (1 + q) * std::pow(q, std::abs(static_cast<double>(x)));
}

// The law of a sum by adding up products, cut at ±`reach`: pmf[x + reach].
std::vector<double> Convolved(const std::vector<double>& qs, std::int64_t reach) {
  std::vector<double> sum(static_cast<std::size_t>(2 * reach + 1));
  sum[static_cast<std::size_t>(reach)] = 1;
  for (const double q : qs) {
    std::vector<double> next(sum.size());
    for (std::int64_t x = -reach; x <= reach; ++x) {
      for (std::int64_t y = -reach; y <= reach; ++y) {
        if (x + y < -reach || x + y > reach) continue;
        next[static_cast<std::size_t>(x + y + reach)] += sum[static_cast<std::size_t>(x + reach)] * Pmf(q, y);
      }
    }
    sum = std::move(next);
  }
  return sum;
}

double TailOf(const std::vector<double>& pmf, std::int64_t r) {
  const std::int64_t reach = static_cast<std::int64_t>(pmf.size() / 2);
  double tail = 0;
  for (std::int64_t x = -reach; x <= reach; ++x) {
    if (std::abs(x) > r) tail += pmf[static_cast<std::size_t>(x + reach)];
  }
  return tail;
}

TEST(NoiseTest, RadiiAreThePublishedOnes) {
  const struct {
    double epsilon;
    std::int64_t radius;
  } rows[] = {{0.1, 30}, {0.5, 6}, {1, 3}, {2, 1}};
  for (const auto& row : rows) {
    ASSERT_OK_AND_ASSIGN(const double q, NoiseRatio(row.epsilon, 1));
    ASSERT_OK_AND_ASSIGN(const std::int64_t radius, NoiseRadius(q, 0.05));
    EXPECT_EQ(radius, row.radius) << row.epsilon;
  }
}

TEST(NoiseTest, VarianceAndTailAreSumsOverTheLaw) {
  for (const double q : {0.05, 0.3679, 0.9}) {
    double variance = 0;
    for (std::int64_t x = -2000; x <= 2000; ++x) variance += static_cast<double>(x * x) * Pmf(q, x);
    EXPECT_NEAR(NoiseVariance(q) / variance, 1, 1e-9) << q;
    for (const std::int64_t r : {0, 1, 5, 40}) {
      double tail = 0;
      for (std::int64_t x = r + 1; x <= 3000; ++x) tail += 2 * Pmf(q, x);
      EXPECT_NEAR(NoiseTail(q, r), tail, 1e-12) << q << " " << r;
    }
  }
}

TEST(NoiseTest, RadiusIsTheLeastThatHolds) {
  for (const double q : {0.01, 0.5, 0.95, 0.999}) {
    for (const double alpha : {0.5, 0.05, 0.025, 1e-6}) {
      ASSERT_OK_AND_ASSIGN(const std::int64_t radius, NoiseRadius(q, alpha));
      EXPECT_LE(NoiseTail(q, radius), alpha * (1 + 1e-12)) << q << " " << alpha;
      if (radius > 0) {
        EXPECT_GT(NoiseTail(q, radius - 1), alpha) << q << " " << alpha;
      }
    }
  }
}

TEST(NoiseTest, Refuses_WhatIsOutsideItsDomain) {
  const auto invalid = absl::StatusCode::kInvalidArgument;
  for (const double bad : {0.0, -1.0, kNan, std::numeric_limits<double>::infinity()}) {
    EXPECT_THAT(NoiseRatio(bad, 1), StatusIs(invalid, HasSubstr("epsilon")));
    EXPECT_THAT(NoiseRatio(1, bad), StatusIs(invalid, HasSubstr("epsilon")));
  }
  EXPECT_THAT(NoiseRatio(1e6, 1), StatusIs(invalid, HasSubstr("q:"))) << "q is 0 as a double";
  EXPECT_THAT(NoiseRatio(1e-20, 1), StatusIs(invalid, HasSubstr("q:"))) << "q is 1 as a double";
  for (const double q : {0.0, 1.0, -0.5, kNan}) {
    EXPECT_THAT(NoiseRadius(q, 0.05), StatusIs(invalid, HasSubstr("q:")));
    EXPECT_THAT(NoiseSum::Create({{q, 1}}), StatusIs(invalid, HasSubstr("q:")));
  }
  for (const double alpha : {0.0, 1.0, kNan}) {
    EXPECT_THAT(NoiseRadius(0.5, alpha), StatusIs(invalid, HasSubstr("alpha")));
    ASSERT_OK_AND_ASSIGN(const NoiseSum sum, NoiseSum::Create({{0.5, 1}}));
    EXPECT_THAT(sum.Radius(alpha), StatusIs(invalid, HasSubstr("alpha")));
  }
  EXPECT_THAT(NoiseSum::Create({{0.5, -1}}), StatusIs(invalid, HasSubstr("count")));
}

double GaussianPmf(double variance, std::int64_t x) {
  double total = 0;
  for (std::int64_t y = -400; y <= 400; ++y) total += std::exp(-static_cast<double>(y * y) / (2 * variance));
  return std::exp(-static_cast<double>(x * x) / (2 * variance)) / total;
}

TEST(GaussianNoiseTest, RadiiAreThePublishedOnes) {
  for (const auto& [variance, expected] : std::vector<std::pair<double, std::int64_t>>{{50, 14}, {200, 28}}) {
    ASSERT_OK_AND_ASSIGN(const std::int64_t radius, GaussianNoiseRadius(variance, 0.05));
    EXPECT_EQ(radius, expected);
  }
}

TEST(GaussianNoiseTest, RadiusIsTheLeastThatHolds) {
  for (const double variance : {0.05, 0.3, 1.0, 7.5, 200.0}) {
    for (const double alpha : {0.5, 0.05, 1e-6}) {
      ASSERT_OK_AND_ASSIGN(const std::int64_t radius, GaussianNoiseRadius(variance, alpha));
      double tail = 0;
      for (std::int64_t x = 400; x > radius; --x) tail += 2 * GaussianPmf(variance, x);
      EXPECT_LE(tail, alpha) << variance;
      if (radius > 0) {
        EXPECT_GT(tail + 2 * GaussianPmf(variance, radius), alpha) << variance;
      }
    }
  }
  for (const double bad : {0.0, -1.0, 1e300, kNan}) {
    EXPECT_THAT(GaussianNoiseRadius(bad, 0.05),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("variance")));
  }
  EXPECT_THAT(GaussianNoiseRadius(1, 0), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("alpha")));
}

// Of one, of two unequal and of a Gaussian beside a Laplace, against plain sums of products.
TEST(GaussianNoiseTest, SumsAgreeWithConvolution) {
  constexpr std::int64_t kReach = 150;
  for (const double variance : {0.2, 0.7, 3.0, 40.0}) {
    ASSERT_OK_AND_ASSIGN(const NoiseSum one, NoiseSum::Create({{.count = 1, .variance = variance}}));
    ASSERT_OK_AND_ASSIGN(const NoiseSum two, NoiseSum::Create({{.count = 1, .variance = variance},
                                                               {.count = 1, .variance = 2.5}}));
    ASSERT_OK_AND_ASSIGN(const NoiseSum mixed,
                         NoiseSum::Create({{.count = 1, .variance = variance}, {.q = 0.6, .count = 1}}));
    // At x from −kReach.
    std::vector<double> own, beside, laplace;
    for (std::int64_t x = -kReach; x <= kReach; ++x) {
      own.push_back(GaussianPmf(variance, x));
      beside.push_back(GaussianPmf(2.5, x));
      laplace.push_back(Pmf(0.6, x));
    }
    const auto at = [](std::int64_t x) { return static_cast<std::size_t>(x + kReach); };
    double variance_of_one = 0;
    for (std::int64_t x = -kReach; x <= kReach; ++x) {
      variance_of_one += static_cast<double>(x * x) * own[at(x)];
    }
    EXPECT_NEAR(one.variance(), variance_of_one, 1e-9 * variance);
    for (const std::int64_t r : {0, 1, 4, 11, 30}) {
      double tail_one = 0;
      double tail_two = 0;
      double tail_mixed = 0;
      for (std::int64_t x = -kReach; x <= kReach; ++x) {
        const double mass = own[at(x)];
        tail_one += std::abs(x) > r ? mass : 0;
        for (std::int64_t y = -kReach; y <= kReach; ++y) {
          if (std::abs(x + y) <= r) continue;
          tail_two += mass * beside[at(y)];
          tail_mixed += mass * laplace[at(y)];
        }
      }
      EXPECT_NEAR(one.Tail(r), tail_one, 1e-10) << variance << " " << r;
      EXPECT_NEAR(two.Tail(r), tail_two, 1e-10) << variance << " " << r;
      EXPECT_NEAR(mixed.Tail(r), tail_mixed, 1e-10) << variance << " " << r;
    }
  }
}

// Poisson less Poisson, term by term; a part of a variance is that of fewer shares.
TEST(SkellamNoiseTest, TailsAreSumsOverTheLaw) {
  for (const double variance : {0.3, 5.0, 60.0}) {
    ASSERT_OK_AND_ASSIGN(const NoiseSum sum,
                         NoiseSum::Create({{.count = 1.5, .variance = variance / 1.5, .skellam = true}}));
    EXPECT_NEAR(sum.variance(), variance, 1e-9);
    const double mean = variance / 2;
    const auto poisson = [mean](int k) { return std::exp(k * std::log(mean) - mean - std::lgamma(k + 1)); };
    for (const std::int64_t r : {0, 1, 4, 11, 25}) {
      double tail = 0;
      for (int x = 0; x < 150; ++x) {
        for (int y = 0; y < 150; ++y) tail += std::abs(x - y) > r ? poisson(x) * poisson(y) : 0;
      }
      EXPECT_NEAR(sum.Tail(r), tail, 1e-10) << variance << " " << r;
    }
  }
}

TEST(SkellamNoiseTest, BoundIsNeverTooNarrow_BeyondTheRange) {
  ASSERT_OK_AND_ASSIGN(const NoiseSum wide,
                       NoiseSum::Create({{.count = 1e4, .variance = 9e8, .skellam = true}}));
  EXPECT_FALSE(wide.exact());
  ASSERT_OK_AND_ASSIGN(const std::int64_t radius, wide.Radius(0.05));
  EXPECT_GT(static_cast<double>(radius), kZ95 * std::sqrt(wide.variance()));
  EXPECT_LT(static_cast<double>(radius), 2 * kZ95 * std::sqrt(wide.variance()));
}

TEST(NoiseSumTest, IsTheSingleLaw_WithOneTerm) {
  for (const double epsilon : {0.1, 0.5, 1.0, 2.0}) {
    const double q = std::exp(-epsilon);
    ASSERT_OK_AND_ASSIGN(const NoiseSum sum, NoiseSum::Create({{q, 1}}));
    EXPECT_TRUE(sum.exact());
    for (const std::int64_t r : {0, 1, 3, 10, 60})
      EXPECT_NEAR(sum.Tail(r), NoiseTail(q, r), 1e-11) << epsilon;
    ASSERT_OK_AND_ASSIGN(const std::int64_t radius, sum.Radius(0.05));
    ASSERT_OK_AND_ASSIGN(const std::int64_t closed, NoiseRadius(q, 0.05));
    EXPECT_EQ(radius, closed);
  }
}

TEST(NoiseSumTest, AgreesWithConvolution_OfEqualAndUnequalTerms) {
  const struct {
    std::vector<NoiseTerm> terms;
    std::vector<double> qs;
  } cases[] = {{{{0.6, 5}}, {0.6, 0.6, 0.6, 0.6, 0.6}}, {{{0.3, 2}, {0.8, 3}}, {0.3, 0.3, 0.8, 0.8, 0.8}}};
  for (const auto& one : cases) {
    const std::vector<double> pmf = Convolved(one.qs, 250);
    ASSERT_OK_AND_ASSIGN(const NoiseSum sum, NoiseSum::Create(one.terms));
    double variance = 0;
    for (std::int64_t x = -250; x <= 250; ++x)
      variance += static_cast<double>(x * x) * pmf[static_cast<std::size_t>(x + 250)];
    EXPECT_NEAR(sum.variance(), variance, 1e-6);
    for (std::int64_t r = 0; r < 60; ++r) EXPECT_NEAR(sum.Tail(r), TailOf(pmf, r), 1e-11) << r;
    ASSERT_OK_AND_ASSIGN(const std::int64_t radius, sum.Radius(0.05));
    EXPECT_LE(TailOf(pmf, radius), 0.05);
    EXPECT_GT(TailOf(pmf, radius - 1), 0.05);
  }
}

TEST(NoiseSumTest, NearsTheNormalLaw_WithManyCouncils) {
  ASSERT_OK_AND_ASSIGN(const NoiseSum sum, NoiseSum::Create({{std::exp(-0.1), 152}}));
  EXPECT_TRUE(sum.exact());
  ASSERT_OK_AND_ASSIGN(const std::int64_t radius, sum.Radius(0.05));
  EXPECT_NEAR(static_cast<double>(radius), kZ95 * std::sqrt(sum.variance()), 2);
}

TEST(NoiseSumTest, HasNoWidth_WithoutTerms) {
  ASSERT_OK_AND_ASSIGN(const NoiseSum none, NoiseSum::Create({{0.5, 0}}));
  EXPECT_EQ(none.variance(), 0);
  ASSERT_OK_AND_ASSIGN(const std::int64_t radius, none.Radius(0.05));
  EXPECT_EQ(radius, 0);
}

TEST(NoiseSumTest, IsNeverTooNarrow_WhereOnlyTheBoundIsLeft) {
  const double q = std::exp(-1e-6);
  ASSERT_OK_AND_ASSIGN(const NoiseSum sum, NoiseSum::Create({{q, 3}}));
  EXPECT_FALSE(sum.exact());
  ASSERT_OK_AND_ASSIGN(const std::int64_t radius, sum.Radius(0.05));
  EXPECT_GT(static_cast<double>(radius), kZ95 * std::sqrt(sum.variance()));
  EXPECT_LT(static_cast<double>(radius), 3 * kZ95 * std::sqrt(sum.variance()));
}

TEST(RatioIntervalTest, IsWilsons_WithoutError) {
  ASSERT_OK_AND_ASSIGN(const Interval joined, RatioInterval(30, 200, {}));
  ASSERT_OK_AND_ASSIGN(const Interval wilson, WilsonInterval(30, 200));
  EXPECT_NEAR(joined.lower, wilson.lower, 1e-15);
  EXPECT_NEAR(joined.upper, wilson.upper, 1e-15);
}

TEST(RatioIntervalTest, SquaresAndAddsTheDistances) {
  ASSERT_OK_AND_ASSIGN(const Interval wilson, WilsonInterval(30, 200));
  ASSERT_OK_AND_ASSIGN(const Interval joined, RatioInterval(30, 200, {.numerator = 6, .denominator = 10}));
  EXPECT_NEAR(joined.lower,
              0.15 - std::sqrt(std::pow(0.15 - wilson.lower, 2) + std::pow(0.15 - 24.0 / 210, 2)), 1e-15);
  EXPECT_NEAR(joined.upper,
              0.15 + std::sqrt(std::pow(wilson.upper - 0.15, 2) + std::pow(36.0 / 190 - 0.15, 2)), 1e-15);
}

TEST(RatioIntervalTest, StaysWithinZeroAndOne_AndRefusesWhatIsNoRatio) {
  ASSERT_OK_AND_ASSIGN(const Interval wide, RatioInterval(-3, 5, {.numerator = 4, .denominator = 9}));
  EXPECT_EQ(wide.lower, 0);
  EXPECT_EQ(wide.upper, 1);
  ASSERT_OK_AND_ASSIGN(const Interval above, RatioInterval(12, 10, {.numerator = 1, .denominator = 1}));
  EXPECT_EQ(above.upper, 1);
  const auto invalid = absl::StatusCode::kInvalidArgument;
  EXPECT_THAT(RatioInterval(1, 0, {}), StatusIs(invalid, HasSubstr("trials")));
  EXPECT_THAT(RatioInterval(1, -4, {}), StatusIs(invalid, HasSubstr("trials")));
  EXPECT_THAT(RatioInterval(kNan, 10, {}), StatusIs(invalid, HasSubstr("successes")));
  EXPECT_THAT(RatioInterval(1, 10, {.numerator = -1}), StatusIs(invalid, HasSubstr("radii")));
  EXPECT_THAT(RatioInterval(1, 10, {.denominator = kNan}), StatusIs(invalid, HasSubstr("radii")));
}

// The probability that the interval of a noised share holds the true one, summed exactly over the binomial
// number of outcomes and the noise of the two disjoint cells (outcome, no outcome): no chance is involved in
// the test.
double Coverage(int members, double share, double q, std::int64_t reach) {
  const std::int64_t radius = *NoiseRadius(q, 0.025);
  const std::int64_t both = *NoiseSum::Create({{q, 2}})->Radius(0.025);
  const ErrorBox box = {.numerator = static_cast<double>(radius), .denominator = static_cast<double>(both)};
  double covered = 0;
  double binomial = std::pow(1 - share, members);
  for (int x = 0; x <= members; ++x) {
    for (std::int64_t yes = -reach; binomial > 1e-9 && yes <= reach; ++yes) {
      for (std::int64_t no = -reach; no <= reach; ++no) {
        const double mass = binomial * Pmf(q, yes) * Pmf(q, no);
        if (mass < 1e-12) continue;
        const auto interval =
            RatioInterval(static_cast<double>(x + yes), static_cast<double>(members + yes + no), box);
        if (!interval.ok() || (interval->lower <= share && share <= interval->upper)) covered += mass;
      }
    }
    binomial *= share / (1 - share) * (members - x) / (x + 1);
  }
  return covered;
}

TEST(RatioIntervalTest, HoldsTheTrueShareInAtLeast95Percent) {
  EXPECT_GE(Coverage(100, 0.2, std::exp(-0.5), 40), 0.95);
  EXPECT_GE(Coverage(100, 0.5, std::exp(-1), 20), 0.95);
  EXPECT_GE(Coverage(300, 0.05, std::exp(-0.5), 40), 0.95);
  EXPECT_LE(Coverage(300, 0.2, std::exp(-2), 12), 0.98) << "nor is it much too wide where noise is small";
}

}  // namespace
}  // namespace waymark::statistics
