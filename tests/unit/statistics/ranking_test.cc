#include "statistics/ranking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "tests/testing/status_matchers.h"

namespace waymark::statistics {
namespace {

using ::testing::ElementsAre;

TEST(RankingTest, CountsThoseWhollyBelowAndWhollyAbove) {
  ASSERT_OK_AND_ASSIGN(const auto ranges, RankRanges({{0, 1}, {2, 3}, {2.5, 5}, {5, 6}, {7, 7}}));
  EXPECT_THAT(ranges, ElementsAre(RankRange{1, 1}, RankRange{2, 3}, RankRange{2, 4}, RankRange{3, 4},
                                  RankRange{5, 5}));
  ASSERT_OK_AND_ASSIGN(const auto none, RankRanges({}));
  EXPECT_TRUE(none.empty());
}

TEST(RankingTest, AreThePlainRanks_WhenFiguresAreKnownExactly) {
  ASSERT_OK_AND_ASSIGN(const auto ranges, RankRanges({{3, 3}, {1, 1}, {2, 2}, {2, 2}}));
  EXPECT_THAT(ranges, ElementsAre(RankRange{4, 4}, RankRange{1, 1}, RankRange{2, 3}, RankRange{2, 3}));
}

TEST(RankingTest, HoldEveryRankThatTheIntervalsAllow_AndNoOther) {
  // Brute force: the extremes of every order that figures within their intervals can take.
  std::mt19937 random(7);
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<Interval> intervals(1 + random() % 7);
    for (Interval& interval : intervals) {
      interval.lower = static_cast<double>(random() % 12);
      interval.upper = interval.lower + static_cast<double>(random() % 5);
    }
    ASSERT_OK_AND_ASSIGN(const auto ranges, RankRanges(intervals));
    for (std::size_t i = 0; i < intervals.size(); ++i) {
      std::size_t surely_below = 0, surely_above = 0;
      for (std::size_t j = 0; j < intervals.size(); ++j) {
        surely_below += intervals[j].upper < intervals[i].lower ? 1 : 0;
        surely_above += intervals[j].lower > intervals[i].upper ? 1 : 0;
      }
      EXPECT_EQ(ranges[i], (RankRange{surely_below + 1, intervals.size() - surely_above}));
    }
  }
}

TEST(RankingTest, AllRangesHoldAtOnce_InNineteenOfTwenty) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> noise;
  constexpr std::size_t kAreas = 30;
  constexpr int kTrials = 4000;
  ASSERT_OK_AND_ASSIGN(const double z, JointZ(kAreas));
  int held = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<Interval> intervals;
    for (std::size_t i = 0; i < kAreas; ++i) {
      const double seen = 0.3 * static_cast<double>(i) + noise(random);  // true ranks 1, 2, …
      intervals.push_back({seen - z, seen + z});
    }
    ASSERT_OK_AND_ASSIGN(const auto ranges, RankRanges(intervals));
    bool all = true;
    for (std::size_t i = 0; i < kAreas; ++i) all = all && ranges[i].first <= i + 1 && i + 1 <= ranges[i].last;
    held += all ? 1 : 0;
  }
  EXPECT_GE(held, 0.945 * kTrials);  // ranges hold whenever intervals do, and sometimes besides
}

TEST(RankingTest, JointZIsTheNormalQuantile) {
  for (const std::size_t n : {1, 2, 31, 152}) {
    ASSERT_OK_AND_ASSIGN(const double z, JointZ(n));
    EXPECT_NEAR(std::pow(std::erf(z / std::sqrt(2.0)), static_cast<double>(n)), 0.95, 1e-12);
  }
  ASSERT_OK_AND_ASSIGN(const double single, JointZ(1));
  EXPECT_NEAR(single, kZ95, 1e-12);
  EXPECT_FALSE(JointZ(0).ok());
}

TEST(RankingTest, RefusesWhatIsNoInterval) {
  EXPECT_FALSE(RankRanges({{1, 0}}).ok());
  EXPECT_FALSE(RankRanges({{0, std::numeric_limits<double>::infinity()}}).ok());
  EXPECT_FALSE(RankRanges({{std::nan(""), 1}}).ok());
}

}  // namespace
}  // namespace waymark::statistics
