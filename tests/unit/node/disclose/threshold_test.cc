#include "node/disclose/threshold.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include "absl/strings/str_format.h"
#include "catalogue/columns.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

using Row = std::vector<std::int64_t>;

v1::Metric Entry(v1::MetricKind kind, int outcomes) {
  v1::Metric metric;
  metric.set_id("made-up");
  metric.set_kind(kind);
  for (int i = 0; i < outcomes; ++i) metric.add_outcomes()->set_id(absl::StrFormat("o%d", i));
  return metric;
}

contract::Table TableOf(const v1::Metric& metric, const std::vector<Row>& rows) {
  contract::Table table;
  table.metric = metric.id();
  table.period = "2024-25-Q1";
  table.dimensions = {"area"};
  table.columns = catalogue::ColumnsOf(metric);
  for (std::size_t i = 0; i < rows.size(); ++i) table.rows.push_back(absl::StrFormat("%08d", i));
  table.Resize();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows[i].size(); ++j) table.At(i, j) = rows[i][j];
  }
  return table;
}

// One row as it leaves: "10", "[c]", "[low]".
std::vector<std::string> Protected(const v1::Metric& metric, const Row& row, ThresholdRule limits = {}) {
  const auto made = ProtectThresholded(metric, TableOf(metric, {row}), limits);
  EXPECT_OK(made);
  std::vector<std::string> cells;
  for (std::size_t i = 0; made.ok() && i < made->table.values.size(); ++i) {
    switch (made->table.status[i]) {
      case v1::CELL_STATUS_SHOWN:
        cells.push_back(std::to_string(made->table.values[i]));
        break;
      case v1::CELL_STATUS_SUPPRESSED:
        EXPECT_EQ(made->table.values[i], 0);
        cells.push_back("[c]");
        break;
      case v1::CELL_STATUS_LOW:
        cells.push_back("[low]");
        break;
      default:
        cells.push_back("[x]");
    }
  }
  return cells;
}

using Cells = std::vector<std::string>;

TEST(ThresholdTest, ProportionSuppressesNumeratorsComplementsAndSmallGroups) {
  const v1::Metric metric = Entry(v1::METRIC_KIND_PROPORTION, 1);
  EXPECT_EQ(Protected(metric, {0, 0}), (Cells{"0", "0"}));
  EXPECT_EQ(Protected(metric, {0, 100}), (Cells{"0", "100"}));
  EXPECT_EQ(Protected(metric, {1, 100}), (Cells{"[c]", "100"}));
  EXPECT_EQ(Protected(metric, {7, 100}), (Cells{"[c]", "100"}));
  EXPECT_EQ(Protected(metric, {8, 100}), (Cells{"10", "100"}));
  EXPECT_EQ(Protected(metric, {92, 100}), (Cells{"90", "100"}));
  EXPECT_EQ(Protected(metric, {93, 100}), (Cells{"[c]", "100"}));
  EXPECT_EQ(Protected(metric, {99, 100}), (Cells{"[c]", "100"}));
  EXPECT_EQ(Protected(metric, {100, 100}), (Cells{"100", "100"}));
  // 0% and 100% of a small group tell of every member of it.
  EXPECT_EQ(Protected(metric, {0, 7}), (Cells{"[c]", "[c]"}));
  EXPECT_EQ(Protected(metric, {7, 7}), (Cells{"[c]", "[c]"}));
  EXPECT_EQ(Protected(metric, {3, 7}), (Cells{"[c]", "[c]"}));
  EXPECT_EQ(Protected(metric, {0, 1}), (Cells{"[c]", "[c]"}));
  EXPECT_EQ(Protected(metric, {0, 8}), (Cells{"0", "10"}));
}

TEST(ThresholdTest, TheCouncilLearnsWhichRuleItWas) {
  const v1::Metric metric = Entry(v1::METRIC_KIND_PROPORTION, 2);
  const auto rules = [&](const Row& row) {
    const auto made = ProtectThresholded(metric, TableOf(metric, {row}), {});
    EXPECT_OK(made);
    return made->rules;
  };
  EXPECT_EQ(rules({3, 98, 100}),
            (std::vector<CellRule>{CellRule::kSmallCount, CellRule::kSmallComplement, CellRule::kRounded}));
  EXPECT_EQ(rules({0, 7, 7}),
            (std::vector<CellRule>{CellRule::kSmallGroup, CellRule::kSmallGroup, CellRule::kSmallCount}));
  for (const CellRule rule : rules({3, 98, 100})) EXPECT_NE(DescribeRule(rule, {}), "");
}

