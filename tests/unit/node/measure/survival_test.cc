// Metric 9: time to first re-contact, and what ends follow-up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/node/measure/measuring.h"

namespace waymark::node {
namespace {

RecordsBuilder Closed(const std::string& extract = "2026-12-31", const EpisodeFields& fields = {}) {
  RecordsBuilder records(extract);
  records.Referral("other", "2011-01-01").EarlyHelp("a", "2024-01-10", "2024-04-01", fields);
  return records;
}

// The one column that is not 0, with its count; "none" where nobody is in the table.
std::string Ended(const Journeys& journeys, const std::string& metric = "9",
                  v1::Unit unit = v1::UNIT_EPISODES) {
  const Measured measured = MeasureOne(journeys, metric, {.unit = unit});
  std::string ended;
  for (const std::string& column : measured.table.columns) {
    if (Cell(measured, column) != 0)
      ended += (ended.empty() ? "" : " ") + column + "=" + std::to_string(Cell(measured, column));
  }
  return ended.empty() ? "none" : ended;
}

TEST(ReContact, IsAnEarlyHelpStartAReferralOrASocialCareStart_NeverAContactAlone) {
  EXPECT_EQ(Ended(Closed().EarlyHelp("a", "2024-04-10", "").Build()), "early_help:<=14=1");
  EXPECT_EQ(Ended(Closed().Referral("a", "2024-04-10", "6", "yes").Build()), "social_care:<=14=1");
  EXPECT_EQ(Ended(Closed().Cin("a", "2024-04-10", "").Build()), "social_care:<=14=1");
  EXPECT_EQ(Ended(Closed().Contact("a", "2024-04-10", "6").Build()), "censored:+=1");
}

TEST(ReContact, IsOfSocialCare_WhenBothFallOnOneDay) {
  EXPECT_EQ(Ended(Closed().EarlyHelp("a", "2024-04-10", "").Referral("a", "2024-04-10").Build()),
            "social_care:<=14=1");
  EXPECT_EQ(Ended(Closed().EarlyHelp("a", "2024-04-09", "").Referral("a", "2024-04-10").Build()),
            "early_help:<=14=1");
}

TEST(ReContact, CountsFromTheDayAfterTheClosure) {
  EXPECT_EQ(Ended(Closed().Referral("a", "2024-04-01").Build()), "censored:+=1");
  EXPECT_EQ(Ended(Closed().Referral("a", "2024-04-02").Build()), "social_care:<=7=1");
}

TEST(Bins, AreOpenBelowAndClosedAbove) {
  EXPECT_EQ(Ended(Closed().Referral("a", "2024-04-08").Build()), "social_care:<=7=1");
  EXPECT_EQ(Ended(Closed().Referral("a", "2024-04-09").Build()), "social_care:<=14=1");
  EXPECT_EQ(Ended(Closed().Referral("a", "2024-10-01").Build()), "social_care:<=183=1") << "day 183";
  EXPECT_EQ(Ended(Closed().Referral("a", "2024-10-02").Build()), "social_care:<=189=1");
  EXPECT_EQ(Ended(Closed().Referral("a", "2025-04-01").Build()), "social_care:<=365=1") << "day 365";
}

TEST(FollowUp, EndsAtTheExtractDate_WhoseOwnEventsCount) {
  EXPECT_EQ(Ended(Closed("2024-04-08").Build()), "censored:<=7=1");
  EXPECT_EQ(Ended(Closed("2024-04-08").Referral("a", "2024-04-08").Build()), "social_care:<=7=1");
  EXPECT_EQ(Ended(Closed("2024-04-01").Build()), "none") << "never at risk";
}

TEST(FollowUp, EndsAtDeathMoveAndBirthday_WhoseOwnEventsCount) {
  EXPECT_EQ(Ended(Closed().Person("a", {.death = "2024-04-15"}).Build()), "censored:<=14=1");
  EXPECT_EQ(Ended(Closed().Person("a", {.death = "2024-04-15"}).Referral("a", "2024-04-15").Build()),
            "social_care:<=14=1");
  EXPECT_EQ(Ended(Closed().Person("a", {.death = "2024-04-15"}).Referral("a", "2024-04-16").Build()),
            "censored:<=14=1");
  EXPECT_EQ(Ended(Closed().Person("a", {.birth = "2006-04-15"}).Build()), "censored:<=14=1");
  EXPECT_EQ(Ended(Closed().Person("a", {.birth = "2006-04-15"}).Referral("a", "2024-04-15").Build()),
            "social_care:<=14=1");
  EXPECT_EQ(Ended(Closed().Person("a", {.birth = "2000-01-01"}).Build()), "censored:+=1")
      << "an adult already";
  EXPECT_EQ(Ended(Closed().Person("a", {.birth = "2006-04-01"}).Build()), "censored:+=1") << "18 on E";
}

TEST(FollowUp, IsNone_WhenTheClosureWasAMoveOrADeath) {
  EXPECT_EQ(Ended(Closed("2026-12-31", {.end_reason = "moved"}).Referral("a", "2024-05-01").Build()), "none");
  EXPECT_EQ(Ended(Closed("2026-12-31", {.end_reason = "died"}).Build()), "none");
}

TEST(Cohort, LeavesOutClosuresWithSocialCareOpenAtE) {
  EXPECT_EQ(Ended(Closed().Cin("a", "2024-03-01", "2024-05-01").Build()), "none");
  EXPECT_EQ(Ended(Closed().Cin("a", "2024-03-01", "2024-04-01").Build()), "censored:+=1");
}

TEST(SocialCareClosures, StandApart) {
  RecordsBuilder records;
  records.Referral("a", "2024-01-01").Cin("a", "2024-01-01", "2024-04-01").EarlyHelp("a", "2024-04-10", "");
  EXPECT_EQ(Ended(records.Build(), "9-social-care"), "early_help:<=14=1");
  EXPECT_EQ(Ended(records.Build(), "9"), "none");
}

TEST(Children, CountByTheirFirstClosureOfThePeriod) {
  const Journeys journeys =
      Closed().EarlyHelp("a", "2024-05-01", "2024-06-01").Person("b", {.family = "f"}).Build();
  EXPECT_EQ(Ended(journeys), "early_help:<=35=1 censored:+=1");
  EXPECT_EQ(Ended(journeys, "9", v1::UNIT_CHILDREN), "early_help:<=35=1");
}

TEST(Families, CountByTheFirstClosureOfAnyOfTheirChildren) {
  RecordsBuilder records = Closed();
  records.Person("a", {.family = "f"}).Person("b", {.family = "f"});
  records.EarlyHelp("b", "2024-01-10", "2024-03-31").Referral("b", "2024-05-01");
  // b's own closure is of the year before; in the calendar year it is the family's first.
  const Measured measured = MeasureOne(records.Build(), "9", {.period = "2024", .unit = v1::UNIT_FAMILIES});
  EXPECT_EQ(Cell(measured, "social_care:<=35"), 1);
  EXPECT_EQ(Cell(measured, "censored:+"), 0);
}

TEST(Curve, IsExactByTheDay) {
  // Four closures on 1 April 2024; events on day 10 and 20, one censored on day 15 by a death, one followed
  // on.
  RecordsBuilder records;
  for (const char* id : {"a", "b", "c", "d"}) records.EarlyHelp(id, "2024-01-10", "2024-04-01");
  records.EarlyHelp("a", "2024-04-11", "").Referral("b", "2024-04-21").Person("c", {.death = "2024-04-16"});
  const Measured measured = MeasureOne(records.Build(), "9", {.period = "2024-25-Q1"});
  // S = 3/4 from day 10; from day 20, of two at risk one: 3/8.
  EXPECT_NEAR(FigureOf(measured, "survival_183").value(), 37.5, 1e-9);
  EXPECT_EQ(FigureOf(measured, "median"), 20);
  EXPECT_NEAR(FigureOf(measured, "incidence_early_help_183").value(), 25, 1e-9);
  EXPECT_NEAR(FigureOf(measured, "incidence_social_care_183").value(), 37.5, 1e-9);
}

TEST(Curve, GivesNothingBeyondTheLastFollowUp) {
  const Measured measured = MeasureOne(Closed("2024-12-31").Build(), "9", {.period = "2024-25-Q1"});
  EXPECT_EQ(FigureOf(measured, "survival_183"), 100);
  EXPECT_EQ(FigureOf(measured, "survival_365"), std::nullopt);
  EXPECT_EQ(FigureOf(measured, "median"), std::nullopt);
}

TEST(Curve, HasOneTable_WhateverWindowIsAsked) {
  const Journeys journeys = Closed().Build();
  const v1::Metric& entry = Entry("9");
  const Period period = ParsePeriod("2024-25").value();
  EXPECT_EQ(
      Measure(journeys, {.metric = &entry, .period = period, .units = {v1::UNIT_EPISODES}}).value().size(),
      1U);
  const auto one =
      Measure(journeys,
              {.metric = &entry, .period = period, .window_days = {365}, .units = {v1::UNIT_EPISODES}})
          .value();
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].table.window_days, 0U);
}

}  // namespace
}  // namespace waymark::node
