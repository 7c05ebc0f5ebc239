#include "node/disclose/audit.h"

#include <gtest/gtest.h>

#include <random>

#include "catalogue/columns.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using testing::StatusIs;

constexpr ThresholdRule kDefault{.threshold = 7, .rounding = 5};
constexpr ThresholdRule kDfe{.threshold = 5, .rounding = 1};

using Rows = std::vector<std::pair<std::string, std::vector<std::int64_t>>>;

LinkedTable TableOf(const std::string& metric, std::vector<std::string> dimensions, const Rows& rows,
                    ThresholdRule limits = kDfe) {
  LinkedTable linked{
      .metric = &EntryNamed(metric), .exact = {}, .released = {}, .limits = limits, .left_in = ""};
  contract::Table& table = linked.exact;
  table.metric = metric;
  table.period = "2024-25";
  table.unit = v1::UNIT_EPISODES;
  table.dimensions = std::move(dimensions);
  table.columns = catalogue::ColumnsOf(*linked.metric);
  for (const auto& [name, values] : rows) table.rows.push_back(name);
  table.Resize();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t column = 0; column < rows[row].second.size(); ++column) {
      table.At(row, column) = rows[row].second[column];
    }
  }
  auto made = ProtectThresholded(*linked.metric, table, limits);
  EXPECT_OK(made);
  linked.released = *std::move(made);
  return linked;
}

bool IsSuppressed(const LinkedTable& table, std::size_t row, std::size_t column) {
  return table.released.table.status[table.exact.Index(row, column)] == v1::CELL_STATUS_SUPPRESSED;
}

// Every suppressed cell of the new tables is wide for an attacker who has all of them.
void ExpectWide(const std::vector<LinkedTable>& tables) {
  ASSERT_OK_AND_ASSIGN(const std::vector<KnownCells> known, AttackersIntervals(tables));
  for (std::size_t t = 0; t < tables.size(); ++t) {
    for (std::size_t at = 0; at < known[t].size(); ++at) {
      if (!known[t][at]) continue;
      EXPECT_GE(known[t][at]->interval.width(), tables[t].limits.threshold)
          << "table " << t << " cell " << at;
      EXPECT_TRUE(known[t][at]->interval.Contains(tables[t].exact.values[at]));
    }
  }
}

void ExpectTold(const std::vector<LinkedTable>& tables, std::size_t table, std::size_t at) {
  ASSERT_OK_AND_ASSIGN(const std::vector<KnownCells> known, AttackersIntervals(tables));
  ASSERT_TRUE(known[table][at].has_value());
  const std::int64_t truth = tables[table].exact.values[at];
  EXPECT_EQ(known[table][at]->interval, (statistics::Range{.low = truth, .high = truth}));
}

// ACRO #198: a table's margins reveal its suppressed cells. web-mpc: all minus the published groups.
TEST(AuditTest, AllMinusThePublishedGroupsTellsNothing_WhenOneGroupIsSmall) {
  std::vector<LinkedTable> tables = {
      TableOf("16", {}, {{"", {60, 153}}}),
      TableOf("16", {"sex"}, {{"F", {40, 100}}, {"M", {20, 50}}, {"not known", {0, 3}}})};
  ExpectTold(tables, 1, 5);  // the third row's denominator, 153 - 100 - 50
  ASSERT_OK_AND_ASSIGN(const AuditResult result, SuppressSecondary(tables));
  EXPECT_GT(result.suppressed, 0u);
  EXPECT_TRUE(result.too_narrow.empty());
  ExpectWide(tables);
}

