// A year that others have published, less the quarters that left: what the attacker subtracts here by hand.
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "base/period.h"
#include "node/disclose/door.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

constexpr std::int64_t kOfEach = 200;
constexpr std::int64_t kThreshold = 5;

std::string Unrounded() {
  return "[release]\napproval = \"automatic\"\n[floors]\nleast_contributors = 3\nprofile = \"dfe\"\n"
         "[[allow]]\nmetric = \"16\"\nversion = 1\nmode = \"thresholded\"\nbreakdowns = [\"sex\"]\n"
         "[[allow]]\nmetric = \"18\"\nversion = 1\nmode = \"thresholded\"\nbreakdowns = [\"sex\"]\n";
}

// Each quarter's closures, of 200, and what the figure's line in the file says of the year.
class PublishedYearTest : public ::testing::Test {
 protected:
  void Open(std::vector<std::int64_t> quarters, bool published = true) {
    quarters_ = std::move(quarters);
    ASSERT_OK(council_.Open());
    std::int64_t all = 0;
    for (const std::int64_t count : quarters_) all += count;
    if (!published) return;
    published_ = {{.metric = "16",
                   .quantity = "outcomes_met",
                   .unit = v1::UNIT_EPISODES,
                   .window_days = 0,
                   .period = "2024-04-01..2025-03-31",
                   .value = 100.0 * static_cast<double>(all) / (4 * kOfEach),
                   .half_unit = 0.05,
                   .source = "cin.csv, line 12"}};
  }

  // Of the days of the table's period; by sex, two halves and nobody else.
  void Fill(contract::Table& table) const {
    const auto days = ParsePeriod(table.period);
    ASSERT_OK(days);
    std::int64_t with = 0;
    std::int64_t of = 0;
    for (int q = 1; q <= 4; ++q) {
      const auto quarter = ParsePeriod(absl::StrCat("2024-25-Q", q));
      if (!days->Contains(quarter->first) || !days->Contains(quarter->last)) continue;
      with += quarters_[static_cast<std::size_t>(q - 1)];
      of += kOfEach;
    }
    if (table.dimensions.empty()) table.rows = {""};
    const std::size_t halves = table.dimensions.empty() ? 1 : 2;
    for (std::size_t row = 0; row < halves; ++row) {
      table.At(row, 0) = row == 0 ? with - with / 2 * (static_cast<std::int64_t>(halves) - 1) : with / 2;
      table.At(row, table.columns.size() - 1) = of / static_cast<std::int64_t>(halves);
    }
  }

  // What leaves of one quarter: nothing where it is refused.
  std::optional<contract::Table> Leave(int quarter, const std::string& metric = "16") {
    contract::RoundItem item = ItemFor(metric, v1::MODE_THRESHOLDED);
    item.period = absl::StrCat("2024-25-Q", quarter);
    MadeUpTables tables([this](contract::Table& table) { Fill(table); });
    Door door({council_.policy(), TestLibrary(), council_.ledger(), council_.key(), random_, council_.clock,
               &published_},
              kCouncil, {});
    const auto answered = door.Answer(SpecOf(absl::StrCat("q", quarter, "-", metric), {item}), tables);
    EXPECT_OK(answered);
    const contract::Release release = answered.ok() ? Read(answered->release) : contract::Release{};
    if (release.tables.empty()) return std::nullopt;
    return release.tables[0].table;
  }

  // By how much the attacker is unsure of that quarter's count: the year, less what left of the others.
  std::int64_t Unsure(int quarter) const {
    std::int64_t unsure = 0;
    for (int other = 1; other <= 4; ++other) {
      if (other == quarter) continue;
      const auto left = left_.find(other);
      const bool is_shown = left != left_.end() && left->second.status[0] == v1::CELL_STATUS_SHOWN;
      unsure += is_shown ? 0 : kThreshold;  // 0 to 5 at the least, for whoever knows the rule alone
    }
    return unsure;
  }

  void LeaveAll(std::vector<int> order, const std::string& metric = "16") {
    for (const int quarter : order) {
      if (auto table = Leave(quarter, metric)) left_[quarter] = *std::move(table);
    }
  }

  std::vector<std::int64_t> quarters_;
  MadeUpCouncil council_ = MadeUpCouncil(Unrounded());
  std::vector<PublishedFigure> published_;
  crypto::SystemRandom random_;
  std::map<int, contract::Table> left_;
};

TEST_F(PublishedYearTest, TellsAQuarterThatNeverLeft_WhereNobodyWeighsIt) {
  Open({60, 50, 40, 3}, false);
  LeaveAll({1, 2, 3});
  ASSERT_EQ(left_.size(), 3u);
  EXPECT_EQ(Unsure(4), 0);
}

TEST_F(PublishedYearTest, HidesWhatWouldTellAQuarterThatNeverLeft) {
  Open({60, 50, 40, 3});
  LeaveAll({1, 2, 3});
  ASSERT_EQ(left_.count(1), 1u);
  EXPECT_EQ(left_.at(1).values[0], 60) << "two quarters are still open";
  EXPECT_GE(Unsure(4), kThreshold);
}

TEST_F(PublishedYearTest, HidesWhatWouldTellAQuarterThatLeftHidden) {
  Open({3, 60, 50, 40});
  LeaveAll({1, 2, 3, 4});
  ASSERT_EQ(left_.count(1), 1u);
  EXPECT_EQ(left_.at(1).status[0], v1::CELL_STATUS_SUPPRESSED);
  EXPECT_GE(Unsure(1), kThreshold);
}

TEST_F(PublishedYearTest, HidesNothingMore_WhereNoQuarterIsSmall) {
  Open({60, 50, 40, 30});
  LeaveAll({1, 2, 3, 4});
  ASSERT_EQ(left_.size(), 4u);
  for (const auto& [quarter, table] : left_) {
    EXPECT_EQ(table.values[0], quarters_[static_cast<std::size_t>(quarter - 1)]);
  }
}

// 18 counts the same closures with the same outcome, in these tables: what is published of 16 tells of it.
TEST_F(PublishedYearTest, TellsOfLinkedEntries) {
  Open({60, 50, 40, 3});
  LeaveAll({1, 2, 3}, "18");
  EXPECT_GE(Unsure(4), kThreshold);
}

// What left before cannot be taken back: where it tells a quarter with a year that was published since,
// nothing more leaves of that year.
TEST_F(PublishedYearTest, NothingMoreLeaves_WhereAYearPublishedSinceTellsTooMuch) {
  Open({3, 60, 50, 40}, false);
  LeaveAll({1, 2, 3});
  Open({3, 60, 50, 40});
  EXPECT_EQ(left_.size(), 3u);
  LeaveAll({4});
  EXPECT_GE(Unsure(1), kThreshold);
}

}  // namespace
}  // namespace waymark::node
