// Somebody who has a release and its correction, and supposes that what does not show a change did not
// change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "node/disclose/door.h"
#include "proto/contract/revision.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

constexpr std::int64_t kThreshold = 7;
constexpr std::int64_t kRounding = 5;
constexpr std::int64_t kGroup = 2'000;
constexpr std::int64_t kMostTried = 120;

using Counts = std::vector<std::int64_t>;  // numerators of three areas

MadeUpTables TablesOf(const Counts& counts) {
  return MadeUpTables([counts](contract::Table& table) {
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      table.At(row, 0) = table.dimensions.empty() ? counts[0] + counts[1] + counts[2] : counts[row];
      table.At(row, 1) = table.dimensions.empty() ? 3 * kGroup : kGroup;
    }
  });
}

// What one release shows: the whole first, then each area. -1: suppressed.
Counts Shown(const Answered& answered) {
  Counts shown;
  const contract::Release release = Read(answered.release);
  for (const contract::ProtectedTable& given : release.tables) {
    const contract::Table& table = given.table;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      const std::size_t at = table.Index(row, 0);
      shown.push_back(table.status[at] == v1::CELL_STATUS_SUPPRESSED ? -1 : table.values[at]);
    }
  }
  return shown;
}

// Whether a count may be what is shown, by the rules that everybody knows.
bool MayBe(std::int64_t count, std::int64_t shown) {
  if (shown < 0) return true;
  if (count != 0 && count <= kThreshold) return false;
  return (count + kRounding / 2) / kRounding * kRounding == shown;
}

// Whether some whole and shown areas of this release go with these counts in the hidden areas.
bool GoesWith(const Counts& shown, std::int64_t hidden_sum) {
  if (shown[0] < 0) return true;
  std::int64_t low = hidden_sum, high = hidden_sum;
  for (std::size_t i = 1; i < shown.size(); ++i) {
    if (shown[i] < 0) continue;
    std::int64_t least = shown[i], most = shown[i];
    while (MayBe(least - 1, shown[i]) && least > 0) --least;
    while (MayBe(most + 1, shown[i])) ++most;
    low += least;
    high += most;
  }
  for (std::int64_t whole = low; whole <= high; ++whole) {
    if (MayBe(whole, shown[0])) return true;
  }
  return false;
}

// How wide a range the attacker is left with for a hidden area, of which it takes for granted that it did not
// change.
std::int64_t WidthLeft(const Counts& first, const Counts& second, std::size_t hidden) {
  std::size_t other = 0;
  for (std::size_t i = 1; i < first.size(); ++i) {
    if (i != hidden && first[i] < 0) other = i;
  }
  std::int64_t low = kMostTried, high = 0;
  for (std::int64_t count = 0; count <= kMostTried; ++count) {
    for (std::int64_t beside = 0; beside <= (other == 0 ? 0 : kMostTried); ++beside) {
      if (!GoesWith(first, count + beside) || !GoesWith(second, count + beside)) continue;
      low = std::min(low, count);
      high = std::max(high, count);
      break;
    }
  }
  return high - low;
}

class CorrectionAttack : public ::testing::Test {
 protected:
  struct Pair {
    bool is_corrected = false;
    Counts first, second;
  };
  static Pair Play(const Counts& before, const Counts& now) {
    MadeUpCouncil council;
    EXPECT_OK(council.Open());
    contract::RoundSpec round = SpecOf("autumn", {ItemFor("16", v1::MODE_THRESHOLDED, {"area"})});
    round.late_for_days = 30;
    Door door = council.MakeDoor();
    MadeUpTables tables = TablesOf(before);
    const auto first = door.Answer(round, tables);
    EXPECT_OK(first.status());
    MadeUpTables corrected = TablesOf(now);
    const auto second =
        door.Answer(contract::CorrectionOf(round, 1, v1::REVISION_REASON_WRONG_RECORDS), corrected);
    if (!second.ok()) return {.is_corrected = false, .first = Shown(*first), .second = {}};
    return {.is_corrected = true, .first = Shown(*first), .second = Shown(*second)};
  }
};

// A family that is put in, or taken out, moves a count over the edge of its rounding.
TEST_F(CorrectionAttack, NoFewFamiliesAreSeenToComeOrGo) {
  std::mt19937 random(20'261'123);
  int corrected = 0;
  for (int i = 0; i < 300; ++i) {
    Counts before(3), now(3);
    for (std::size_t area = 0; area < 3; ++area) {
      before[area] = static_cast<std::int64_t>(random() % 90) + 20;
      const bool changes = random() % 2 == 0;
      const auto by = static_cast<std::int64_t>(random() % 40);
      now[area] = before[area] + (changes ? by : 0);
    }
    const Pair pair = Play(before, now);
    if (!pair.is_corrected) continue;
    ++corrected;
    for (std::size_t area = 0; area < 3; ++area) {
      const std::int64_t change = now[area] - before[area];
      const bool is_seen = pair.first[area + 1] != pair.second[area + 1];
      EXPECT_FALSE(is_seen && std::abs(change) <= kThreshold)
          << "area " << area << " from " << before[area] << " to " << now[area];
    }
  }
  EXPECT_GT(corrected, 20) << "the attack has to have something to look at";
}

// Two roundings of what stands around a hidden count narrow it more than each of them.
TEST_F(CorrectionAttack, AHiddenCountStaysWide_WhatIsAroundItBeingRoundedTwice) {
  std::mt19937 random(4'711);
  int corrected = 0;
  for (int i = 0; i < 300; ++i) {
    Counts before = {static_cast<std::int64_t>(random() % 7) + 1,
                     static_cast<std::int64_t>(random() % 40) + 10,
                     static_cast<std::int64_t>(random() % 40) + 10};
    Counts now = before;
    // What is hidden beside the small count stays too: the worst case.
    const Pair alone = Play(before, before);
    for (std::size_t area = 1; area < 3; ++area) {
      if (alone.first[area + 1] >= 0) now[area] += static_cast<std::int64_t>(random() % 30) + 15;
    }
    const Pair pair = Play(before, now);
    if (!pair.is_corrected) continue;
    ++corrected;
    ASSERT_LT(pair.first[1], 0);
    EXPECT_GE(WidthLeft(pair.first, pair.second, 1), kThreshold)
        << before[0] << " " << before[1] << " " << before[2] << ", then " << now[1] << " " << now[2];
  }
  EXPECT_GT(corrected, 20) << "the attack has to have something to look at";
}

// Another pattern of hidden cells in the correction would read each hidden cell from the release that shows
// it.
TEST_F(CorrectionAttack, NoCellIsHiddenInOneReleaseAndShownInTheOther) {
  std::mt19937 random(1'729);
  int corrected = 0;
  for (int i = 0; i < 200; ++i) {
    Counts before(3), now(3);
    for (std::size_t area = 0; area < 3; ++area) {
      before[area] = static_cast<std::int64_t>(random() % (random() % 2 == 0 ? 8 : 60));
      now[area] = random() % 2 == 0 ? before[area] : static_cast<std::int64_t>(random() % 100);
    }
    const Pair pair = Play(before, now);
    if (!pair.is_corrected) continue;
    ++corrected;
    for (std::size_t at = 0; at < pair.first.size(); ++at) {
      EXPECT_EQ(pair.first[at] < 0, pair.second[at] < 0) << at;
    }
  }
  EXPECT_GT(corrected, 10) << "the attack has to have something to look at";
}

}  // namespace
}  // namespace waymark::node