// dsBase PR #456 and the rule of thumb against it: one bad cell loses no whole table.
TEST(AuditTest, OneBadCellLosesNoWholeTable) {
  Rows rows;
  std::vector<std::int64_t> all = {0, 0};
  for (int i = 0; i < 20; ++i) {
    const std::vector<std::int64_t> row = {i == 3 ? 2 : 30 + i, 100 + i};
    rows.emplace_back("area " + std::to_string(10 + i), row);
    all[0] += row[0];
    all[1] += row[1];
  }
  for (const ThresholdRule& limits : {kDefault, kDfe}) {
    std::vector<LinkedTable> tables = {TableOf("16", {}, {{"", all}}, limits),
                                       TableOf("16", {"area"}, rows, limits)};
    ASSERT_OK_AND_ASSIGN(const AuditResult result, SuppressSecondary(tables));
    EXPECT_LE(result.suppressed, 2u);
    EXPECT_EQ(result.fallbacks, 0u);
    ExpectWide(tables);
  }
}

// sdcTools UserSupport #136, #146, #315: linked tables unsafe, slow or different from run to run.
TEST(AuditTest, CrossedAndOneWayTablesAreJudgedTogether_AndTheSameAgain) {
  std::mt19937 random(315);
  std::uniform_int_distribution<std::int64_t> size(0, 60);
  Rows crossed, sexes, ages;
  std::vector<std::int64_t> all = {0, 0};
  std::vector<std::vector<std::int64_t>> by_age(4, {0, 0});
  for (const std::string sex : {"F", "M", "X"}) {
    std::vector<std::int64_t> of_sex = {0, 0};
    for (int age = 0; age < 4; ++age) {
      const std::int64_t members = size(random);
      const std::int64_t met = members / 3;
      crossed.push_back({sex + "|" + std::to_string(age), {met, members}});
      for (auto* sum : {&of_sex, &by_age[static_cast<std::size_t>(age)], &all}) {
        (*sum)[0] += met;
        (*sum)[1] += members;
      }
    }
    sexes.push_back({sex, of_sex});
  }
  for (int age = 0; age < 4; ++age)
    ages.push_back({std::to_string(age), by_age[static_cast<std::size_t>(age)]});
  for (const ThresholdRule& limits : {kDefault, kDfe}) {
    std::vector<LinkedTable> tables = {
        TableOf("16", {}, {{"", all}}, limits), TableOf("16", {"sex"}, sexes, limits),
        TableOf("16", {"age_band"}, ages, limits), TableOf("16", {"sex", "age_band"}, crossed, limits)};
    std::vector<LinkedTable> again = tables;
    ASSERT_OK_AND_ASSIGN(const AuditResult result, SuppressSecondary(tables));
    EXPECT_TRUE(result.too_narrow.empty());
    ExpectWide(tables);
    ASSERT_OK(SuppressSecondary(again));
    for (std::size_t t = 0; t < tables.size(); ++t) {
      EXPECT_EQ(tables[t].released.table, again[t].released.table);
    }
  }
}

// 16 and 18 count the same members: what one of them suppresses the other may not tell.
TEST(AuditTest, WhatLeftBeforeStaysProtected_WhenALinkedMetricFollows) {
  LinkedTable left = TableOf("16", {"sex"}, {{"F", {40, 100}}, {"M", {20, 50}}, {"not known", {9, 30}}});
  LinkedTable left_all = TableOf("16", {}, {{"", {69, 180}}});
  // It left with the women's members suppressed, for the sake of something else.
  const std::size_t cell = left.exact.Index(0, 1);
  left.released.table.status[cell] = v1::CELL_STATUS_SUPPRESSED;
  left.released.table.values[cell] = 0;
  left_all.released.table.status[1] = v1::CELL_STATUS_SUPPRESSED;
  left_all.released.table.values[1] = 0;
  left.left_in = left_all.left_in = "entry 4";
  std::vector<LinkedTable> tables = {
      TableOf("18", {}, {{"", {30, 180}}}),
      TableOf("18", {"sex"}, {{"F", {10, 100}}, {"M", {10, 50}}, {"not known", {10, 30}}}), left_all, left};
  ASSERT_OK_AND_ASSIGN(const AuditResult result, SuppressSecondary(tables));
  EXPECT_TRUE(result.too_narrow.empty());
  EXPECT_TRUE(IsSuppressed(tables[0], 0, 1));
  EXPECT_TRUE(IsSuppressed(tables[1], 0, 1));
  EXPECT_FALSE(IsSuppressed(tables[1], 1, 1));
  // What has left is as it was.
  EXPECT_EQ(tables[3].released.table, left.released.table);
}

