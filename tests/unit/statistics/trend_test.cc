#include "statistics/trend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "tests/testing/status_matchers.h"
#include "tests/unit/statistics/r.h"

namespace waymark::statistics {
namespace {

using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

TrendPoint ShareOf(double at, double successes, double trials) {
  return {.at = at, .value = successes / trials, .interval = WilsonInterval(successes, trials).value()};
}

TrendPoint WithError(double at, double value, double error) {
  return {.at = at, .value = value, .interval = {value - kZ95 * error, value + kZ95 * error}};
}

// Newcombe, "Interval Estimation for the Difference between Independent Proportions" (1998), table II, method
// 10: the published ends.
TEST(TrendTest, ChangeIsNewcombes_WhenOfShares) {
  struct Case {
    double a, m, b, n, lower, upper;
  };
  for (const Case& one : {Case{56, 70, 48, 80, 0.0524, 0.3339}, Case{9, 10, 3, 10, 0.1705, 0.8090},
                          Case{10, 10, 0, 10, 0.6075, 1.0}}) {
    ASSERT_OK_AND_ASSIGN(const Change change,
                         ChangeBetween(ShareOf(0, one.b, one.n), ShareOf(1, one.a, one.m)));
    EXPECT_NEAR(change.interval.lower, one.lower, 5e-5);
    EXPECT_NEAR(change.interval.upper, one.upper, 5e-5);
    EXPECT_LT(change.p, 0.05);
  }
}

// With normal errors, p is that of z = d/√(s₁² + s₂²).
TEST(TrendTest, ProbabilityIsThatOfTheNormalTest) {
  ASSERT_OK_AND_ASSIGN(const Change change, ChangeBetween(WithError(0, 20, 3), WithError(1, 12, 4)));
  EXPECT_NEAR(change.p, std::erfc(8.0 / 5 / std::sqrt(2.0)), 1e-12);
  EXPECT_NEAR(change.interval.upper, -8 + kZ95 * 5, 1e-12);
  ASSERT_OK_AND_ASSIGN(const Change none, ChangeBetween(WithError(0, 20, 3), WithError(1, 20, 4)));
  EXPECT_EQ(none.p, 1);
}

TEST(TrendTest, SlopeAgreesWithR) {
  if (!HasR("stats")) GTEST_SKIP() << "skipped: Rscript is not installed";
  const std::vector<std::vector<TrendPoint>> series = {
      {WithError(2021, 20, 1), WithError(2022, 21, 2), WithError(2023, 22.5, 1.5), WithError(2024, 22, 0.5)},
      {WithError(0, 5, 0.1), WithError(0.25, 9, 0.2), WithError(0.5, 2, 0.1), WithError(0.75, 8, 0.3),
       WithError(1, 4, 0.1)}};
  for (const std::vector<TrendPoint>& points : series) {
    std::vector<double> input;
    for (const TrendPoint& point : points) {
      input.insert(input.end(), {point.at, point.value, (point.interval.upper - point.value) / kZ95});
    }
    const auto wanted = RunR(
        "m <- matrix(input, ncol = 3, byrow = TRUE); x <- m[, 1]; w <- 1 / m[, 3]^2\n"
        "fit <- lm(m[, 2] ~ x, weights = w); birge <- max(1, summary(fit)$sigma)\n"
        "error <- birge / sqrt(sum(w * (x - weighted.mean(x, w))^2)); b <- coef(fit)[2]\n"
        "cat(sprintf('%.17g ', c(b, b - qnorm(.975) * error, b + qnorm(.975) * error, 2 * pnorm(-abs(b) / "
        "error))))\n",
        input);
    ASSERT_TRUE(wanted.has_value());
    ASSERT_EQ(wanted->size(), 4u);
    ASSERT_OK_AND_ASSIGN(const Change slope, SlopeOf(points));
    EXPECT_NEAR(slope.change, (*wanted)[0], 1e-9);
    EXPECT_NEAR(slope.interval.lower, (*wanted)[1], 1e-9);
    EXPECT_NEAR(slope.interval.upper, (*wanted)[2], 1e-9);
    EXPECT_NEAR(slope.p, (*wanted)[3], 1e-9);
  }
}

// Of years without a trend about one in twenty is called one, whatever noise is in them: 20,000 series,
// standard error 0.0015. Scatter is taken account of even where it is chance, so fewer than 5% are.
TEST(TrendTest, CallsFewFlatSeriesATrend) {
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0, 1);
  int slopes = 0;
  int changes = 0;
  constexpr int kSeries = 20'000;
  for (int i = 0; i < kSeries; ++i) {
    std::vector<TrendPoint> points;
    for (int year = 0; year < 6; ++year) {
      const double error = 1 + year % 3;
      points.push_back(WithError(year, 50 + error * noise(random), error));
    }
    slopes += SlopeOf(points).value().p < 0.05 ? 1 : 0;
    changes += ChangeBetween(points[0], points[5]).value().p < 0.05 ? 1 : 0;
  }
  EXPECT_NEAR(changes / static_cast<double>(kSeries), 0.05, 0.008);
  EXPECT_NEAR(slopes / static_cast<double>(kSeries), 0.035, 0.012);
}

TEST(TrendTest, Refuses_WhatIsNoSeries) {
  EXPECT_THAT(SlopeOf({WithError(0, 1, 1), WithError(1, 2, 1)}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("three")));
  EXPECT_THAT(SlopeOf({WithError(0, 1, 1), WithError(1, 2, 0), WithError(2, 2, 1)}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("width")));
  EXPECT_FALSE(SlopeOf({WithError(1, 1, 1), WithError(1, 2, 1), WithError(1, 3, 1)}).ok());
  const TrendPoint outside{.at = 0, .value = 5, .interval = {1, 2}};
  EXPECT_THAT(ChangeBetween(outside, WithError(1, 1, 1)).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("within its interval")));
  EXPECT_FALSE(ChangeBetween(WithError(0, std::nan(""), 1), WithError(1, 1, 1)).ok());
}

