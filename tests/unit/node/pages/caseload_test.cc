// Caseloads against the measurer's own stocks, on random histories; and out-of-time work by hand.
#include "node/pages/caseload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "base/period.h"
#include "node/measure/measurer.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"
#include "tests/unit/node/journey/records_builder.h"
#include "tests/unit/node/measure/random_histories.h"

namespace waymark::node {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// By team: all classes of metric 11, and those of a year and more.
struct Stock {
  std::int64_t open = 0;
  std::int64_t year = 0;
  friend bool operator==(const Stock&, const Stock&) = default;
};

std::map<std::string, Stock> StocksBy(const Journeys& journeys, const Period& period, v1::Unit unit) {
  const auto measured = Measure(journeys, {.metric = &EntryNamed("11"),
                                           .period = period,
                                           .breakdowns = {"team"},
                                           .units = {unit},
                                           .calendar = &TestLibrary().working_days()});
  EXPECT_OK(measured.status());
  std::map<std::string, Stock> stocks;
  const contract::Table& table = measured->back().table;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      const std::string& part = table.columns[column];
      const std::int64_t count = table.At(row, column);
      if (count == 0) continue;
      stocks[table.rows[row]].open += count;
      if (part == "365_to_729" || part == "730_and_more") stocks[table.rows[row]].year += count;
    }
  }
  return stocks;
}

TEST(CaseloadTest, EqualsTheStocksThatAreMeasured_OnRandomHistories) {
  int with_teams = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    RandomHistories random(seed);
    ASSERT_OK_AND_ASSIGN(const Journeys journeys, BuildJourneys(random.Draw()));
    const Day day = journeys.records().early_help.extract;
    if (day == kNoDay) continue;
    const std::vector<Holding> holdings = HoldingsOn(journeys, Only(Level::kEarlyHelp), Holder::kTeam, day);
    if (holdings.empty()) continue;
    ++with_teams;
    ASSERT_OK_AND_ASSIGN(const Period period,
                         ParsePeriod(absl::StrCat(FormatDay(day - 30), "..", FormatDay(day))));
    std::map<std::string, Stock> cases, ours;
    for (const Holding& holding : holdings) ours[holding.who] = {.open = holding.cases, .year = holding.year};
    cases = StocksBy(journeys, period, v1::UNIT_EPISODES);
    ASSERT_EQ(ours.size(), cases.size());
    for (const auto& [team, stock] : cases) EXPECT_EQ(ours[team], stock) << team;
  }
  EXPECT_GT(with_teams, 10);
}

TEST(CaseloadTest, CountsChildrenAndFamiliesOnce_AndTellsHowLongCasesAreOpen) {
  RecordsBuilder builder("2026-01-01");
  builder.Person("a", {.family = "f"}).Person("b", {.family = "f"}).Person("c");
  builder.EarlyHelp("a", "2025-12-22", "", {.team = "North"});
  builder.EarlyHelp("b", "2025-07-02", "", {.team = "North"});  // 183 days
  builder.EarlyHelp("c", "2025-01-01", "", {.team = "North"});  // 365 days
  builder.EarlyHelp("c", "2024-01-01", "2024-05-01", {.team = "South"});
  ASSERT_OK_AND_ASSIGN(const Journeys journeys, BuildJourneys(builder.records()));
  const auto holdings = HoldingsOn(journeys, Only(Level::kEarlyHelp), Holder::kTeam, D("2026-01-01"));
  ASSERT_EQ(holdings.size(), 1u);
  const Holding& north = holdings.front();
  EXPECT_EQ(north.who, "North");
  EXPECT_EQ(north.cases, 3);
  EXPECT_EQ(north.children, 3);
  EXPECT_EQ(north.families, 2);
  EXPECT_EQ(north.half_year, 2);
  EXPECT_EQ(north.year, 1);
  EXPECT_EQ(north.median_days, 183);
  EXPECT_THAT(HoldingsOn(journeys, Only(Level::kCin), Holder::kTeam, D("2026-01-01")), IsEmpty());
}

Records WithSteps(std::vector<Step> steps) {
  RecordsBuilder builder("2025-06-30");
  builder.Person("a");
  Records& records = builder.records();
  const Code team = records.codes.Intern("East");
  for (Step& step : steps) {
    step.team = team;
    records.steps.push_back(step);
  }
  return std::move(records);
}

TEST(CaseloadTest, FindsWhatIsBegunAndBeyondItsStandard) {
  const Day day = D("2025-06-30");
  // A Monday; 45 working days before it is 24 April 2025, with two bank holidays in May and the summer
  // before.
  ASSERT_OK_AND_ASSIGN(const Journeys journeys,
                       BuildJourneys(WithSteps(
                           {{.kind = StepKind::kAssessment, .start = D("2025-04-24")},
                            {.kind = StepKind::kAssessment, .start = D("2025-04-23")},
                            {.kind = StepKind::kAssessment, .start = D("2025-01-02"), .end = D("2025-02-03")},
                            {.kind = StepKind::kAssessment, .start = D("2025-06-29")}})));
  const WorkingDays& calendar = TestLibrary().working_days();
  ASSERT_EQ(calendar.Between(D("2025-04-24"), day), 45);
  const auto overdue = OverdueOn(journeys, StepKind::kAssessment, 45, day, calendar);
  ASSERT_EQ(overdue.size(), 1u);
  EXPECT_EQ(overdue[0].team, "East");
  EXPECT_EQ(overdue[0].open, 3);
  EXPECT_EQ(overdue[0].out_of_time, 1);
  EXPECT_EQ(overdue[0].longest, 46);
}

TEST(CaseloadTest, WaitsForNoConference_ThatIsNotRequired) {
  Records records = WithSteps({{.kind = StepKind::kEnquiry, .start = D("2025-01-02")},
                               {.kind = StepKind::kEnquiry, .start = D("2025-01-03")}});
  records.steps[1].outcome = records.codes.Intern("not_required");
  records.steps[0].outcome = records.codes.Intern("");
  ASSERT_OK_AND_ASSIGN(const Journeys journeys, BuildJourneys(std::move(records)));
  const auto overdue =
      OverdueOn(journeys, StepKind::kEnquiry, 15, D("2025-06-30"), TestLibrary().working_days());
  ASSERT_EQ(overdue.size(), 1u);
  EXPECT_EQ(overdue[0].open, 1);
}

}  // namespace
}  // namespace waymark::node
