// What is made at home only, from rows made by hand and from random ones counted another way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "catalogue/vocabulary.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/measure/measuring.h"

namespace waymark::node {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Rows of every template, whole from 2020 to the end of June 2025.
void Cover(Templates& templates) {
  const auto cover = [](auto& rows) {
    rows.covered_from = D("2020-01-01");
    rows.extract = D("2025-06-30");
  };
  cover(templates.scores);
  cover(templates.needs);
  cover(templates.views);
  cover(templates.staffing);
  cover(templates.costs);
}

double Figure(const Measured& measured, const std::string& quantity, const std::string& row = "") {
  for (const catalogue::RowFigure& figure : measured.figures) {
    if (measured.table.rows[figure.row] == row && figure.quantity == quantity)
      return figure.value.value_or(-1);
  }
  return -2;
}

class MadeAtHome : public ::testing::Test {
 protected:
  MadeAtHome() { Cover(templates()); }
  Templates& templates() { return builder_.records().templates; }
  RecordsBuilder builder_{"2025-06-30"};
};

TEST_F(MadeAtHome, ScoresChangeInTheirToolsOwnDirection) {
  const auto add = [this](const char* tool, bool high, std::int64_t from, std::int64_t to, const char* end) {
    templates().scores.rows.push_back({.person = "c",
                                       .tool = tool,
                                       .high_is_better = high,
                                       .start = D("2024-01-01"),
                                       .start_thousandths = from,
                                       .end = D(end),
                                       .end_thousandths = to,
                                       .service = ""});
  };
  add("Star", true, 4000, 6500, "2024-04-01");    // the first day: better by 2.5
  add("Star", true, 4000, 4000, "2025-03-31");    // the last: the same
  add("Star", true, 4000, 9000, "2025-04-01");    // after it
  add("Star", true, 4000, 9000, "");              // no pair
  add("SDQ", false, 18000, 17999, "2024-06-01");  // better by a thousandth
  add("SDQ", false, 18000, 20000, "2024-06-01");  // worse by 2
  const Journeys journeys = builder_.Build();
  const Measured all = MeasureOne(journeys, "27");
  EXPECT_EQ(Cell(all, "improved"), 2);
  EXPECT_EQ(Cell(all, "same"), 1);
  EXPECT_EQ(Cell(all, "worse"), 1);
  EXPECT_EQ(Figure(all, "mean_change"), -2);  // never across tools
  const Measured by_tool = MeasureOne(journeys, "27", {.breakdown = "tool"});
  EXPECT_THAT(by_tool.table.rows, ElementsAre("SDQ", "Star"));
  EXPECT_DOUBLE_EQ(Figure(by_tool, "mean_change", "Star"), 1.25);
  EXPECT_DOUBLE_EQ(Figure(by_tool, "mean_change", "SDQ"), (0.001 - 2) / 2);
}

// Of a large council persons stand group by group, not by their ids.
TEST_F(MadeAtHome, KnowsItsPersons_WhateverTheirOrder) {
  for (const char* id : {"m", "z", "a", "q"}) {
    builder_.Person(id, {.family = "one"});
    templates().scores.rows.push_back({.person = id,
                                       .tool = "Star",
                                       .high_is_better = true,
                                       .start = D("2024-01-01"),
                                       .start_thousandths = 1000,
                                       .end = D("2024-06-01"),
                                       .end_thousandths = 2000,
                                       .service = ""});
  }
  builder_.records().in_order = true;
  const Journeys journeys = builder_.Build();
  ASSERT_EQ(journeys.person_id(0), "m");
  EXPECT_EQ(Cell(MeasureOne(journeys, "27"), "improved"), 4);
  EXPECT_EQ(Cell(MeasureOne(journeys, "27", {.breakdown = "age_band"}), "improved", "10-15"), 4);
}

TEST_F(MadeAtHome, ACaseIsOpenAtTheEndOfThePeriod_WhenItEndsLater) {
  builder_.Person("a", {.family = "f"}).Person("b", {.family = "f"});
  builder_.EarlyHelp("a", "2025-03-31", "2025-04-01", {.team = "East"});
  builder_.EarlyHelp("b", "2024-01-01", "", {.team = "East"});
  builder_.EarlyHelp("c", "2024-01-01", "2025-03-31", {.team = "East"});  // closed on that day: not open
  builder_.EarlyHelp("d", "2025-04-01", "", {.team = "East"});            // later
  templates().staffing.rows = {
      {.from = D("2024-01-01"), .to = kNoDay, .team = "East", .worker = "", .fte_thousandths = 500},
      {.from = D("2025-03-31"),
       .to = D("2025-03-31"),
       .team = "West",
       .worker = "w",
       .fte_thousandths = 1500},
      {.from = D("2024-01-01"),
       .to = D("2025-03-30"),
       .team = "West",
       .worker = "v",
       .fte_thousandths = 9000}};
  const Journeys journeys = builder_.Build();
  const Measured all = MeasureOne(journeys, "30");
  EXPECT_EQ(Cell(all, "numerator"), 2);
  EXPECT_EQ(Cell(all, "denominator"), 2000);
  EXPECT_DOUBLE_EQ(Figure(all, "ratio"), 1);
  EXPECT_DOUBLE_EQ(Figure(all, "median_a_worker"), 0);  // w holds none; who holds the cases is not known
  EXPECT_DOUBLE_EQ(Figure(MeasureOne(journeys, "30", {.unit = v1::UNIT_FAMILIES}), "ratio"), 0.5);
  const Measured by_team = MeasureOne(journeys, "30", {.breakdown = "team"});
  EXPECT_DOUBLE_EQ(Figure(by_team, "ratio", "East"), 4);
  EXPECT_DOUBLE_EQ(Figure(by_team, "ratio", "West"), 0);
  // The stock is seen whole or not at all.
  EXPECT_EQ(MeasureOne(journeys, "30", {.period = "2025-26"}).completeness, Completeness::kNotYet);
}

TEST_F(MadeAtHome, ACostCountsByItsDays_AndOnlyWhereItIsWhole) {
  const EpisodeFields met{.end_reason = "outcomes_met", .service = "Hub"};
  builder_.EarlyHelp("a", "2024-01-01", "2024-05-01", met).EarlyHelp("b", "2024-01-01", "2025-03-31", met);
  builder_.EarlyHelp("c", "2024-01-01", "2024-05-01", {.end_reason = "outcomes_met", .service = "Walk-in"});
  builder_.EarlyHelp("d", "2024-01-01", "2024-05-01", {.end_reason = "moved", .service = "Hub"});
  templates().costs.rows = {
      {.service = "Hub", .from = D("2024-04-01"), .to = D("2025-03-31"), .pence = 100'000},
      {.service = "Hub",
       .from = D("2024-03-31"),
       .to = D("2024-04-01"),
       .pence = 301},  // half: 150.5, rounded up
      {.service = "Walk-in", .from = D("2024-04-02"), .to = D("2025-03-31"), .pence = 1}};
  const Journeys journeys = builder_.Build();
  const Measured by_service = MeasureOne(journeys, "39", {.breakdown = "service"});
  EXPECT_EQ(Cell(by_service, "numerator", "Hub"), 100'151);
  EXPECT_EQ(Cell(by_service, "denominator", "Hub"), 2);
  EXPECT_DOUBLE_EQ(Figure(by_service, "ratio", "Hub"), 1001.51 / 2);
  EXPECT_EQ(Figure(by_service, "ratio", "Walk-in"), -1);
  EXPECT_EQ(Cell(MeasureOne(journeys, "39"), "denominator"), 2);
}

TEST_F(MadeAtHome, IsNotAvailable_WithoutItsRows) {
  builder_.EarlyHelp("a", "2024-01-01", "2024-05-01");
  builder_.records().templates = Templates();
  const Journeys journeys = builder_.Build();
  for (const char* const id : {"23-outcomes", "27", "27-coverage", "28", "29", "29-response", "30", "39"}) {
    const Measured measured = MeasureOne(journeys, id);
    EXPECT_EQ(measured.completeness, Completeness::kNotAvailable) << id;
    EXPECT_THAT(measured.reason, HasSubstr("no source carries")) << id;
    EXPECT_TRUE(measured.table.rows.empty()) << id;
  }
}

TEST_F(MadeAtHome, SaysHowFarItsRowsReach) {
  const Journeys journeys = builder_.Build();
  EXPECT_EQ(MeasureOne(journeys, "28", {.period = "2018-19"}).completeness, Completeness::kNotCovered);
  EXPECT_EQ(MeasureOne(journeys, "28", {.period = "2025-26"}).completeness, Completeness::kPartial);
  EXPECT_EQ(MeasureOne(journeys, "28", {.period = "2026-27"}).completeness, Completeness::kNotYet);
  EXPECT_EQ(MeasureOne(journeys, "28").completeness, Completeness::kComplete);
}

// Needs of random children, counted by walking the rows.
TEST_F(MadeAtHome, NeedsMetAreThoseOfABruteForceCount) {
  std::mt19937 random(20240401);
  const auto upto = [&random](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int i = 0; i < 12; ++i)
    builder_.Person(absl::StrCat("c", i), {.family = i % 4 == 0 ? "" : absl::StrCat("f", i / 3)});
  builder_.records().has_families = true;
  for (int i = 0; i < 200; ++i) {
    Need need{.person = absl::StrCat("c", upto(14)),  // c12 and c13 are in no other source
              .outcome = 1 + upto(10),
              .start = D("2023-09-01") + upto(300),
              .present = upto(3) > 0,
              .end = kNoDay,
              .met = std::nullopt,
              .service = upto(2) == 0 ? "Hub" : ""};
    if (upto(4) > 0) need.end = need.start + upto(500);
    if (need.end != kNoDay && upto(3) > 0) need.met = upto(2) == 0;
    templates().needs.rows.push_back(need);
  }
  const std::vector<Need> needs = templates().needs.rows;
  const Journeys journeys = builder_.Build();
  const Period year = ParsePeriod("2024-25").value();
  for (const v1::Unit unit : {v1::UNIT_EPISODES, v1::UNIT_CHILDREN, v1::UNIT_FAMILIES}) {
    std::map<std::string, std::set<std::string>> all, met;
    for (std::size_t i = 0; i < needs.size(); ++i) {
      const Need& need = needs[i];
      if (!need.present || need.end == kNoDay || !year.Contains(need.end)) continue;
      const int child = std::stoi(need.person.substr(1));
      const std::string who = unit == v1::UNIT_EPISODES       ? absl::StrCat(i)
                              : unit == v1::UNIT_CHILDREN     ? need.person
                              : child % 4 == 0 || child >= 12 ? need.person
                                                              : absl::StrCat("family", child / 3);
      const std::string outcome(
          catalogue::SupportingFamiliesOutcomes()[static_cast<std::size_t>(need.outcome - 1)].id);
      for (const std::string& row : {std::string("*"), outcome}) {
        all[row].insert(who);
        if (need.met == std::optional<bool>(true)) met[row].insert(who);
      }
    }
    const Measured one = MeasureOne(journeys, "28", {.unit = unit});
    EXPECT_EQ(Cell(one, "denominator"), static_cast<std::int64_t>(all["*"].size()));
    EXPECT_EQ(Cell(one, "met"), static_cast<std::int64_t>(met["*"].size()));
    const Measured by = MeasureOne(journeys, "28", {.unit = unit, .breakdown = "outcome"});
    EXPECT_EQ(by.table.rows.size(), 10u);
    for (const std::string& row : by.table.rows) {
      EXPECT_EQ(Cell(by, "denominator", row), static_cast<std::int64_t>(all[row].size())) << row;
      EXPECT_EQ(Cell(by, "met", row), static_cast<std::int64_t>(met[row].size())) << row;
    }
  }
}

}  // namespace
}  // namespace waymark::node