TEST(TrendTest, RunsAreThoseOfR) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> uniform(0, 10);
  const bool has_r = HasR("stats");
  for (const int length : {10, 11, 16, 24, 40, 79}) {
    std::vector<double> values;
    for (int i = 0; i < length; ++i) values.push_back(std::floor(uniform(random)) + (i > length / 2 ? 4 : 0));
    const auto runs = RunsAboutMedian(values);
    if (!has_r) GTEST_SKIP() << "skipped: Rscript is not installed";
    const auto wanted = RunR(
        "y <- input - median(input); side <- sign(y[y != 0]); n <- length(side); r <- rle(side)$lengths\n"
        "cat(n, max(r), round(log2(n) + 3), length(r) - 1, qbinom(.05, n - 1, .5))\n",
        values);
    ASSERT_TRUE(wanted.has_value());
    ASSERT_EQ(wanted->size(), 5u);
    if ((*wanted)[0] < kLeastForRuns) {
      EXPECT_FALSE(runs.has_value());
      continue;
    }
    ASSERT_TRUE(runs.has_value());
    const double ours[] = {static_cast<double>(runs->points), static_cast<double>(runs->longest),
                           static_cast<double>(runs->longest_usual), static_cast<double>(runs->crossings),
                           static_cast<double>(runs->crossings_usual)};
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(ours[i], (*wanted)[i]) << length << " " << i;
  }
}

TEST(TrendTest, AShiftIsUnusual_AndOnAndOffIsNot) {
  std::vector<double> shifted;
  std::vector<double> on_and_off;
  for (int i = 0; i < 20; ++i) {
    shifted.push_back(i < 10 ? 5 + i % 2 : 9 + i % 2);
    on_and_off.push_back((i / 2) % 2);
  }
  EXPECT_TRUE(RunsAboutMedian(shifted)->unusual());
  EXPECT_FALSE(RunsAboutMedian(on_and_off)->unusual());
  EXPECT_FALSE(RunsAboutMedian({1, 2, 3}).has_value());
  EXPECT_FALSE(RunsAboutMedian({}).has_value());
}

}  // namespace
}  // namespace waymark::statistics