TEST(AuditTest, NothingMayLeave_WhenWhatLeftBeforeIsAlreadyTold) {
  LinkedTable all = TableOf("16", {}, {{"", {60, 153}}});
  LinkedTable sexes = TableOf("16", {"sex"}, {{"F", {40, 100}}, {"M", {20, 50}}, {"not known", {0, 3}}});
  all.left_in = sexes.left_in = "entry 4";
  std::vector<LinkedTable> tables = {TableOf("18", {}, {{"", {30, 153}}}), all, sexes};
  ASSERT_OK_AND_ASSIGN(const AuditResult result, SuppressSecondary(tables));
  EXPECT_EQ(result.too_narrow, (std::vector<std::size_t>{2}));
}

TEST(AuditTest, DataThatNoLongerGiveWhatLeftAreRefused) {
  LinkedTable left = TableOf("16", {}, {{"", {60, 153}}});
  left.left_in = "entry 4";
  left.exact.At(0, 1) = 154;
  std::vector<LinkedTable> tables = {TableOf("18", {}, {{"", {30, 154}}}), left};
  EXPECT_THAT(SuppressSecondary(tables).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, ::testing::HasSubstr("metric 16")));
}

// "self" is asked for as 1A and 1C: two of them shown tell the third.
TEST(AuditTest, OutcomesThatAddUpAreJudgedTogether) {
  const v1::Metric& metric = EntryNamed("22");
  const std::vector<std::string> columns = catalogue::ColumnsOf(metric);
  std::vector<std::int64_t> row(columns.size());
  std::size_t part = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == "1A") row[part = i] = 1;
    if (columns[i] == "1C") row[i] = 8;
    if (columns[i] == "self") row[i] = 9;
    if (columns[i] == "denominator") row[i] = 170;
    if (columns[i] == "schools") row[i] = 161;
  }
  std::vector<LinkedTable> tables = {TableOf("22", {}, {{"", row}})};
  ExpectTold(tables, 0, part);
  ASSERT_OK(SuppressSecondary(tables));
  ExpectWide(tables);
}

// The rest of 97 of 100 is in no table; nor may two tables tell it.
TEST(AuditTest, ComplementsAreProtected_ThoughNoTableShowsThem) {
  std::vector<LinkedTable> tables = {TableOf("16", {}, {{"", {157, 170}}}),
                                     TableOf("16", {"sex"}, {{"F", {97, 100}}, {"M", {60, 70}}})};
  EXPECT_TRUE(IsSuppressed(tables[1], 0, 0));
  ExpectTold(tables, 1, 0);
  ASSERT_OK(SuppressSecondary(tables));
  ExpectWide(tables);
}

// Children without an outcome have no episode with it, so there are at most as many of them as of episodes
// without.
TEST(AuditTest, WhatANumeratorLeavesIsNestedToo_WhenTwoUnitsAreGiven) {
  LinkedTable episodes = TableOf("16", {}, {{"", {92, 100}}});
  LinkedTable children = TableOf("16", {}, {{"", {85, 90}}});
  children.exact.unit = children.released.table.unit = v1::UNIT_CHILDREN;
  children.released.table.status = {v1::CELL_STATUS_SUPPRESSED, v1::CELL_STATUS_SHOWN};
  children.released.table.values = {0, 90};
  ASSERT_OK_AND_ASSIGN(const std::vector<KnownCells> known, AttackersIntervals({episodes, children}));
  ASSERT_TRUE(known[1][0].has_value());
  EXPECT_EQ(known[1][0]->interval, (statistics::Range{.low = 82, .high = 90}));
}

