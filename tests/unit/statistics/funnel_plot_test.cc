#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "statistics/funnel.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/statistics/r.h"

namespace waymark::statistics {
namespace {

using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

// Councils whose true shares are spread about one half by `tau` on the arcsine scale.
std::vector<FunnelPoint> Simulated(double tau, std::mt19937& random, int councils) {
  std::vector<FunnelPoint> points;
  std::normal_distribution<double> between(0, 1);
  for (int i = 0; i < councils; ++i) {
    const int size = 100 * (1 + i % 7) * (1 + i % 3);
    const double share = std::pow(std::sin(std::asin(std::sqrt(0.3)) + tau * between(random)), 2);
    std::binomial_distribution<int> count(size, share);
    points.push_back({.value = count(random) / static_cast<double>(size), .size = static_cast<double>(size)});
  }
  return points;
}

TEST(FunnelPlotTest, DispersionAgreesWithR) {
  if (!HasR("stats")) GTEST_SKIP() << "skipped: Rscript is not installed";
  std::mt19937 random(7);
  for (const double tau : {0.0, 0.08}) {
    std::vector<FunnelPoint> points = Simulated(tau, random, 31);
    std::vector<double> input;
    for (std::size_t i = 0; i < points.size(); ++i) {
      points[i].inflation = 1 + static_cast<double>(i % 4) / 5;
      input.insert(input.end(), {points[i].value, points[i].size, points[i].inflation});
    }
    const auto wanted = RunR(
        "m <- matrix(input, ncol = 3, byrow = TRUE); p <- m[, 1]; n <- m[, 2]\n"
        "target <- weighted.mean(p, n); s <- sqrt(m[, 3] / n) / 2\n"
        "z <- (asin(sqrt(p)) - asin(sqrt(target))) / s\n"
        "ends <- quantile(z, c(.1, .9)); z <- pmin(pmax(z, ends[1]), ends[2])\n"
        "phi <- mean(z^2); w <- 1 / s^2; I <- length(z)\n"
        "cat(sprintf('%.17g ', c(target, phi, max(0, (I * phi - (I - 1)) / (sum(w) - sum(w^2) / "
        "sum(w))))))\n",
        input);
    ASSERT_TRUE(wanted.has_value());
    ASSERT_EQ(wanted->size(), 3u);
    ASSERT_OK_AND_ASSIGN(const FunnelPlot plot, FunnelPlot::Create(CountLaw::kShare, points));
    EXPECT_NEAR(plot.target(), (*wanted)[0], 1e-12);
    EXPECT_NEAR(plot.dispersion().phi, (*wanted)[1], 1e-10);
    EXPECT_NEAR(plot.dispersion().tau_squared, (*wanted)[2], 1e-12);
    EXPECT_EQ(plot.dispersion().tau_squared > 0, tau > 0);
  }
}

// Where councils differ by chance alone, about one in twenty of them lies outside 95% limits. Where they
// differ, most large ones lie outside limits of chance, and an eighth outside those that take account of it:
// the extreme tenths, brought in, do not widen the limits that they are held against, so that a normal spread
// is taken for 0.82 of itself. 400 draws of 40 councils: the standard error is 0.003 at most, so that ±0.02
// fails by mistake less than once in 10^9.
TEST(FunnelPlotTest, FewLieOutside_WhenCouncilsDiffer) {
  std::mt19937 random(11);
  for (const double tau : {0.0, 0.1}) {
    int outside = 0;
    int outside_chance = 0;
    int councils = 0;
    for (int draw = 0; draw < 400; ++draw) {
      const std::vector<FunnelPoint> points = Simulated(tau, random, 40);
      ASSERT_OK_AND_ASSIGN(const FunnelPlot plot, FunnelPlot::Create(CountLaw::kShare, points));
      for (const FunnelPoint& point : points) {
        ASSERT_OK_AND_ASSIGN(const Interval limits, plot.LimitsAt(point.size, 1, kFunnelWarning));
        ASSERT_OK_AND_ASSIGN(const Interval chance,
                             FunnelLimits(plot.target(), std::llround(point.size), kFunnelWarning));
        outside += point.value < limits.lower || point.value > limits.upper ? 1 : 0;
        outside_chance += point.value < chance.lower || point.value > chance.upper ? 1 : 0;
        ++councils;
      }
    }
    EXPECT_NEAR(static_cast<double>(outside) / councils, tau > 0 ? 0.13 : 0.045, 0.02) << tau;
    EXPECT_EQ(static_cast<double>(outside_chance) / councils > 0.3, tau > 0);
  }
}

TEST(FunnelPlotTest, IsExact_WhenCouncilsDifferByChanceAlone) {
  const std::vector<FunnelPoint> points = {{0.2, 100}, {0.21, 200}, {0.19, 300}};
  ASSERT_OK_AND_ASSIGN(const FunnelPlot plot, FunnelPlot::Create(CountLaw::kShare, points));
  EXPECT_EQ(plot.dispersion().tau_squared, 0);
  ASSERT_OK_AND_ASSIGN(const Interval limits, plot.LimitsAt(100, 1, kFunnelAlarm));
  ASSERT_OK_AND_ASSIGN(const Interval exact, FunnelLimits(plot.target(), 100, kFunnelAlarm));
  EXPECT_EQ(limits, exact);
}

// A noised value of so many times the variance has limits so many times further off, on the scale of chance.
TEST(FunnelPlotTest, WidensWithNoise) {
  const std::vector<FunnelPoint> points = {{30, 100}, {30.1, 200}, {29.9, 300}};
  ASSERT_OK_AND_ASSIGN(const FunnelPlot plot, FunnelPlot::Create(CountLaw::kRate, points));
  ASSERT_OK_AND_ASSIGN(const Interval plain, plot.LimitsAt(100, 1, kFunnelWarning));
  ASSERT_OK_AND_ASSIGN(const Interval noisy, plot.LimitsAt(100, 4, kFunnelWarning));
  const double centre = std::sqrt(plot.target());
  EXPECT_NEAR(std::sqrt(noisy.upper) - centre, 2 * (std::sqrt(plain.upper) - centre), 1e-12);
  EXPECT_NEAR(centre - std::sqrt(noisy.lower), 2 * (centre - std::sqrt(plain.lower)), 1e-12);
}

// Of councils of one size n, w = 4n: τ² = (I φ − (I − 1)) / (4 n (I − 1)).
TEST(FunnelPlotTest, TauIsThatOfTheClosedForm_WhenSizesAreEqual) {
  std::vector<FunnelPoint> points;
  for (int i = 0; i < 11; ++i) points.push_back({.value = 0.1 + 0.05 * i, .size = 250});
  ASSERT_OK_AND_ASSIGN(const FunnelPlot plot, FunnelPlot::Create(CountLaw::kShare, points));
  EXPECT_NEAR(plot.dispersion().tau_squared, (11 * plot.dispersion().phi - 10) / (4 * 250 * 10), 1e-12);
  ASSERT_OK_AND_ASSIGN(const Interval huge, plot.LimitsAt(1e8, 1, kFunnelWarning));
  const double centre = std::asin(std::sqrt(plot.target()));
  EXPECT_NEAR(std::asin(std::sqrt(huge.upper)) - centre, kZ95 * std::sqrt(plot.dispersion().tau_squared),
              1e-4);
}

TEST(FunnelPlotTest, RateLimitsAgreeWithR) {
  if (!HasR("stats")) GTEST_SKIP() << "skipped: Rscript is not installed";
  const std::vector<double> expected = {0.3, 4, 57.5, 12'345, 5e8};
  const auto limits = RunR(
      "for (m in input) for (p in c(.001, .025, .975, .999)) { r <- qpois(p, m)\n"
      "cat(sprintf('%.17g ', max(0, r - (ppois(r, m) - p) / dpois(r, m)) / m * 20)) }\n",
      expected);
  ASSERT_TRUE(limits.has_value());
  ASSERT_EQ(limits->size(), 20u);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_OK_AND_ASSIGN(const Interval warning, RateFunnelLimits(20, expected[i] / 20, kFunnelWarning));
    ASSERT_OK_AND_ASSIGN(const Interval alarm, RateFunnelLimits(20, expected[i] / 20, kFunnelAlarm));
    const double ours[] = {alarm.lower, warning.lower, warning.upper, alarm.upper};
    for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(ours[k], (*limits)[4 * i + k], 1e-6) << expected[i];
  }
}

TEST(FunnelPlotTest, Refuses_WhatIsOutsideItsDomain) {
  const FunnelPoint good{0.2, 100};
  for (const FunnelPoint& bad : {FunnelPoint{1.2, 100}, FunnelPoint{-0.1, 100}, FunnelPoint{0.2, 0},
                                 FunnelPoint{0.2, 100, 0.5}, FunnelPoint{std::nan(""), 100}}) {
    EXPECT_THAT(FunnelPlot::Create(CountLaw::kShare, {good, bad}).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("expected a share within [0, 1]")));
  }
  EXPECT_THAT(FunnelPlot::Create(CountLaw::kShare, {good}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("2 points")));
  EXPECT_THAT(FunnelPlot::Create(CountLaw::kShare, {FunnelPoint{0, 9}, FunnelPoint{0, 9}}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("chance moves nothing")));
  EXPECT_THAT(RateFunnelLimits(0, 10, 0.95).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("above 0")));
  EXPECT_THAT(RateFunnelLimits(1e9, 10, 0.95).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("events")));
}

}  // namespace
}  // namespace waymark::statistics
