#include "statistics/funnel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/testing/status_matchers.h"
#include "tests/unit/statistics/r.h"

namespace waymark::statistics {
namespace {

using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

// Adds the probabilities up one by one. A long double, for the first ones are very small.
double LimitByHand(double target, int members, double p) {
  long double probability = std::pow(1 - static_cast<long double>(target), members);
  long double reached = probability;
  int r = 0;
  while (reached < p && r < members) {
    ++r;
    probability *=
        static_cast<long double>(target) / (1 - static_cast<long double>(target)) * (members - r + 1) / r;
    reached += probability;
  }
  return std::max(0.0, static_cast<double>((r - (reached - p) / probability) / members));
}

TEST(FunnelTest, LimitsAreThoseOfTheSummedBinomial) {
  for (const double target : {0.02, 0.2, 0.5, 0.93}) {
    for (const int members : {1, 7, 40, 600}) {
      for (const double level : {kFunnelWarning, kFunnelAlarm}) {
        ASSERT_OK_AND_ASSIGN(const Interval limits, FunnelLimits(target, members, level));
        EXPECT_NEAR(limits.lower, LimitByHand(target, members, (1 - level) / 2), 1e-9)
            << target << " " << members << " " << level;
        EXPECT_NEAR(limits.upper, LimitByHand(target, members, (1 + level) / 2), 1e-9)
            << target << " " << members << " " << level;
      }
    }
  }
}

TEST(FunnelTest, AgreesWithR) {
  if (!HasR("stats")) GTEST_SKIP() << "Rscript is not installed: not compared with R's binomial";
  const auto limits = RunR(
      "for (n in c(25, 1234, 5000000)) for (p in c(.001, .025, .975, .999)) {"
      "r <- qbinom(p, n, .21); cat(format(max(0, r - (pbinom(r, n, .21) - p) / dbinom(r, n, .21)) / n, "
      "digits = 15), '')}",
      {0});
  ASSERT_TRUE(limits.has_value());
  ASSERT_EQ(limits->size(), 12u);
  std::size_t next = 0;
  for (const std::int64_t members : {25, 1234, 5'000'000}) {
    ASSERT_OK_AND_ASSIGN(const Interval warning, FunnelLimits(0.21, members, 0.95));
    ASSERT_OK_AND_ASSIGN(const Interval alarm, FunnelLimits(0.21, members, 0.998));
    for (const double limit : {alarm.lower, warning.lower, warning.upper, alarm.upper}) {
      EXPECT_NEAR(limit, (*limits)[next], 1e-8) << members << " " << next;
      ++next;
    }
  }
}

TEST(FunnelTest, NarrowsWithTheSize) {
  ASSERT_OK_AND_ASSIGN(const Interval small, FunnelLimits(0.2, 100, kFunnelAlarm));
  ASSERT_OK_AND_ASSIGN(const Interval large, FunnelLimits(0.2, 10'000, kFunnelAlarm));
  EXPECT_NEAR((small.upper - small.lower) / (large.upper - large.lower), 10, 0.3);
}

TEST(FunnelTest, Refuses_WhatIsOutsideItsDomain) {
  for (const double wrong : {0.0, 1.0, -0.1, std::nan("")}) {
    EXPECT_THAT(FunnelLimits(wrong, 10, 0.95),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("between 0 and 1")));
    EXPECT_THAT(FunnelLimits(0.2, 10, wrong),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("between 0 and 1")));
  }
  EXPECT_THAT(FunnelLimits(0.2, 0, 0.95), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("members")));
}

}  // namespace
}  // namespace waymark::statistics
