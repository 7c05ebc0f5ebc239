// Metrics 1, 2, 4 and 5: one test for each reading of docs/metrics.md that touches them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/node/measure/measuring.h"

namespace waymark::node {
namespace {

// One early-help closure on 1 April 2024, and whatever the test adds.
RecordsBuilder Closed(const std::string& on = "2024-04-01", const EpisodeFields& fields = {}) {
  RecordsBuilder records;
  // Somebody else's referral, so that the sources carry referrals.
  records.Person("a").Referral("other", "2011-01-01").EarlyHelp("a", "2024-01-10", on, fields);
  return records;
}

TEST(ReReferral, CountsFromTheSecondDayAfter_SinceTheNextDayMerges) {
  EXPECT_EQ(Share(Closed("2024-04-01").EarlyHelp("a", "2024-04-02", "").Build(), "1"), "0/0")
      << "merged and open";
  EXPECT_EQ(Share(Closed("2024-04-01").EarlyHelp("a", "2024-04-03", "").Build(), "1"), "1/1");
}

TEST(ReReferral, IncludesTheLastDayOfTheWindow) {
  // 1 April + 183 days = 1 October; + 365 days = 1 April 2025.
  EXPECT_EQ(Share(Closed().EarlyHelp("a", "2024-10-01", "").Build(), "1"), "1/1");
  EXPECT_EQ(Share(Closed().EarlyHelp("a", "2024-10-02", "").Build(), "1"), "0/1");
  EXPECT_EQ(Share(Closed().EarlyHelp("a", "2025-04-01", "").Build(), "1", {.window = 365}), "1/1");
  EXPECT_EQ(Share(Closed().EarlyHelp("a", "2025-04-02", "").Build(), "1", {.window = 365}), "0/1");
}

TEST(ReReferral, CountsDaysNotMonths_AcrossALeapDay) {
  RecordsBuilder records;
  // 1 March 2023 + 365 days = 29 February 2024.
  records.EarlyHelp("a", "2023-01-10", "2023-03-01").EarlyHelp("a", "2024-02-29", "");
  records.EarlyHelp("b", "2023-01-10", "2023-03-01").EarlyHelp("b", "2024-03-01", "");
  EXPECT_EQ(Share(records.Build(), "1", {.period = "2022-23", .window = 365}), "1/2");
}

TEST(ReReferral, CountsEachClosureOfThePeriod) {
  const Journeys journeys =
      Closed().EarlyHelp("a", "2024-05-01", "2024-06-01").EarlyHelp("a", "2024-07-01", "2024-08-01").Build();
  EXPECT_EQ(Share(journeys, "1"), "2/3");
  EXPECT_EQ(Share(journeys, "1", {.unit = v1::UNIT_CHILDREN}), "1/1")
      << "in the numerator when any episode is";
  EXPECT_EQ(Share(journeys, "1", {.period = "2024-25-Q2"}), "0/1") << "E in the period";
}

TEST(ReReferral, CountsAFamilyOnce_AndAChildWithoutOneAsAFamily) {
  RecordsBuilder records;
  records.Person("a", {.family = "f"}).Person("b", {.family = "f"}).Person("c").Person("d");
  for (const char* child : {"a", "b", "c", "d"}) records.EarlyHelp(child, "2024-01-10", "2024-04-01");
  records.EarlyHelp("b", "2024-05-01", "").EarlyHelp("c", "2024-05-01", "");
  const Journeys journeys = records.Build();
  EXPECT_EQ(Share(journeys, "1"), "2/4");
  EXPECT_EQ(Share(journeys, "1", {.unit = v1::UNIT_FAMILIES}), "2/3");
}

TEST(ReReferral, DoesNotCountAFamilysReturnByAnotherChild) {
  RecordsBuilder records;
  records.Person("a", {.family = "f"}).Person("b", {.family = "f"});
  records.EarlyHelp("a", "2024-01-10", "2024-04-01").EarlyHelp("b", "2024-05-01", "");
  EXPECT_EQ(Share(records.Build(), "1", {.unit = v1::UNIT_FAMILIES}), "0/1");
}

TEST(ReReferral, LeavesOutDeaths_EvenWhenTheReturnCameFirst) {
  EXPECT_EQ(
      Share(Closed().Person("a", {.death = "2024-10-01"}).EarlyHelp("a", "2024-05-01", "").Build(), "1"),
      "0/0");
  EXPECT_EQ(
      Share(Closed().Person("a", {.death = "2024-10-02"}).EarlyHelp("a", "2024-05-01", "").Build(), "1"),
      "1/1");
  EXPECT_EQ(Share(Closed().Person("a", {.death = "2024-04-01"}).Build(), "1"), "0/0");
  EXPECT_EQ(Share(Closed("2024-04-01", {.end_reason = "died"}).Build(), "1"), "0/0");
}

TEST(ReReferral, LeavesOutMoves_EvenWhenTheReturnCameFirst) {
  EXPECT_EQ(Share(Closed("2024-04-01", {.end_reason = "moved"}).Build(), "1"), "0/0") << "the closure itself";
  const EpisodeFields moved = {.end_reason = "moved"};
  EXPECT_EQ(Share(Closed().EarlyHelp("a", "2024-05-01", "2024-10-01", moved).Build(), "1"), "0/0");
  EXPECT_EQ(Share(Closed().EarlyHelp("a", "2024-05-01", "2024-10-02", moved).Build(), "1",
                  {.period = "2024-25-Q1"}),
            "1/1");
  EXPECT_EQ(Share(Closed().Cin("a", "2024-05-01", "2024-06-01", moved).Build(), "1"), "0/0")
      << "a move from social care";
  EXPECT_EQ(Share(Closed().Cin("a", "2024-03-01", "2024-04-01", moved).Build(), "1"), "0/0") << "on E";
}

TEST(ReReferral, TakesAMoveThatMergesWithItsNextPieceForNone) {
  EXPECT_EQ(Share(Closed()
                      .EarlyHelp("a", "2024-05-01", "2024-06-01", {.end_reason = "moved"})
                      .EarlyHelp("a", "2024-06-02", "", {})
                      .Build(),
                  "1"),
            "1/1");
}

TEST(ReReferral, LeavesOutEighteenthBirthdaysInsideTheWindow) {
  const auto share = [](const std::string& birth) {
    return Share(Closed().Person("a", {.birth = birth}).EarlyHelp("a", "2024-05-01", "").Build(), "1",
                 {.period = "2024-25-Q1"});
  };
  EXPECT_EQ(share("2006-04-02"), "0/0") << "the first day of the window";
  EXPECT_EQ(share("2006-10-01"), "0/0") << "the last day of the window";
  EXPECT_EQ(share("2006-10-02"), "1/1") << "a day later";
  EXPECT_EQ(share("2006-04-01"), "1/1") << "18 on E: not inside (E, E + 183]";
  EXPECT_EQ(share("2000-01-01"), "1/1") << "an adult already";
  EXPECT_EQ(share(""), "1/1") << "not known";
}

TEST(ReReferral, TurnsEighteenOnTheFirstOfMarch_WhenBornOnLeapDay) {
  const auto share = [](const std::string& closed) {
    RecordsBuilder records;
    records.Person("a", {.birth = "2004-02-29"}).EarlyHelp("a", "2021-01-01", closed);
    return Share(records.Build(), "1", {.period = "2021-22"});
  };
  // 183 days before 28 February and 1 March 2022.
  EXPECT_EQ(share("2021-08-29"), "0/1");
  EXPECT_EQ(share("2021-08-30"), "0/0");
}

TEST(ReReferralBySource, IsThatOfTheFirstReturn) {
  const Journeys journeys = Closed()
                                .EarlyHelp("a", "2024-05-01", "2024-05-02", {.source = "6"})
                                .EarlyHelp("a", "2024-06-01", "", {.source = "1C"})
                                .Build();
  EXPECT_EQ(Share(journeys, "1", {.period = "2024-04-01..2024-04-01"}), "1/1");
  EXPECT_EQ(Share(journeys, "1", {.period = "2024-04-01..2024-04-01"}, "1C"), "0/1");
}

TEST(ReReferralBySource, TellsChildAndFamilyApartAndTogether) {
  RecordsBuilder records;
  for (const char* id : {"a", "b", "c"}) records.EarlyHelp(id, "2024-01-10", "2024-04-01");
  records.EarlyHelp("a", "2024-05-01", "", {.source = "1A"})
      .EarlyHelp("b", "2024-05-01", "", {.source = "1C"});
  records.EarlyHelp("c", "2024-05-01", "", {.source = "2A"});
  const Journeys journeys = records.Build();
  EXPECT_EQ(Share(journeys, "1", {}, "1A"), "1/3");
  EXPECT_EQ(Share(journeys, "1", {}, "1C"), "1/3");
  EXPECT_EQ(Share(journeys, "1", {}, "self"), "2/3");
}

TEST(ReReferralBySource, IsLookedUpInTheLatestContact_WhenMissingOrUnlisted) {
  const auto self = [](const std::string& source, const std::string& contact_day,
                       const std::string& contact_source = "1A") {
    return Share(Closed()
                     .EarlyHelp("a", "2024-07-01", "", {.source = source})
                     .Contact("a", contact_day, contact_source)
                     .Build(),
                 "1", {}, "1A");
  };
  EXPECT_EQ(self("", "2024-07-01"), "1/1") << "0 days before";
  EXPECT_EQ(self("", "2024-04-02"), "1/1") << "90 days before";
  EXPECT_EQ(self("", "2024-04-01"), "0/1") << "91 days before";
  EXPECT_EQ(self("", "2024-07-02"), "0/1") << "after";
  EXPECT_EQ(self("ZZ", "2024-06-01"), "1/1") << "unlisted";
  EXPECT_EQ(self("-", "2024-06-01"), "1/1") << "not carried";
  EXPECT_EQ(self("6", "2024-06-01"), "0/1") << "has its own";
  EXPECT_EQ(self("10", "2024-06-01"), "0/1") << "10 (unknown) is a listed code";
  EXPECT_EQ(self("", "2024-06-01", "ZZ"), "0/1") << "the contact's is unlisted";
}

TEST(ReReferralBySource, TakesTheLatestRecognisedContactWithTheGreatestId) {
  const auto returned = [] { return Closed().EarlyHelp("a", "2024-07-01", ""); };
  EXPECT_EQ(Share(returned()
                      .Contact("a", "2024-06-01", "1A", "", "1")
                      .Contact("a", "2024-06-02", "1C", "", "0")
                      .Build(),
                  "1", {}, "1C"),
            "1/1");
  EXPECT_EQ(Share(returned()
                      .Contact("a", "2024-06-01", "1A", "", "2")
                      .Contact("a", "2024-06-01", "1C", "", "1")
                      .Build(),
                  "1", {}, "1A"),
            "1/1");
  EXPECT_EQ(Share(returned().Contact("a", "2024-06-01", "1A").Contact("a", "2024-06-02", "ZZ").Build(), "1",
                  {}, "1A"),
            "1/1");
  EXPECT_EQ(Share(returned().Contact("b", "2024-06-01", "1A").Build(), "1", {}, "1A"), "0/1")
      << "another child's";
}

TEST(ReReferralBySource, BreaksDownByTheClosedEpisodesOwnSource) {
  const Measured measured = MeasureOne(Closed("2024-04-01", {.source = "2A"})
                                           .EarlyHelp("a", "2024-05-01", "", {.source = "1C"})
                                           .Contact("a", "2024-01-01", "6")
                                           .Build(),
                                       "1", {.breakdown = "source"});
  EXPECT_EQ(Cell(measured, "1C", "2A"), 1);
  EXPECT_EQ(Cell(measured, "denominator", "2A"), 1);
  EXPECT_EQ(Cell(measured, "denominator", "1C"), 0);
}

TEST(SocialCareReferral, CountsAnyReferralFromTheDayAfter) {
  EXPECT_EQ(Share(Closed().Referral("a", "2024-04-01").Build(), "2"), "0/1") << "on E";
  EXPECT_EQ(Share(Closed().Referral("a", "2024-04-02", "", "yes").Build(), "2"), "1/1")
      << "E + 1, and no further action";
  EXPECT_EQ(Share(Closed().Referral("a", "2024-10-01").Build(), "2"), "1/1");
  EXPECT_EQ(Share(Closed().Referral("a", "2024-10-02").Build(), "2"), "0/1");
}

TEST(SocialCareReferral, LeavesOutClosuresWithSocialCareOpenAtE) {
  EXPECT_EQ(Share(Closed().Cin("a", "2024-04-01", "2024-05-01").Build(), "2"), "0/0");
  EXPECT_EQ(Share(Closed().Cin("a", "2024-03-01", "2024-04-01").Build(), "2"), "0/1")
      << "a joint closure leaves nothing open";
  EXPECT_EQ(Share(Closed().Cin("a", "2024-04-01", "2024-04-01").Build(), "2"), "0/0")
      << "open on its one day";
  EXPECT_EQ(Share(Closed().Cin("a", "2024-04-02", "2024-05-01").Build(), "2"), "0/1") << "starts a day later";
  EXPECT_EQ(
      Share(Closed().Cin("a", "2024-03-01", "2024-04-01").Cin("a", "2024-04-02", "2024-05-01").Build(), "2"),
      "0/0")
      << "merged over the day";
}

TEST(StepUpDuring, LeavesOutThoseInSocialCareAtTheStart) {
  EXPECT_EQ(Share(Closed().Cin("a", "2024-01-10", "2024-02-01").Build(), "4"), "0/0")
      << "on the day early help starts";
  EXPECT_EQ(Share(Closed().Cin("a", "2024-01-10", "2024-01-10").Build(), "4"), "0/0") << "for that one day";
  EXPECT_EQ(Share(Closed().Cin("a", "2023-01-01", "2024-01-10").Build(), "4"), "0/1") << "ended that day";
}

TEST(StepUpDuring, CountsStartsToTheDayAfterTheEnd) {
  EXPECT_EQ(Share(Closed().Cin("a", "2024-01-11", "").Build(), "4"), "1/1");
  EXPECT_EQ(Share(Closed().Cin("a", "2024-04-02", "").Build(), "4"), "1/1") << "E + 1";
  EXPECT_EQ(Share(Closed().Cin("a", "2024-04-03", "").Build(), "4"), "0/1");
}

TEST(StepUpDuring, NeedsANewSpell_NotAHigherLevel) {
  EXPECT_EQ(
      Share(Closed().Cin("a", "2023-12-01", "2024-01-09").Episode("a", Level::kCp, "2024-02-01", "").Build(),
            "4"),
      "1/1");
  EXPECT_EQ(
      Share(Closed().Cin("a", "2023-12-01", "2024-01-10").Episode("a", Level::kCp, "2024-01-11", "").Build(),
            "4"),
      "0/0")
      << "the spell runs on over the start of early help";
}

TEST(StepUpDuring, KeepsDeathsAndMoves_SinceItFollowsNobodyAfterwards) {
  EXPECT_EQ(Share(Closed("2024-04-01", {.end_reason = "moved"}).Cin("a", "2024-02-01", "").Build(), "4"),
            "1/1");
}

TEST(StepUpAfter, BeginsOnTheSecondDayAfter) {
  EXPECT_EQ(Share(Closed().Cin("a", "2024-04-02", "").Build(), "5"), "0/0") << "open on E + 1";
  EXPECT_EQ(Share(Closed().Cin("a", "2024-04-02", "2024-04-02").Build(), "5"), "0/0")
      << "open on E + 1, its one day";
  EXPECT_EQ(Share(Closed().Cin("a", "2024-04-03", "").Build(), "5"), "1/1");
  EXPECT_EQ(Share(Closed().Cin("a", "2024-10-01", "").Build(), "5"), "1/1");
  EXPECT_EQ(Share(Closed().Cin("a", "2024-10-02", "").Build(), "5"), "0/1");
  EXPECT_EQ(Share(Closed().Cin("a", "2024-04-01", "2024-04-02").Build(), "5"), "0/0") << "open on E";
}

TEST(StepUpAfter, DoesNotCountReferrals) {
  EXPECT_EQ(Share(Closed().Referral("a", "2024-05-01", "6", "yes").Build(), "5"), "0/1");
}

TEST(StepUpAfter, CountsEachLevelByAnyStartInTheWindow) {
  const Journeys journeys = Closed()
                                .Cin("a", "2024-05-01", "2024-09-01")
                                .Episode("a", Level::kCp, "2024-06-01", "2024-07-01")
                                .Build();
  EXPECT_EQ(Share(journeys, "5", {}, "any"), "1/1");
  EXPECT_EQ(Share(journeys, "5", {}, "cin"), "1/1");
  EXPECT_EQ(Share(journeys, "5", {}, "cp"), "1/1");
  EXPECT_EQ(Share(journeys, "5", {}, "cla"), "0/1");
}

}  // namespace
}  // namespace waymark::node
