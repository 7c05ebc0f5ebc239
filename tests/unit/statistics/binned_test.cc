#include "statistics/binned.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "tests/testing/status_matchers.h"

namespace waymark::statistics {
namespace {

using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

std::optional<double> Quantile(const std::vector<std::uint32_t>& edges,
                               const std::vector<std::int64_t>& counts, double p) {
  const auto quantile = QuantileOfBins(edges, counts, p);
  EXPECT_OK(quantile);
  return quantile.ok() ? *quantile : std::nullopt;
}

// The definition itself, by trying every duration.
std::int64_t SmallestWithShare(const std::vector<std::int64_t>& durations, double p) {
  for (std::int64_t d = 0;; ++d) {
    const auto within =
        std::count_if(durations.begin(), durations.end(), [d](std::int64_t x) { return x <= d; });
    if (static_cast<double>(within) >= p * static_cast<double>(durations.size())) return d;
  }
}

std::vector<std::int64_t> MadeDurations(std::size_t size, std::int64_t most) {
  std::vector<std::int64_t> durations;
  std::uint64_t state = 12345 + size;
  for (std::size_t i = 0; i < size; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    durations.push_back(static_cast<std::int64_t>((state >> 33) % static_cast<std::uint64_t>(most)));
  }
  return durations;
}

std::vector<std::int64_t> CountsOf(const std::vector<std::int64_t>& durations,
                                   const std::vector<std::uint32_t>& edges) {
  std::vector<std::int64_t> counts(edges.size() + 1);
  for (const std::int64_t d : durations) {
    std::size_t bin = 0;
    while (bin < edges.size() && d >= static_cast<std::int64_t>(edges[bin])) ++bin;
    ++counts[bin];
  }
  return counts;
}

TEST(QuantileOfBinsTest, IsExact_WhenBinsAreOneDayWide) {
  std::vector<std::uint32_t> edges;
  for (std::uint32_t day = 1; day <= 60; ++day) edges.push_back(day);
  for (const std::size_t size : {1u, 2u, 3u, 4u, 17u, 100u, 101u}) {
    const std::vector<std::int64_t> durations = MadeDurations(size, 60);
    for (const double p : {0.01, 0.25, 0.5, 0.75, 1.0}) {
      EXPECT_EQ(Quantile(edges, CountsOf(durations, edges), p),
                static_cast<double>(SmallestWithShare(durations, p)))
          << size << " " << p;
    }
  }
}

TEST(QuantileOfBinsTest, LiesInTheBinOfTheExactQuantile) {
  const std::vector<std::uint32_t> edges = {7, 28, 91, 183};
  for (const std::size_t size : {5u, 50u, 500u}) {
    const std::vector<std::int64_t> durations = MadeDurations(size, 183);
    for (const double p : {0.1, 0.25, 0.5, 0.75, 0.9}) {
      const double exact = static_cast<double>(SmallestWithShare(durations, p));
      const auto bin = [&](double day) {
        return std::upper_bound(edges.begin(), edges.end(), static_cast<std::uint32_t>(day)) - edges.begin();
      };
      const std::optional<double> binned = Quantile(edges, CountsOf(durations, edges), p);
      ASSERT_TRUE(binned.has_value());
      EXPECT_EQ(bin(*binned), bin(exact)) << size << " " << p;
    }
  }
}

TEST(QuantileOfBinsTest, SpreadsTheMembersOfABinOverItsDays) {
  // Ten members over the days 10 to 19, one a day: the third quarter is reached with the eighth.
  EXPECT_EQ(Quantile({10, 20}, {0, 10, 0}, 0.5), 14);
  EXPECT_EQ(Quantile({10, 20}, {0, 10, 0}, 0.75), 17);
  EXPECT_EQ(Quantile({10, 20}, {0, 10, 0}, 1), 19);
  EXPECT_EQ(Quantile({10, 20}, {5, 5, 0}, 0.5), 9);
}

TEST(QuantileOfBinsTest, IsNothing_InTheOpenBinAndWithoutMembers) {
  EXPECT_EQ(Quantile({10, 20}, {1, 1, 3}, 0.5), std::nullopt);
  EXPECT_EQ(Quantile({10, 20}, {0, 0, 0}, 0.5), std::nullopt);
  EXPECT_EQ(Quantile({10, 20}, {0, 0, 7}, 0.5), std::nullopt);
}

TEST(QuantileOfBinsTest, TakesNegativeCountsAsZero) {
  EXPECT_EQ(Quantile({10, 20}, {-4, 10, -1}, 0.5), 14);
  EXPECT_EQ(Quantile({10, 20}, {-4, -10, -1}, 0.5), std::nullopt);
}

TEST(QuantileOfBinsTest, Refuses_WrongShapes) {
  const std::vector<std::int64_t> counts = {1, 2, 3};
  EXPECT_THAT(QuantileOfBins(std::vector<std::uint32_t>{10, 10}, counts, 0.5),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("rising")));
  EXPECT_THAT(QuantileOfBins(std::vector<std::uint32_t>{0, 10}, counts, 0.5),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("rising")));
  EXPECT_THAT(QuantileOfBins(std::vector<std::uint32_t>{10}, counts, 0.5),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("one more")));
  EXPECT_THAT(QuantileOfBins({}, {}, 0.5),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("one more")));
  for (const double p : {0.0, -0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THAT(QuantileOfBins(std::vector<std::uint32_t>{10, 20}, counts, p),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("p:")));
  }
}

TEST(QuantileOfDaysTest, IsTheSmallestDurationWithTheShare) {
  for (const std::size_t size : {1u, 2u, 3u, 4u, 5u, 8u, 99u}) {
    std::vector<std::int64_t> durations = MadeDurations(size, 50);
    std::sort(durations.begin(), durations.end());
    std::vector<UpTo> rising;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(size); ++i) {
      const std::int64_t days = durations[static_cast<std::size_t>(i)];
      if (rising.empty() || rising.back().days != days) rising.push_back({.days = days});
      rising.back().members = i + 1;
    }
    for (const double p : {0.001, 0.25, 0.5, 0.75, 1.0}) {
      EXPECT_EQ(QuantileOfDays(rising, p), SmallestWithShare(durations, p)) << size << " " << p;
    }
  }
  EXPECT_EQ(QuantileOfDays({}, 0.5), std::nullopt);
  EXPECT_EQ(QuantileOfDays(std::vector<UpTo>{{.days = 1, .members = 1}}, 0), std::nullopt);
}

TEST(QuantileSharesTest, IsWilsonsIntervalOfTheShare) {
  ASSERT_OK_AND_ASSIGN(const Interval shares, QuantileShares(0.5, 100));
  ASSERT_OK_AND_ASSIGN(const Interval wilson, WilsonInterval(50, 100));
  EXPECT_EQ(shares, wilson);
  EXPECT_THAT(QuantileShares(0.5, 0), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("trials")));
}

}  // namespace
}  // namespace waymark::statistics
