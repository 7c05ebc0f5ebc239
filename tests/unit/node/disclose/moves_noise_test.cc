// Metric 31 with noise: what one family can do to its cells, measured from made-up histories, and what comes
// out of the door.
#include <gtest/gtest.h>

#include <random>

#include "base/period.h"
#include "catalogue/columns.h"
#include "node/disclose/noise.h"
#include "node/disclose/request.h"
#include "node/measure/measurer.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"
#include "tests/unit/node/journey/records_builder.h"

namespace waymark::node {
namespace {

constexpr char kPeriod[] = "2024-25-Q1";
constexpr Day kDays = 91;
constexpr std::size_t kMoves = 6;

contract::RoundItem Moves() {
  contract::RoundItem item = NoisedItem("31", 1, 1, {"sex", "age_band"});
  item.period = kPeriod;
  return item;
}

// Somebody with pieces of help of random length one after the other, often several in the quarter.
void AddHistory(const std::string& id, std::mt19937& random, RecordsBuilder& records) {
  Day day = D("2023-12-01") + static_cast<Day>(random() % 120);
  const int pieces = 1 + static_cast<int>(random() % 5);
  for (int i = 0; i < pieces; ++i) {
    const Day end = day + 1 + static_cast<Day>(random() % 25);
    records.Episode(id, random() % 2 == 0 ? Level::kEarlyHelp : Level::kCin, FormatDay(day), FormatDay(end));
    day = end + 2 + static_cast<Day>(random() % 20);
  }
}

// A family of four and some people alone; without the family where `with` is false.
Journeys People(unsigned seed, bool with) {
  RecordsBuilder records;
  records.Person("alone", {.family = "other"});
  std::mt19937 random(seed);
  for (int i = 0; i < 6; ++i) {
    const std::string id = absl::StrCat("p", i);
    records.Person(id, {.birth = i % 2 == 0 ? "2012-06-15" : "2020-05-20", .sex = i < 3 ? "female" : "male"});
    AddHistory(id, random, records);
  }
  for (int i = 0; with && i < 4; ++i) {
    const std::string id = absl::StrCat("f", i);
    records.Person(id, {.birth = i < 2 ? "2012-06-15" : "2020-05-20", .family = "f"});
    AddHistory(id, random, records);
  }
  return records.Build();
}

absl::StatusOr<std::vector<std::int64_t>> CellsOf(const Journeys& journeys, const NoisePlan& plan) {
  const v1::Metric& metric = EntryNamed("31");
  const MeasureRequest request{
      .metric = &metric,
      .period = ParsePeriod(kPeriod).value(),
      .breakdowns = {"sex", "age_band"},
      .limit = ContributionLimit{metric.contribution_bound(), [](absl::string_view) { return 0; }}};
  ASSIGN_OR_RETURN(const std::vector<Measured> all, Measure(journeys, request));
  std::vector<std::int64_t> cells;
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSIGN_OR_RETURN(const DisjointCells table, DisjointCellsOf(metric, plan.tables[i], all[i].table));
    cells.insert(cells.end(), table.values.begin(), table.values.end());
  }
  return cells;
}

// Random families, with and without: never further than the plan says, and some come near it.
TEST(NoisedMoves, NoFamilyMovesTheCellsFurtherThanThePlanSays) {
  ASSERT_OK_AND_ASSIGN(const NoisePlan plan, PlanNoise(EntryNamed("31"), Moves()));
  // Three tables; three members; two moves, and the three states between them.
  EXPECT_EQ(plan.sensitivity, 3u * 3 * (2 + 3));
  EXPECT_EQ(plan.sensitivity_square, 3u * 3 * 3 * (2 + 3));
  std::int64_t furthest = 0;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    ASSERT_OK_AND_ASSIGN(const auto with, CellsOf(People(seed, true), plan));
    ASSERT_OK_AND_ASSIGN(const auto without, CellsOf(People(seed, false), plan));
    std::int64_t sum = 0;
    std::int64_t square = 0;
    for (std::size_t i = 0; i < with.size(); ++i) {
      const std::int64_t moved = std::abs(with[i] - without[i]);
      sum += moved;
      square += moved * moved;
    }
    ASSERT_LE(static_cast<std::uint64_t>(sum), plan.sensitivity) << "seed " << seed;
    ASSERT_LE(static_cast<std::uint64_t>(square), plan.sensitivity_square) << "seed " << seed;
    furthest = std::max(furthest, sum);
  }
  EXPECT_GE(furthest, 18) << "these families hardly move anything";
}

// With a noise that is always 0 what leaves is what was counted, days to the nearest whole period.
TEST(NoisedMoves, DaysLeaveInWholePeriods) {
  const v1::Metric& metric = EntryNamed("31");
  ASSERT_OK_AND_ASSIGN(const NoisePlan plan, PlanNoise(metric, Moves()));
  ASSERT_OK_AND_ASSIGN(const auto silent, crypto::DiscreteLaplace::Create({100, 1}, 1));
  crypto::SystemRandom random;
  contract::Table exact = plan.tables[0];
  exact.values = {1, 2, 3, 4, 5, 6, 0, 100 * kDays + 45, 100 * kDays + 46};
  ASSERT_OK_AND_ASSIGN(const NoisedTable out,
                       ProtectNoised(metric, plan.tables[0], exact, Noise(silent), random));
  EXPECT_EQ(out.table.values, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 0, 100 * kDays, 101 * kDays}));
}

TEST(NoisedMoves, LeaveByTheDoor_ChargedToEveryYearOfAChildhood) {
  MadeUpCouncil council(
      "[release]\napproval = \"automatic\"\n[floors]\nyearly_epsilon = \"4\"\n"
      "[[allow]]\nmetric = \"31\"\nversion = 1\nmode = \"noised\"\nbreakdowns = [\"sex\", \"age_band\"]\n");
  ASSERT_OK(council.Open());
  MadeUpTables tables;
  ASSERT_OK_AND_ASSIGN(const Answered answered, council.MakeDoor().Answer(SpecOf("q", {Moves()}), tables));
  const contract::Release release = Read(answered.release);
  ASSERT_EQ(release.tables.size(), 3u);
  for (const contract::ProtectedTable& given : release.tables) {
    EXPECT_EQ(given.protection.sensitivity, 45u);
    for (std::size_t row = 0; row < given.table.rows.size(); ++row) {
      for (std::size_t column = kMoves; column < given.table.columns.size(); ++column) {
        EXPECT_EQ(given.table.At(row, column) % kDays, 0);
      }
    }
  }
  EXPECT_TRUE(tables.last_limit.has_value());
  ASSERT_OK_AND_ASSIGN(const DaySpan span, RecordsThatCount(EntryNamed("31"), Moves(), D("2025-01-01")));
  EXPECT_LE(span.first, D("2006-04-01"));
}

}  // namespace
}  // namespace waymark::node
