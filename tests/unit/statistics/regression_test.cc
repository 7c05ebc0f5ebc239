// Weighted least squares against R's lm, closed forms and bad input.
#include "statistics/regression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "statistics/intervals.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/statistics/r.h"

namespace waymark::statistics {
namespace {

using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

TEST(RegressionTest, GoesThroughThePoints_WhenTheyLieOnALine) {
  ASSERT_OK_AND_ASSIGN(const FittedLine line, WeightedLeastSquares({{1, 5, 2}, {2, 7, 1}, {4, 11, 9}}));
  EXPECT_NEAR(line.intercept, 3, 1e-12);
  EXPECT_NEAR(line.slope, 2, 1e-12);
  EXPECT_NEAR(line.r_squared, 1, 1e-12);
  EXPECT_NEAR(line.slope_error, 0, 1e-12);
  EXPECT_NEAR(line.At(10), 23, 1e-12);
  EXPECT_EQ(line.points, 3u);
}

TEST(RegressionTest, WeightsCountAsRepetition_WhenTheyAreWhole) {
  ASSERT_OK_AND_ASSIGN(const FittedLine weighted, WeightedLeastSquares({{0, 1, 3}, {1, 4, 1}, {2, 3, 2}}));
  ASSERT_OK_AND_ASSIGN(
      const FittedLine repeated,
      WeightedLeastSquares({{0, 1, 1}, {0, 1, 1}, {0, 1, 1}, {1, 4, 1}, {2, 3, 1}, {2, 3, 1}}));
  EXPECT_NEAR(weighted.slope, repeated.slope, 1e-12);
  EXPECT_NEAR(weighted.intercept, repeated.intercept, 1e-12);
  EXPECT_NEAR(weighted.r_squared, repeated.r_squared, 1e-12);
}

TEST(RegressionTest, PointsOfNoWeightChangeNothing) {
  ASSERT_OK_AND_ASSIGN(const FittedLine with, WeightedLeastSquares({{0, 1}, {1, 4}, {2, 3}, {9, 99, 0}}));
  ASSERT_OK_AND_ASSIGN(const FittedLine without, WeightedLeastSquares({{0, 1}, {1, 4}, {2, 3}}));
  EXPECT_EQ(with.slope, without.slope);
  EXPECT_EQ(with.slope_error, without.slope_error);
  EXPECT_EQ(with.points, 3u);
}

TEST(RegressionTest, Refuses_WhatHasNoLine) {
  const double inf = std::numeric_limits<double>::infinity();
  const auto bad = absl::StatusCode::kInvalidArgument;
  EXPECT_THAT(WeightedLeastSquares({}), StatusIs(bad, HasSubstr("three points")));
  EXPECT_THAT(WeightedLeastSquares({{0, 1}, {1, 2}}), StatusIs(bad, HasSubstr("got 2")));
  EXPECT_THAT(WeightedLeastSquares({{0, 1}, {1, 2}, {3, 4, 0}}), StatusIs(bad, HasSubstr("got 2")));
  EXPECT_THAT(WeightedLeastSquares({{5, 1}, {5, 2}, {5, 4}}), StatusIs(bad, HasSubstr("one x")));
  EXPECT_THAT(WeightedLeastSquares({{0, 1}, {1, inf}, {3, 4}}), StatusIs(bad, HasSubstr("finite")));
  EXPECT_THAT(WeightedLeastSquares({{0, 1}, {1, std::nan("")}, {3, 4}}), StatusIs(bad, HasSubstr("finite")));
  EXPECT_THAT(WeightedLeastSquares({{0, 1}, {1, 2, -1}, {3, 4}}), StatusIs(bad, HasSubstr("weight")));
}

// Points of the size that the benchmark has: populations as weights, rates against shares. Seeded:
// repeatable.
TEST(RegressionTest, AgreesWithRsLm_ToNineDigits) {
  if (!HasR("stats")) GTEST_SKIP() << "skipped: Rscript is not installed";
  std::mt19937_64 random(20260101);
  std::uniform_real_distribution<double> share(4, 42), noise(-25, 25), population(2'000, 300'000);
  std::vector<WeightedPoint> points;
  std::vector<double> input;
  for (int i = 0; i < 151; ++i) {
    WeightedPoint point{share(random), 0, population(random)};
    point.y = 30 + 2.2 * point.x + noise(random);
    points.push_back(point);
    input.insert(input.end(), {point.x, point.y, point.weight});
  }
  const auto r = RunR(
      "m <- matrix(input, ncol = 3, byrow = TRUE)\n"
      "for (w in list(m[, 3], rep(1, nrow(m)))) {\n"
      "  s <- summary(lm(m[, 2] ~ m[, 1], weights = w))\n"
      "  cat(sprintf('%.17g ', c(s$coefficients[1, 1], s$coefficients[2, 1], s$coefficients[2, 2], "
      "s$r.squared)))\n"
      "  x <- m[, 1]; y <- m[, 2]\n"
      "  p <- predict(lm(y ~ x, weights = w), data.frame(x = 40), se.fit = TRUE, interval = 'confidence')\n"
      "  cat(sprintf('%.17g ', c(p$se.fit, p$fit[3] - p$fit[1])))\n"
      "}\n",
      input);
  ASSERT_TRUE(r.has_value());
  ASSERT_EQ(r->size(), 12u);
  for (std::size_t fit = 0; fit < 2; ++fit) {
    ASSERT_OK_AND_ASSIGN(const FittedLine line, WeightedLeastSquares(points));
    EXPECT_NEAR(line.intercept, (*r)[6 * fit], 1e-9 * std::abs((*r)[6 * fit]));
    EXPECT_NEAR(line.slope, (*r)[6 * fit + 1], 1e-9 * std::abs((*r)[6 * fit + 1]));
    EXPECT_NEAR(line.slope_error, (*r)[6 * fit + 2], 1e-9 * std::abs((*r)[6 * fit + 2]));
    EXPECT_NEAR(line.r_squared, (*r)[6 * fit + 3], 1e-9);
    EXPECT_NEAR(line.ErrorAt(40), (*r)[6 * fit + 4], 1e-9 * (*r)[6 * fit + 4]);
    EXPECT_NEAR(line.ReachAt(40, kZ95), (*r)[6 * fit + 5], 1e-8 * (*r)[6 * fit + 5]);
    for (WeightedPoint& point : points) point.weight = 1;
  }
}

// The line of the sums is the line of the points, and its slope moves with each sum as the derivative says.
TEST(LineFromMomentsTest, IsTheLineOfThePoints) {
  const std::vector<WeightedPoint> points = {
      {-20, 0.11, 400}, {-7, 0.19, 1200}, {0, 0.16, 300}, {4, 0.24, 2500}, {19, 0.31, 800}};
  Moments sums;
  for (const WeightedPoint& p : points) {
    sums.weights += p.weight;
    sums.x += p.weight * p.x;
    sums.xx += p.weight * p.x * p.x;
    sums.y += p.weight * p.y;
    sums.xy += p.weight * p.x * p.y;
  }
  ASSERT_OK_AND_ASSIGN(const FittedLine fitted, WeightedLeastSquares(points));
  ASSERT_OK_AND_ASSIGN(const LineOfMoments line, LineFromMoments(sums));
  EXPECT_NEAR(line.slope, fitted.slope, 1e-12);
  EXPECT_NEAR(line.intercept, fitted.intercept, 1e-12);
  const auto moved = [&](double Moments::*sum) {
    Moments more = sums;
    const double step = 1e-4 * std::abs(more.*sum);
    more.*sum += step;
    Moments less = sums;
    less.*sum -= step;
    return (LineFromMoments(more)->slope - LineFromMoments(less)->slope) / (2 * step);
  };
  for (double Moments::*sum : {&Moments::weights, &Moments::x, &Moments::xx, &Moments::y, &Moments::xy}) {
    EXPECT_NEAR(line.slope_by.*sum / moved(sum), 1, 1e-5);
  }
}

TEST(LineFromMomentsTest, RefusesSumsOfNoLine) {
  EXPECT_FALSE(LineFromMoments({}).ok());
  EXPECT_FALSE(LineFromMoments({.weights = 10, .x = 20, .xx = 40, .y = 3, .xy = 6}).ok()) << "one x";
  EXPECT_FALSE(LineFromMoments({.weights = -10, .x = 0, .xx = -40, .y = 3, .xy = 6}).ok());
}

}  // namespace
}  // namespace waymark::statistics
