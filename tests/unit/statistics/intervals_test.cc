#include "statistics/intervals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/testing/status_matchers.h"
#include "tests/unit/statistics/r.h"

namespace waymark::statistics {
namespace {

using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3.
TEST(WilsonIntervalTest, AgreesWithNewcombesTable) {
  const struct {
    double successes, trials, lower, upper;
  } rows[] = {
      {81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}};
  for (const auto& row : rows) {
    ASSERT_OK_AND_ASSIGN(const Interval interval, WilsonInterval(row.successes, row.trials));
    EXPECT_NEAR(interval.lower, row.lower, 5e-5) << row.successes;
    EXPECT_NEAR(interval.upper, row.upper, 5e-5) << row.successes;
  }
}

// The ends solve |x/n − π| = z √(π(1 − π)/n), of which Wilson's formula is the solution.
TEST(WilsonIntervalTest, EndsSolveTheScoreEquation) {
  for (const double trials : {1.0, 7.0, 40.0, 12345.0}) {
    for (const double share : {0.1, 0.5, 0.93}) {
      ASSERT_OK_AND_ASSIGN(const Interval interval, WilsonInterval(share * trials, trials));
      for (const double end : {interval.lower, interval.upper}) {
        EXPECT_NEAR(std::abs(share - end), kZ95 * std::sqrt(end * (1 - end) / trials), 1e-12)
            << trials << " " << share;
      }
    }
  }
}

TEST(WilsonIntervalTest, TouchesTheEnds_WhenNoneOrAllSucceed) {
  ASSERT_OK_AND_ASSIGN(const Interval none, WilsonInterval(0, 37));
  EXPECT_EQ(none.lower, 0);
  ASSERT_OK_AND_ASSIGN(const Interval all, WilsonInterval(37, 37));
  EXPECT_EQ(all.upper, 1);
  EXPECT_NEAR(none.upper, 1 - all.lower, 1e-15);
}

TEST(WilsonIntervalTest, Refuses_WhatIsNoProportion) {
  for (const double trials : {0.0, -1.0, kNan, kInfinity}) {
    EXPECT_THAT(WilsonInterval(0, trials), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("trials")));
  }
  for (const double successes : {-1.0, 11.0, kNan, kInfinity}) {
    EXPECT_THAT(WilsonInterval(successes, 10),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("successes")));
  }
  for (const double z : {0.0, -1.0, kNan, kInfinity}) {
    EXPECT_THAT(WilsonInterval(1, 10, z), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("z:")));
  }
}

// Exact Poisson limits, as tabled in Breslow and Day (1987), table 2.10, which Byar's method approximates.
TEST(ByarIntervalTest, IsNearTheExactPoissonLimits) {
  const struct {
    double events, lower, upper;
  } rows[] = {{10, 4.795, 18.390}, {50, 37.11, 65.92}, {100, 81.36, 121.63}};
  for (const auto& row : rows) {
    ASSERT_OK_AND_ASSIGN(const Interval interval, ByarInterval(row.events, 1));
    EXPECT_NEAR(interval.lower / row.lower, 1, 0.005) << row.events;
    EXPECT_NEAR(interval.upper / row.upper, 1, 0.005) << row.events;
  }
}

TEST(ByarIntervalTest, ScalesWithTheExposure) {
  ASSERT_OK_AND_ASSIGN(const Interval one, ByarInterval(12, 1));
  ASSERT_OK_AND_ASSIGN(const Interval many, ByarInterval(12, 400));
  EXPECT_DOUBLE_EQ(many.lower, one.lower / 400);
  EXPECT_DOUBLE_EQ(many.upper, one.upper / 400);
}

TEST(ByarIntervalTest, BeginsAtZero_WithoutEvents) {
  ASSERT_OK_AND_ASSIGN(const Interval none, ByarInterval(0, 10));
  EXPECT_EQ(none.lower, 0);
  EXPECT_GT(none.upper, 0.3);
  EXPECT_LT(none.upper, 0.4);
}

TEST(ByarIntervalTest, Refuses_WhatIsNoRate) {
  for (const double events : {-1.0, kNan, kInfinity}) {
    EXPECT_THAT(ByarInterval(events, 1), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("events")));
  }
  for (const double exposure : {0.0, -1.0, kNan, kInfinity}) {
    EXPECT_THAT(ByarInterval(1, exposure),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("exposure")));
  }
  EXPECT_THAT(ByarInterval(1, 1, kNan), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("z:")));
}

TEST(IntervalsTest, AgreeWithR_WhenItIsInstalled) {
  if (!HasR("stats")) GTEST_SKIP() << "skipped: Rscript is not installed";
  std::vector<double> input;
  for (double trials = 1; trials < 3000; trials *= 3) {
    for (double successes = 0; successes <= trials; successes += std::ceil(trials / 5)) {
      input.push_back(successes);
      input.push_back(trials);
    }
  }
  const auto wanted = RunR(
      "for (i in seq(1, length(input), 2)) {\n"
      "  t <- suppressWarnings(prop.test(input[i], input[i + 1], correct = FALSE))$conf.int\n"
      "  cat(sprintf('%.17g %.17g\\n', t[1], t[2]))\n}\n",
      input);
  ASSERT_TRUE(wanted.has_value());
  ASSERT_EQ(wanted->size(), input.size());
  for (std::size_t i = 0; i < input.size(); i += 2) {
    ASSERT_OK_AND_ASSIGN(const Interval interval, WilsonInterval(input[i], input[i + 1]));
    EXPECT_NEAR(interval.lower, (*wanted)[i], 1e-12) << input[i] << "/" << input[i + 1];
    EXPECT_NEAR(interval.upper, (*wanted)[i + 1], 1e-12) << input[i] << "/" << input[i + 1];
  }
}

}  // namespace
}  // namespace waymark::statistics