TEST(ThresholdTest, QualityIsProtectedAsAProportion) {
  const v1::Metric metric = Entry(v1::METRIC_KIND_QUALITY, 0);
  EXPECT_EQ(Protected(metric, {997, 1000}), (Cells{"[c]", "1000"}));
  EXPECT_EQ(Protected(metric, {900, 1000}), (Cells{"900", "1000"}));
  EXPECT_EQ(Protected(metric, {3, 4}), (Cells{"[c]", "[c]"}));
}

TEST(ThresholdTest, PartitionsAreProtectedByTheirTotal) {
  const v1::Metric metric = Entry(v1::METRIC_KIND_MIX, 3);
  EXPECT_EQ(Protected(metric, {0, 0, 0}), (Cells{"0", "0", "0"}));
  EXPECT_EQ(Protected(metric, {20, 30, 0}), (Cells{"20", "30", "0"}));
  EXPECT_EQ(Protected(metric, {20, 3, 40}), (Cells{"20", "[c]", "40"}));
  EXPECT_EQ(Protected(metric, {0, 2, 3}), (Cells{"[c]", "[c]", "[c]"}));
  EXPECT_EQ(Protected(metric, {0, 2, 90}), (Cells{"0", "[c]", "[c]"}));
  EXPECT_EQ(Protected(metric, {0, 0, 90}), (Cells{"0", "0", "90"}));
}

// A curve that lacks a bin is none; the zeros that would be left tell in which weeks nothing happened.
TEST(ThresholdTest, CurvesLeaveWholeOrNotAtAll) {
  const v1::Metric metric = Entry(v1::METRIC_KIND_SURVIVAL, 2);
  EXPECT_EQ(Protected(metric, {20, 30, 0}), (Cells{"20", "30", "0"}));
  EXPECT_EQ(Protected(metric, {20, 3, 0}), (Cells{"[c]", "[c]", "[c]"}));
  EXPECT_EQ(Protected(metric, {0, 2, 90}), (Cells{"[c]", "[c]", "[c]"}));
  EXPECT_EQ(Protected(metric, {0, 0, 0}), (Cells{"0", "0", "0"}));
}

TEST(ThresholdTest, NearestFiveAndHalfUpwards) {
  const v1::Metric metric = Entry(v1::METRIC_KIND_MIX, 2);
  const std::map<std::int64_t, std::string> fives = {{8, "10"},  {12, "10"}, {13, "15"},
                                                     {17, "15"}, {18, "20"}, {1000, "1000"}};
  for (const auto& [exact, rounded] : fives) {
    EXPECT_EQ(Protected(metric, {exact, 500})[0], rounded) << exact;
  }
  const ThresholdRule tens{.threshold = 7, .rounding = 10};
  const std::map<std::int64_t, std::string> half = {{14, "10"}, {15, "20"}, {24, "20"}, {25, "30"}};
  for (const auto& [exact, rounded] : half) {
    EXPECT_EQ(Protected(metric, {exact, 500}, tens)[0], rounded) << exact;
  }
}

TEST(ThresholdTest, WhatRoundsToZeroIsLowAndNotZero) {
  const v1::Metric metric = Entry(v1::METRIC_KIND_MIX, 3);
  EXPECT_EQ(Protected(metric, {9, 500, 0}, {.threshold = 7, .rounding = 20}), (Cells{"[low]", "500", "0"}));
}