// Many outcomes by a crossed pair in three units: the hardest that the catalogue has.
TEST(AuditTest, ManyOutcomesInThreeUnitsAreProtected_WithoutSuppressingWholeLines) {
  const std::size_t columns = catalogue::ColumnsOf(EntryNamed("22-starts")).size();
  const std::vector<v1::Unit> units = {v1::UNIT_EPISODES, v1::UNIT_CHILDREN, v1::UNIT_FAMILIES};
  std::mt19937 random(22);
  std::vector<Rows> crossed(3), sexes(3), whole(3);
  for (std::size_t u = 0; u < units.size(); ++u) whole[u] = {{"", std::vector<std::int64_t>(columns)}};
  for (const std::string sex : {"F", "M"}) {
    for (std::size_t u = 0; u < units.size(); ++u)
      sexes[u].push_back({sex, std::vector<std::int64_t>(columns)});
    for (int age = 0; age < 4; ++age) {
      std::vector<std::int64_t> row(columns);
      for (std::size_t u = 0; u < units.size(); ++u) {
        row.back() = 0;
        for (std::size_t c = 0; c + 1 < columns; ++c) {
          row[c] = u == 0 ? std::poisson_distribution<std::int64_t>(10)(random) : row[c] - row[c] / 8;
          row.back() += row[c];
        }
        crossed[u].push_back({sex + "|" + std::to_string(age), row});
        for (std::size_t c = 0; c < columns; ++c) {
          sexes[u].back().second[c] += row[c];
          whole[u].back().second[c] += row[c];
        }
      }
    }
  }
  for (const ThresholdRule& limits : {kDefault, kDfe}) {
    std::vector<LinkedTable> tables;
    for (std::size_t u = 0; u < units.size(); ++u) {
      tables.push_back(TableOf("22-starts", {}, whole[u], limits));
      tables.push_back(TableOf("22-starts", {"sex"}, sexes[u], limits));
      tables.push_back(TableOf("22-starts", {"sex", "age_band"}, crossed[u], limits));
      for (std::size_t t = tables.size() - 3; t < tables.size(); ++t) {
        tables[t].exact.unit = tables[t].released.table.unit = units[u];
      }
    }
    ASSERT_OK_AND_ASSIGN(const AuditResult result, SuppressSecondary(tables));
    EXPECT_TRUE(result.too_narrow.empty());
    EXPECT_EQ(result.fallbacks, 0u);
    ExpectWide(tables);
  }
}

TEST(AuditTest, MixesAreJudgedByTheirTotals) {
  std::vector<std::int64_t> all(catalogue::ColumnsOf(EntryNamed("10")).size());
  Rows rows;
  std::mt19937 random(10);
  std::poisson_distribution<std::int64_t> count(12);
  for (int i = 0; i < 8; ++i) {
    std::vector<std::int64_t> row(all.size());
    for (std::size_t c = 0; c < row.size(); ++c) all[c] += row[c] = count(random);
    rows.push_back({"area " + std::to_string(i), row});
  }
  for (const ThresholdRule& limits : {kDefault, kDfe}) {
    std::vector<LinkedTable> tables = {TableOf("10", {}, {{"", all}}, limits),
                                       TableOf("10", {"area"}, rows, limits)};
    ASSERT_OK_AND_ASSIGN(const AuditResult result, SuppressSecondary(tables));
    EXPECT_TRUE(result.too_narrow.empty());
    ExpectWide(tables);
  }
}

