// Metrics 10, 16, 19, 22, 31 and 43.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/node/measure/measuring.h"

namespace waymark::node {
namespace {

TEST(Duration, IsFromStartToEnd_InBinsClosedBelow) {
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-06-01", "2024-06-01");  // 0 days
  records.EarlyHelp("b", "2024-06-01", "2024-06-28");  // 27
  records.EarlyHelp("c", "2024-06-01", "2024-06-29");  // 28
  records.EarlyHelp("d", "2022-06-01", "2024-05-31");  // 730
  records.EarlyHelp("e", "2024-06-01", "");
  const Measured measured = MeasureOne(records.Build(), "10");
  EXPECT_EQ(Cell(measured, "<28"), 2);
  EXPECT_EQ(Cell(measured, "<56"), 1);
  EXPECT_EQ(Cell(measured, "+"), 1);
}

TEST(Duration, HasQuantilesThatAreTheSmallestWithShareAtLeastP) {
  RecordsBuilder records;
  // 1, 2, 3, 10 days.
  records.EarlyHelp("a", "2024-06-01", "2024-06-02").EarlyHelp("b", "2024-06-01", "2024-06-03");
  records.EarlyHelp("c", "2024-06-01", "2024-06-04").EarlyHelp("d", "2024-06-01", "2024-06-11");
  const Measured four = MeasureOne(records.Build(), "10");
  EXPECT_EQ(FigureOf(four, "lower_quartile"), 1);
  EXPECT_EQ(FigureOf(four, "median"), 2);
  EXPECT_EQ(FigureOf(four, "upper_quartile"), 3);
  records.EarlyHelp("e", "2024-06-01", "2024-09-09");  // 100
  const Measured five = MeasureOne(records.Build(), "10");
  EXPECT_EQ(FigureOf(five, "lower_quartile"), 2);
  EXPECT_EQ(FigureOf(five, "median"), 3);
  EXPECT_EQ(FigureOf(five, "upper_quartile"), 10);
}

TEST(Duration, CountsAMergedEpisodeOnce) {
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-06-01", "2024-06-10").EarlyHelp("a", "2024-06-11", "2024-06-21");
  EXPECT_EQ(FigureOf(MeasureOne(records.Build(), "10"), "median"), 20);
}

TEST(SuccessfulClosure, CountsUnknownAndDiedBelowTheLine_AndKnownAloneApart) {
  RecordsBuilder records;
  const std::vector<std::string> reasons = {"outcomes_met", "unknown", "", "died", "moved", "never heard of"};
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    records.EarlyHelp("p" + std::to_string(i), "2024-06-01", "2024-07-01", {.end_reason = reasons[i]});
  }
  const Journeys journeys = records.Build();
  EXPECT_EQ(Share(journeys, "16", {}, "outcomes_met"), "1/6");
  EXPECT_EQ(Share(journeys, "16-known", {}, "outcomes_met"), "1/3") << "outcomes met, died, moved";
}

TEST(SuccessfulClosure, CountsAChildOnce_WhenAnyOfItsEpisodesIs) {
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-06-01", "2024-07-01", {.end_reason = "outcomes_met"});
  records.EarlyHelp("a", "2024-08-01", "2024-09-01", {.end_reason = "disengaged"});
  EXPECT_EQ(Share(records.Build(), "16", {}, "outcomes_met"), "1/2");
  EXPECT_EQ(Share(records.Build(), "16", {.unit = v1::UNIT_CHILDREN}, "outcomes_met"), "1/1");
}

TEST(NoFurtherAction, TakesABlankForNo) {
  RecordsBuilder records;
  records.Referral("a", "2024-06-01", "6", "yes").Referral("b", "2024-06-01", "6", "no");
  records.Referral("c", "2024-06-01", "6", "")
      .Referral("d", "2024-06-01", "6", "-")
      .Referral("e", "2023-06-01", "6", "yes");
  EXPECT_EQ(Share(records.Build(), "19", {}, "nfa"), "1/4");
  records.Contact("a", "2024-06-01", "6", "nfa").Contact("a", "2024-06-01", "6", "early_help");
  EXPECT_EQ(Share(records.Build(), "19-contacts", {}, "nfa"), "1/2");
}

TEST(Sources, HaveThreeEntries_OfReferralsStartsAndContacts) {
  RecordsBuilder records;
  records.Referral("a", "2024-06-01", "1A")
      .Referral("a", "2024-06-02", "6")
      .Referral("a", "2024-06-03", "odd");
  records.EarlyHelp("a", "2024-06-01", "", {.source = "1C"});
  records.Contact("a", "2024-06-01", "1C").Contact("a", "2024-06-02", "5D");
  const Journeys journeys = records.Build();
  EXPECT_EQ(Share(journeys, "22", {}, "self"), "1/3");
  EXPECT_EQ(Share(journeys, "22", {}, "1A"), "1/3");
  EXPECT_EQ(Share(journeys, "22", {}, "police"), "1/3");
  EXPECT_EQ(Share(journeys, "22", {}, "not_known"), "1/3") << "a code that is not listed is blank";
  EXPECT_EQ(Share(journeys, "22-starts", {}, "1C"), "1/1");
  EXPECT_EQ(Share(journeys, "22-contacts", {}, "local_authority"), "1/2");
}

TEST(Transitions, CountMovesAndDaysOfTheHighestState) {
  RecordsBuilder records;
  // In the second quarter of 2024 (1 April to 30 June, 91 days):
  //   early help since January to 10 April; none; CIN 1 May to 1 June; early help 15 May to 20 June; none to
  //   the end.
  records.EarlyHelp("a", "2024-01-10", "2024-04-10").Cin("a", "2024-05-01", "2024-06-01");
  records.EarlyHelp("a", "2024-05-15", "2024-06-20");
  const Measured measured = MeasureOne(records.Build(), "31", {.period = "2024-25-Q1"});
  EXPECT_EQ(Cell(measured, "days:early_help"), 9 + 19);  // 1–9 April, 1–19 June
  EXPECT_EQ(Cell(measured, "days:none"), 21 + 11);       // 10–30 April, 20–30 June
  EXPECT_EQ(Cell(measured, "days:social_care"), 31);     // May
  EXPECT_EQ(Cell(measured, "early_help>none"), 2);
  EXPECT_EQ(Cell(measured, "none>social_care"), 1);
  EXPECT_EQ(Cell(measured, "social_care>early_help"), 1);
  EXPECT_EQ(Cell(measured, "none>early_help"), 0);
  EXPECT_EQ(Cell(measured, "social_care>none"), 0);
  EXPECT_EQ(Cell(measured, "early_help>social_care"), 0);
}

TEST(Transitions, CountNoneOnlyFromTheFirstClosure) {
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-05-01", "2024-05-11").Cin("never-before", "2024-06-30", "");
  const Measured measured = MeasureOne(records.Build(), "31", {.period = "2024-25-Q1"});
  EXPECT_EQ(Cell(measured, "none>early_help"), 0) << "a first start is no move";
  EXPECT_EQ(Cell(measured, "none>social_care"), 0);
  EXPECT_EQ(Cell(measured, "days:none"), 21 + 30);
  EXPECT_EQ(Cell(measured, "early_help>none"), 1);
}

TEST(Transitions, LookOneDayBackBeforeThePeriod) {
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-01-10", "2024-04-01").EarlyHelp("b", "2024-01-10", "2024-03-31");
  const Measured measured = MeasureOne(records.Build(), "31", {.period = "2024-25-Q1"});
  EXPECT_EQ(Cell(measured, "early_help>none"), 1) << "the change on 1 April, not that on 31 March";
  EXPECT_EQ(Cell(measured, "days:none"), 2 * 91);
}

TEST(Transitions, StopBeforeADeathAndAnEighteenthBirthday_AndAtTheExtract) {
  RecordsBuilder records("2024-04-20");
  records.Person("dies", {.death = "2024-04-11"})
      .EarlyHelp("dies", "2024-01-10", "2024-04-11", {.end_reason = "died"});
  records.Person("grows", {.birth = "2006-04-06"}).EarlyHelp("grows", "2024-01-10", "2024-04-06");
  records.Person("adult", {.birth = "2000-01-01"}).EarlyHelp("adult", "2024-01-10", "2024-04-06");
  records.EarlyHelp("stays", "2024-01-10", "");
  const Measured measured = MeasureOne(records.Build(), "31", {.period = "2024-25-Q1"});
  EXPECT_EQ(Cell(measured, "days:early_help"), 10 + 5 + 20);
  EXPECT_EQ(Cell(measured, "early_help>none"), 0);
  EXPECT_EQ(Cell(measured, "days:none"), 0);
  EXPECT_EQ(measured.completeness, Completeness::kPartial);
}

TEST(Transitions, HoldAnEpisodeOfOneDayOpenOnThatDay) {
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-01-10", "2024-02-01").Cin("a", "2024-05-05", "2024-05-05");
  const Measured measured = MeasureOne(records.Build(), "31", {.period = "2024-25-Q1"});
  EXPECT_EQ(Cell(measured, "days:social_care"), 1);
  EXPECT_EQ(Cell(measured, "none>social_care"), 1);
  EXPECT_EQ(Cell(measured, "social_care>none"), 1);
  EXPECT_EQ(Cell(measured, "days:none"), 90);
}

TEST(Quality, CountsRecordsAndTheCompleteAmongThem) {
  RecordsBuilder records;
  records.records().quality = {{"contact.source", 10, 4}, {"early_help.end_reason", 5, 5}};
  const Journeys journeys = records.Build();
  const Measured all = MeasureOne(journeys, "43");
  EXPECT_EQ(Cell(all, "complete"), 9);
  EXPECT_EQ(Cell(all, "records"), 15);
  const Measured by_field = MeasureOne(journeys, "43", {.breakdown = "field"});
  EXPECT_EQ(Cell(by_field, "complete", "contact.source"), 4);
  EXPECT_EQ(Cell(by_field, "records", "early_help.end_reason"), 5);
}

}  // namespace
}  // namespace waymark::node