TEST(ThresholdTest, TransitionsNeedMorePeopleThanTheThreshold) {
  // Columns: none>early_help, none>social_care, early_help>none, early_help>social_care, social_care>none,
  // social_care>early_help, days of none, early help, social care. Seven people for 91 days: 637.
  const v1::Metric metric = Entry(v1::METRIC_KIND_TRANSITION, 0);
  ASSERT_EQ(catalogue::ColumnsOf(metric).size(), 9u);
  EXPECT_EQ(Protected(metric, {20, 3, 30, 0, 40, 0, 638, 90'049, 90'050}),
            (Cells{"20", "[c]", "30", "0", "40", "0", "600", "90000", "90100"}));
  EXPECT_EQ(Protected(metric, {20, 0, 30, 0, 40, 0, 637, 90'000, 0}),
            (Cells{"[c]", "[c]", "30", "0", "[c]", "0", "[c]", "90000", "0"}));
  EXPECT_EQ(Protected(metric, {0, 0, 0, 0, 0, 0, 1, 0, 0}),
            (Cells{"[c]", "[c]", "0", "0", "0", "0", "[c]", "0", "0"}));
}

TEST(ThresholdTest, CellsThatWereNotMeasuredStaySo) {
  const v1::Metric metric = Entry(v1::METRIC_KIND_PROPORTION, 2);
  contract::Table exact = TableOf(metric, {{0, 3, 100}});
  exact.status[0] = v1::CELL_STATUS_NOT_AVAILABLE;
  ASSERT_OK_AND_ASSIGN(const ThresholdedTable made, ProtectThresholded(metric, exact, {}));
  EXPECT_EQ(made.table.status[0], v1::CELL_STATUS_NOT_AVAILABLE);
  EXPECT_EQ(made.table.status[1], v1::CELL_STATUS_SUPPRESSED);
  EXPECT_EQ(made.rules[0], CellRule::kPassedOn);
}

TEST(ThresholdTest, ImpossibleTablesAreRefused) {
  const v1::Metric metric = Entry(v1::METRIC_KIND_PROPORTION, 1);
  for (const Row& row : {Row{-1, 10}, Row{11, 10}, Row{0, contract::kMaxCellValue + 1}}) {
    EXPECT_THAT(ProtectThresholded(metric, TableOf(metric, {row}), {}),
                StatusIs(absl::StatusCode::kInternal, HasSubstr("impossible")));
  }
  contract::Table renamed = TableOf(metric, {{1, 10}});
  renamed.columns[0] = "other";
  EXPECT_THAT(ProtectThresholded(metric, renamed, {}),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("definition's columns")));
}

// What somebody who knows the rules can work out from a released row alone, by listing every row that could
// have been: for each count (cells, complements, totals), the values it can have had. Nothing of 1 to t may
// be certain.
class Listing {
 public:
  // `released` for `exact`.
  void Add(const std::vector<std::string>& released, const Row& counts) {
    auto& possible = possible_[released];
    possible.resize(counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) possible[i].insert(counts[i]);
  }
  // How many counts of 1 to t are certain, in rows that do not touch the listing's upper end.
  int Certain(std::int64_t threshold, std::int64_t end) const {
    int certain = 0;
    for (const auto& [released, possible] : possible_) {
      bool inside = true;
      for (const auto& values : possible) inside = inside && *values.rbegin() < end;
      for (const auto& values : possible) {
        if (inside && values.size() == 1 && *values.begin() >= 1 && *values.begin() <= threshold) ++certain;
      }
    }
    return certain;
  }

 private:
  std::map<std::vector<std::string>, std::vector<std::set<std::int64_t>>> possible_;
};

std::vector<std::vector<std::string>> ReleasedRows(const v1::Metric& metric, const std::vector<Row>& rows,
                                                   ThresholdRule limits) {
  const auto made = ProtectThresholded(metric, TableOf(metric, rows), limits);
  EXPECT_OK(made);
  std::vector<std::vector<std::string>> released(rows.size());
  for (std::size_t row = 0; made.ok() && row < rows.size(); ++row) {
    for (std::size_t column = 0; column < made->table.columns.size(); ++column) {
      const std::size_t at = made->table.Index(row, column);
      released[row].push_back(absl::StrFormat("%d:%d", made->table.status[at], made->table.values[at]));
    }
  }
  return released;
}

const std::vector<ThresholdRule>& Profiles() {
  static const auto& profiles = *new std::vector<ThresholdRule>{
      {.threshold = 7, .rounding = 5}, {.threshold = 5, .rounding = 1}, {.threshold = 10, .rounding = 10}};
  return profiles;
}

TEST(ThresholdListingTest, NoSmallCountOfAProportionIsCertainFromItsRow) {
  constexpr std::int64_t kEnd = 44;
  const v1::Metric metric = Entry(v1::METRIC_KIND_PROPORTION, 2);
  std::vector<Row> rows;
  for (std::int64_t group = 0; group <= kEnd; ++group) {
    for (std::int64_t first = 0; first <= group; ++first) {
      for (std::int64_t second = 0; second <= group; ++second) rows.push_back({first, second, group});
    }
  }
  for (const ThresholdRule& limits : Profiles()) {
    const auto released = ReleasedRows(metric, rows, limits);
    Listing listing;
    Listing unprotected;  // the check itself must be able to fail
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row& row = rows[i];
      const Row counts = {row[0], row[1], row[2], row[2] - row[0], row[2] - row[1]};
      listing.Add(released[i], counts);
      // Primary suppression without complements, unrounded.
      std::vector<std::string> naive;
      for (const std::int64_t count : row) {
        naive.push_back(count >= 1 && count <= limits.threshold ? "[c]" : std::to_string(count));
      }
      unprotected.Add(naive, counts);
    }
    EXPECT_EQ(listing.Certain(limits.threshold, kEnd - limits.rounding), 0)
        << limits.threshold << " " << limits.rounding;
    EXPECT_GT(unprotected.Certain(limits.threshold, kEnd), 0);
  }
}

