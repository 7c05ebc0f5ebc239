// The line of expected rates from noised sums, against made-up councils whose line is known.
#include "coordinator/benchmark/expected_line.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace waymark::coordinator {
namespace {

constexpr double kCountsVariance = 2000;
constexpr double kMomentsVariance = 4e6;

contract::ProtectedTable Made(std::vector<std::string> columns, std::vector<std::int64_t> values,
                              double variance) {
  contract::ProtectedTable made;
  made.table.rows = {""};
  made.table.columns = std::move(columns);
  made.table.Resize();
  made.table.values = std::move(values);
  made.protection.mode = v1::MODE_SECURE_SUM;
  made.protection.rho_numerator = 1;
  made.protection.contributors = 100;
  made.protection.honest_shares = 50;
  made.protection.variance = static_cast<std::uint64_t>(variance / 2);  // twice as many shares as needed
  return made;
}

// 100 councils at every point, rates 10% at 1 point and a quarter of a point more for each further.
struct Sums {
  double members = 0, with = 0, x = 0, xx = 0, xy = 0;
};
Sums TrueSums() {
  Sums sums;
  for (int i = 0; i < 100; ++i) {
    const int points = 1 + i % 41;
    const double weight = points - 21;
    const double members = 500 + 30 * i;
    const double with = members * (0.10 + 0.0025 * (points - 1));
    sums.members += members;
    sums.with += with;
    sums.x += weight * members;
    sums.xx += weight * weight * members;
    sums.xy += weight * with;
  }
  return sums;
}

v1::Figure FigureOf(const Sums& sums, double counts_variance, double moments_variance) {
  ExpectedLine line;
  const auto whole = [](double value) { return static_cast<std::int64_t>(std::llround(value)); };
  line.Add(Made({"any", "denominator"}, {whole(sums.with), whole(sums.members)}, counts_variance),
           Made({"x_denominator", "x2_denominator", "x_any"}, {whole(sums.x), whole(sums.xx), whole(sums.xy)},
                moments_variance),
           "any");
  v1::Figure figure;
  line.Fill(figure);
  return figure;
}

TEST(ExpectedLineTest, IsTheLineOfTheCouncils) {
  const v1::Figure figure = FigureOf(TrueSums(), 2, 2);
  EXPECT_NEAR(figure.expected_slope(), 0.25, 1e-4);
  EXPECT_NEAR(figure.expected_at_zero(), 9.75, 1e-3);
  EXPECT_LE(figure.expected_slope_from(), figure.expected_slope());
  EXPECT_GE(figure.expected_slope_to(), figure.expected_slope());
}

TEST(ExpectedLineTest, RangeHoldsTheSlope_InNineteenOfTwenty) {
  const Sums truth = TrueSums();
  std::mt19937_64 random(3);
  std::normal_distribution<double> counts(0, std::sqrt(kCountsVariance));
  std::normal_distribution<double> moments(0, std::sqrt(kMomentsVariance));
  constexpr int kDraws = 4'000;
  int held = 0;
  for (int i = 0; i < kDraws; ++i) {
    Sums noised = truth;
    const double with = counts(random);
    noised.with += with;
    noised.members += with + counts(random);
    noised.x += moments(random);
    noised.xx += moments(random);
    noised.xy += moments(random);
    const v1::Figure figure = FigureOf(noised, kCountsVariance, kMomentsVariance);
    held += figure.expected_slope_from() <= 0.25 && 0.25 <= figure.expected_slope_to() ? 1 : 0;
  }
  // 95% ± 4 standard errors.
  EXPECT_NEAR(static_cast<double>(held) / kDraws, 0.95, 0.014);
}

TEST(ExpectedLineTest, SaysNothing_WhereNoiseLeavesNoLine) {
  EXPECT_FALSE(FigureOf(TrueSums(), 2, 1e15).has_expected_slope());
  EXPECT_FALSE(FigureOf({}, 2, 2).has_expected_slope());
  ExpectedLine line;
  line.Add(Made({"any", "denominator"}, {1, 2}, 2), Made({"x_denominator", "x2_denominator"}, {1, 2}, 2),
           "any");
  v1::Figure figure;
  line.Fill(figure);
  EXPECT_FALSE(figure.has_expected_slope());
}

}  // namespace
}  // namespace waymark::coordinator
