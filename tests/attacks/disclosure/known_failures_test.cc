// Known failures of other disclosure control systems, played against the door: what leaves is attacked with
// everything that left.
#include <gtest/gtest.h>

#include "node/disclose/audit.h"
#include "node/disclose/door.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

constexpr ThresholdRule kRule{.threshold = 7, .rounding = 5};

// Of metrics 16 and 2, members by sex: many, many, and `few`; the first outcome of each is a third of them,
// and 2 counts one less.
MadeUpTables Members(std::int64_t few) {
  return MadeUpTables([few](contract::Table& table) {
    const std::size_t last = table.columns.size() - 1;
    std::int64_t members = 0;
    std::int64_t outcomes = 0;
    const auto set = [&](std::size_t row, std::int64_t of, std::int64_t with) {
      table.At(row, last) = of;
      table.At(row, 0) = with;
    };
    const std::size_t categories = 3;
    for (std::size_t row = 0; row < categories; ++row) {
      const std::int64_t of = row == 2 ? few : 60 + 31 * static_cast<std::int64_t>(row);
      const std::int64_t with = row == 2 ? few / 2 : of / 3 - (table.metric == "2" ? 1 : 0);
      members += of;
      outcomes += with;
      if (!table.dimensions.empty() && row < table.rows.size()) set(row, of, with);
    }
    if (table.dimensions.empty()) set(0, members, outcomes);
  });
}

class KnownFailuresTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(council_.Open()); }

  // What left in a round, with the truth behind it.
  std::vector<LinkedTable> Leave(const contract::RoundSpec& spec, MadeUpTables& tables) {
    std::vector<LinkedTable> left;
    const auto answered = council_.MakeDoor().Answer(spec, tables);
    EXPECT_OK(answered);
    if (!answered.ok()) return left;
    const contract::Release release = Read(answered->release);
    for (const contract::RoundItem& item : spec.items) {
      const auto exact = tables.Exact(item, std::nullopt);
      EXPECT_OK(exact);
      for (const Measured& one : *exact) {
        for (const contract::ProtectedTable& given : release.tables) {
          if (given.table.metric != item.metric || given.table.dimensions != one.table.dimensions) continue;
          left.push_back({.metric = &EntryNamed(item.metric),
                          .exact = one.table,
                          .released = {.table = given.table, .rules = {}},
                          .limits = kRule,
                          .left_in = ""});
        }
      }
    }
    return left;
  }

  static void ExpectWide(const std::vector<LinkedTable>& left) {
    ASSERT_OK_AND_ASSIGN(const std::vector<KnownCells> known, AttackersIntervals(left));
    std::size_t hidden = 0;
    for (const KnownCells& table : known) {
      for (const auto& cell : table) {
        if (!cell) continue;
        ++hidden;
        EXPECT_GE(cell->interval.width(), kRule.threshold);
      }
    }
    EXPECT_GT(hidden, 0u);
  }

  MadeUpCouncil council_;
};

// web-mpc: groups below the threshold still enter "all", so all minus the published groups exposes them. ACRO
// #198: a table's margins reveal its suppressed cells.
TEST_F(KnownFailuresTest, AllMinusThePublishedGroupsIsWide) {
  for (std::int64_t few = 1; few <= 7; ++few) {
    MadeUpCouncil council;
    ASSERT_OK(council.Open());
    MadeUpTables tables = Members(few);
    contract::RoundSpec spec = SpecOf(absl::StrCat("q", few), {ItemFor("16", v1::MODE_THRESHOLDED, {"sex"})});
    spec.items[0].period = absl::StrCat(2010 + few);
    const std::vector<LinkedTable> left = Leave(spec, tables);
    ASSERT_EQ(left.size(), 2u);
    ExpectWide(left);
  }
}

// dsBase #456: a small cell recoded to "missing" is identified. Here it comes out as what is hidden for its
// sake does, to the byte, and nobody who has all that left can say which of them is the small one.
TEST_F(KnownFailuresTest, ASmallCellIsNotToldFromThoseHiddenForItsSake) {
  MadeUpTables tables = Members(3);
  const std::vector<LinkedTable> left =
      Leave(SpecOf("q1", {ItemFor("16", v1::MODE_THRESHOLDED, {"sex"})}), tables);
  ASSERT_EQ(left.size(), 2u);
  ASSERT_OK_AND_ASSIGN(const std::vector<KnownCells> known, AttackersIntervals(left));
  std::size_t small = 0;
  std::size_t large = 0;
  for (std::size_t t = 0; t < left.size(); ++t) {
    const contract::Table& table = left[t].released.table;
    for (std::size_t at = 0; at < table.values.size(); ++at) {
      if (table.status[at] == v1::CELL_STATUS_SHOWN) continue;
      EXPECT_EQ(table.status[at], v1::CELL_STATUS_SUPPRESSED);
      EXPECT_EQ(table.values[at], 0);
      const std::int64_t truth = left[t].exact.values[at];
      (truth > 0 && truth <= kRule.threshold ? small : large) += 1;
      ASSERT_TRUE(known[t][at].has_value());
      if (truth > kRule.threshold) {
        EXPECT_LE(known[t][at]->interval.low, truth - 1) << "it may be less";
      }
    }
  }
  EXPECT_GT(small, 0u);
  EXPECT_GT(large, 0u);
}

// ehrQL #1746: small numbers shown as zero.
TEST_F(KnownFailuresTest, ZeroIsShownForNobodyAlone) {
  MadeUpTables tables = Members(5);
  for (const LinkedTable& table :
       Leave(SpecOf("q1", {ItemFor("16", v1::MODE_THRESHOLDED, {"sex"})}), tables)) {
    for (std::size_t at = 0; at < table.exact.values.size(); ++at) {
      const bool shown_zero =
          table.released.table.status[at] == v1::CELL_STATUS_SHOWN && table.released.table.values[at] == 0;
      EXPECT_TRUE(!shown_zero || table.exact.values[at] == 0);
    }
  }
}

// sdcTools #136: tables of different releases with common cells, each safe alone.
TEST_F(KnownFailuresTest, LinkedMetricsOfTwoRoundsAreJudgedTogether) {
  MadeUpTables tables = Members(4);
  std::vector<LinkedTable> left = Leave(SpecOf("q1", {ItemFor("16", v1::MODE_THRESHOLDED, {"sex"})}), tables);
  for (LinkedTable& table : Leave(SpecOf("q2", {ItemFor("2", v1::MODE_THRESHOLDED, {"sex"})}), tables)) {
    left.push_back(std::move(table));
  }
  ASSERT_EQ(left.size(), 4u);
  ExpectWide(left);
}

TEST_F(KnownFailuresTest, PreviewIsWhatLeaves_WhenItemsOfARoundAreLinked) {
  MadeUpTables tables = Members(4);
  const contract::RoundSpec spec = SpecOf(
      "q1", {ItemFor("16", v1::MODE_THRESHOLDED, {"sex"}), ItemFor("2", v1::MODE_THRESHOLDED, {"sex"})});
  ASSERT_OK_AND_ASSIGN(const auto previews, council_.MakeDoor().Preview(spec, tables));
  const std::vector<LinkedTable> left = Leave(spec, tables);
  ASSERT_EQ(left.size(), 4u);
  for (std::size_t i = 0; i < left.size(); ++i) {
    const auto& shown = previews[i / 2].thresholded;
    ASSERT_EQ(shown.size(), 2u);
    EXPECT_EQ(shown[i % 2].released.table, left[i].released.table);
  }
}

}  // namespace
}  // namespace waymark::node