// With nobody in one outcome, "children in need" and "any" are alike: by the counts alone each of the two
// would be the other and the empty one, so that nobody could ever be in that, and what is hidden of it would
// be told.
TEST(AuditTest, AnOutcomeThatNobodyHasIsProtected_WhenTwoOthersAreAlike) {
  for (const ThresholdRule& limits : {kDefault, kDfe}) {
    std::vector<LinkedTable> tables = {
        TableOf("5", {}, {{"", {30, 30, 0, 0, 104}}}, limits),
        TableOf("5", {"sex"}, {{"F", {20, 20, 0, 0, 60}}, {"M", {10, 10, 0, 0, 40}}, {"X", {0, 0, 0, 0, 4}}},
                limits)};
    EXPECT_TRUE(IsSuppressed(tables[1], 2, 3));
    ASSERT_OK_AND_ASSIGN(const AuditResult result, SuppressSecondary(tables));
    EXPECT_TRUE(result.too_narrow.empty());
    EXPECT_EQ(result.fallbacks, 0u);
    ExpectWide(tables);
  }
}

// One row per name, with so many in each of a few bins.
std::vector<std::int64_t> Bins(const std::vector<std::pair<std::size_t, std::int64_t>>& counts) {
  std::vector<std::int64_t> bins(catalogue::ColumnsOf(EntryNamed("9")).size());
  for (const auto& [bin, count] : counts) bins[bin] = count;
  return bins;
}

// No bin is in the system then. Here each is, and the attacker knows every row's total.
TEST(AuditTest, NoBinOfACurveIsTold_WhereNoneIsShown) {
  std::vector<LinkedTable> tables = {
      TableOf("9", {}, {{"", Bins({{0, 3}, {4, 12}, {9, 5}})}}),
      TableOf("9", {"sex"}, {{"F", Bins({{0, 1}, {4, 10}, {9, 1}})}, {"M", Bins({{0, 2}, {4, 2}, {9, 4}})}})};
  ASSERT_OK_AND_ASSIGN(const AuditResult result, SuppressSecondary(tables));
  EXPECT_TRUE(result.too_narrow.empty());
  const auto bins = static_cast<std::uint32_t>(tables[0].exact.columns.size());
  statistics::CellSystem known{.cells = std::vector<statistics::Range>(3 * bins), .relations = {}};
  for (std::uint32_t bin = 0; bin < bins; ++bin) {
    EXPECT_TRUE(IsSuppressed(tables[0], 0, bin));
    known.relations.push_back(statistics::SumOf({{bins + bin, 2 * bins + bin}}, bin));
  }
  std::uint32_t row = 0;
  for (const std::int64_t total : {20, 12, 8}) {
    statistics::Relation sum{.terms = {}, .low = total, .high = total};
    for (std::uint32_t bin = 0; bin < bins; ++bin)
      sum.terms.push_back({.cell = row * bins + bin, .factor = 1});
    known.relations.push_back(std::move(sum));
    ++row;
  }
  ASSERT_OK_AND_ASSIGN(
      const auto found,
      statistics::BestIntervals(known, {{0, 4, 100, bins, bins + 4, 2 * bins + 9, 3 * bins - 1}}));
  for (const statistics::KnownInterval& each : found) EXPECT_GE(each.interval.width(), 7);
}

TEST(AuditTest, BinsOfCurvesAreJudged_WhereSomeAreShown) {
  std::vector<LinkedTable> tables = {
      TableOf("9", {}, {{"", Bins({{0, 43}, {4, 20}})}}),
      TableOf("9", {"sex"}, {{"F", Bins({{0, 3}, {4, 20}})}, {"M", Bins({{0, 40}})}})};
  EXPECT_FALSE(IsSuppressed(tables[0], 0, 0));
  ExpectTold(tables, 1, 0);  // 43 - 40
  ASSERT_OK_AND_ASSIGN(const AuditResult result, SuppressSecondary(tables));
  EXPECT_TRUE(result.too_narrow.empty());
  EXPECT_GT(result.suppressed, 0u);
  ExpectWide(tables);
}

}  // namespace
}  // namespace waymark::node