TEST(ThresholdListingTest, NoSmallCountOfAPartitionIsCertainFromItsRow) {
  constexpr std::int64_t kEnd = 32;
  for (const v1::MetricKind kind :
       {v1::METRIC_KIND_MIX, v1::METRIC_KIND_DURATION, v1::METRIC_KIND_SURVIVAL}) {
    v1::Metric metric = Entry(kind, kind == v1::METRIC_KIND_MIX        ? 3
                                    : kind == v1::METRIC_KIND_SURVIVAL ? 2
                                                                       : 0);
    if (kind == v1::METRIC_KIND_DURATION) {
      metric.add_bins(7);
      metric.add_bins(14);
    }
    ASSERT_EQ(catalogue::ColumnsOf(metric).size(), 3u);
    std::vector<Row> rows;
    for (std::int64_t a = 0; a <= kEnd; ++a) {
      for (std::int64_t b = 0; b <= kEnd; ++b) {
        for (std::int64_t c = 0; c <= kEnd; ++c) rows.push_back({a, b, c});
      }
    }
    for (const ThresholdRule& limits : Profiles()) {
      const auto released = ReleasedRows(metric, rows, limits);
      Listing listing;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const Row& row = rows[i];
        const std::int64_t total = row[0] + row[1] + row[2];
        listing.Add(released[i],
                    {row[0], row[1], row[2], total, total - row[0], total - row[1], total - row[2]});
      }
      EXPECT_EQ(listing.Certain(limits.threshold, kEnd - limits.rounding), 0)
          << metric.kind() << " " << limits.threshold << " " << limits.rounding;
    }
  }
}

TEST(ThresholdListingTest, NoCellOfARealTableShowsASmallCount) {
  // Every entry of the catalogue that may leave, every column: no shown value is 1 to t.
  for (const v1::Metric& metric : TestLibrary().metrics()) {
    if (metric.modes().empty() || metric.kind() == v1::METRIC_KIND_SURVEY)
      continue;  // what is stated is of no family
    const std::size_t columns = catalogue::ColumnsOf(metric).size();
    std::vector<Row> rows;
    for (std::int64_t count = 0; count <= 30; ++count) {
      Row row(columns, count);
      if (metric.kind() == v1::METRIC_KIND_PROPORTION || metric.kind() == v1::METRIC_KIND_QUALITY) {
        row.back() = 200;
      }
      rows.push_back(row);
    }
    ASSERT_OK_AND_ASSIGN(const ThresholdedTable made, ProtectThresholded(metric, TableOf(metric, rows), {}));
    for (std::size_t i = 0; i < made.table.values.size(); ++i) {
      if (made.table.status[i] != v1::CELL_STATUS_SHOWN) continue;
      EXPECT_TRUE(made.table.values[i] == 0 || made.table.values[i] > 7) << metric.id();
    }
  }
}

