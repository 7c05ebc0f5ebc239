#include "node/measure/day_counts.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace waymark::node {
namespace {

using Expected = std::map<std::uint32_t, std::uint32_t>;

Expected Read(const DayCounts& counts) {
  Expected read;
  std::vector<DayCount> sorted(3);  // something, that must not stay
  counts.Sort(sorted);
  for (const DayCount& day : sorted) {
    EXPECT_GT(day.count, 0U);
    EXPECT_TRUE(read.empty() || read.rbegin()->first < day.number) << "not rising at " << day.number;
    read[day.number] += day.count;
  }
  return read;
}

// Small numbers, which repeat much more often than a byte can count, and a few large ones.
void AddRandom(std::mt19937& random, int times, DayCounts& counts, Expected& expected) {
  for (int i = 0; i < times; ++i) {
    const auto number = static_cast<std::uint32_t>(random() % 50 == 0 ? random() % 5'000 : random() % 4);
    counts.Add(number);
    ++expected[number];
  }
}

TEST(DayCounts, AreWhatWasAdded_WhenNumbersAreFewAndWhenTheyRepeatOften) {
  std::mt19937 random(20260101);
  for (const int times : {0, 1, 10, 17, 100, 1'000, 20'000}) {
    DayCounts counts;
    Expected expected;
    AddRandom(random, times, counts, expected);
    EXPECT_EQ(Read(counts), expected) << times << " times";
    EXPECT_EQ(counts.empty(), times == 0);
  }
}

TEST(DayCounts, AreTheSum_WhenOthersAreAdded) {
  std::mt19937 random(20260102);
  for (const int first : {0, 5, 300, 20'000}) {
    for (const int second : {0, 5, 300, 20'000}) {
      DayCounts counts;
      DayCounts others;
      Expected expected;
      AddRandom(random, first, counts, expected);
      AddRandom(random, second, others, expected);
      counts.Add(others);
      AddRandom(random, 300, counts, expected);
      EXPECT_EQ(Read(counts), expected) << first << " and " << second;
    }
  }
}

}  // namespace
}  // namespace waymark::node