// Families with random numbers of episodes: whatever is shown, no two of them have 90% of it, and the second
// largest does not know the largest to within 10%.
TEST(ThresholdTest, NobodyDominatesACountThatIsShown) {
  std::mt19937 random(5);
  const v1::Metric metric = Entry(v1::METRIC_KIND_PROPORTION, 1);
  int shown = 0;
  int dominated = 0;
  for (int trial = 0; trial < 20'000; ++trial) {
    std::vector<std::int64_t> with;  // episodes with the outcome, by family that has any
    std::vector<std::int64_t> all;
    const int families = 1 + static_cast<int>(random() % 12);
    for (int i = 0; i < families; ++i) {
      const std::int64_t episodes = 1 + static_cast<std::int64_t>(random() % (random() % 4 == 0 ? 40 : 3));
      all.push_back(episodes);
      if (random() % 2 == 0)
        with.push_back(1 + static_cast<std::int64_t>(random() % static_cast<unsigned>(episodes)));
    }
    const auto sum = [](const std::vector<std::int64_t>& of) {
      return std::accumulate(of.begin(), of.end(), std::int64_t{0});
    };
    const contract::Table exact = TableOf(metric, {{sum(with), sum(all)}});
    const contract::Table people =
        TableOf(metric, {{static_cast<std::int64_t>(with.size()), static_cast<std::int64_t>(all.size())}});
    ASSERT_OK_AND_ASSIGN(const ThresholdedTable made, ProtectThresholded(metric, exact, {}, &people));
    for (std::vector<std::int64_t>* of : {&with, &all}) {
      std::sort(of->rbegin(), of->rend());
      const std::size_t cell = of == &with ? 0 : 1;
      const std::int64_t count = exact.values[cell];
      const std::int64_t first = of->empty() ? 0 : of->at(0);
      const std::int64_t second = of->size() < 2 ? 0 : of->at(1);
      const bool dominates =
          count > 0 && (10 * (first + second) >= 9 * count || 10 * (count - first - second) < first);
      dominated += made.rules[cell] == CellRule::kDominance ? 1 : 0;
      if (made.table.status[cell] == v1::CELL_STATUS_SUPPRESSED) continue;
      ++shown;
      ASSERT_FALSE(dominates) << count << " of which " << first << " and " << second;
    }
  }
  EXPECT_GT(shown, 5'000);
  EXPECT_GT(dominated, 1'000);
}

TEST(ThresholdTest, DominanceHidesNothing_WhereEachFamilyHasAFewEpisodes) {
  const v1::Metric metric = Entry(v1::METRIC_KIND_PROPORTION, 1);
  const contract::Table exact = TableOf(metric, {{8, 40}, {0, 12}, {600, 2'000}});
  const contract::Table people = TableOf(metric, {{3, 15}, {0, 4}, {200, 700}});
  ASSERT_OK_AND_ASSIGN(const ThresholdedTable made, ProtectThresholded(metric, exact, {}, &people));
  EXPECT_EQ(std::count(made.table.status.begin(), made.table.status.end(), v1::CELL_STATUS_SUPPRESSED), 0);
  const contract::Table others = TableOf(metric, {{3, 15}});
  EXPECT_THAT(ProtectThresholded(metric, exact, {}, &others),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("people")));
}

// Person-days: two people make up at most 2L of more than tL days, so with t of 5 and 7 dominance, (n, k) =
// (2, 0.90) and p% = 10, can never be met by what is shown; no contribution has to be known for that.
TEST(ThresholdTest, NobodyDominatesThePersonDaysThatAreShown) {
  const v1::Metric metric = Entry(v1::METRIC_KIND_TRANSITION, 0);
  constexpr std::int64_t kLength = 91;
  for (const std::int64_t threshold : {5, 7}) {
    std::int64_t least_shown = 0;
    for (std::int64_t days = 1; least_shown == 0; ++days) {
      const auto cells =
          Protected(metric, {0, 0, 0, 0, 0, 0, 0, 0, days}, {.threshold = threshold, .rounding = 1});
      if (cells.back() != "[c]") least_shown = days;
    }
    const std::int64_t largest = kLength;  // a person's, and a second one's
    EXPECT_LT(static_cast<double>(2 * largest), 0.90 * static_cast<double>(least_shown));
    EXPECT_GE(static_cast<double>(least_shown - 2 * largest), 0.10 * static_cast<double>(largest));
  }
}

}  // namespace
}  // namespace waymark::node
