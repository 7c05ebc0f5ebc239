// Step-downs, repeats and what came before social care: a test for each reading of docs/metrics.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/node/measure/measuring.h"

namespace waymark::node {
namespace {

constexpr char kSpell[] = "8-social-care-early-help";

// Child in need from January to 1 April 2024, and whatever the test adds. Early help of somebody else long
// ago.
RecordsBuilder Closed() {
  RecordsBuilder records;
  records.EarlyHelp("other", "2011-01-01", "2011-02-01").Cin("a", "2024-01-10", "2024-04-01");
  return records;
}

// The classes of 7 that somebody is in, with their counts.
std::string Kinds(const Journeys& journeys, v1::Unit unit = v1::UNIT_EPISODES) {
  const Measured measured = MeasureOne(journeys, "7", {.unit = unit});
  std::string kinds;
  for (const std::string& column : measured.table.columns) {
    const std::int64_t count = Cell(measured, column);
    if (count != 0) kinds += (kinds.empty() ? "" : " ") + column + "=" + std::to_string(count);
  }
  return kinds.empty() ? "none" : kinds;
}

TEST(StepDown, HasEarlyHelpOpenAtTheClosureOrStartedWithinThirtyDays) {
  const auto share = [](const std::string& start, const std::string& end) {
    return Share(Closed().EarlyHelp("a", start, end).Build(), "6");
  };
  EXPECT_EQ(share("2024-02-01", "2024-06-01"), "1/1");
  EXPECT_EQ(share("2024-02-01", "2024-04-01"), "0/1") << "a joint closure leaves nothing open";
  EXPECT_EQ(share("2024-02-01", "2024-04-02"), "1/1");
  EXPECT_EQ(share("2024-04-01", ""), "1/1") << "on E";
  EXPECT_EQ(share("2024-05-01", ""), "1/1") << "E + 30";
  EXPECT_EQ(share("2024-05-02", ""), "0/1") << "E + 31";
}

TEST(StepDown, LeavesOutThoseWhoCannotBeFollowedForThirtyDays) {
  EXPECT_EQ(
      Share(Closed().Person("a", {.death = "2024-05-01"}).EarlyHelp("a", "2024-04-05", "").Build(), "6"),
      "0/0");
  EXPECT_EQ(
      Share(Closed().Person("a", {.death = "2024-05-02"}).EarlyHelp("a", "2024-04-05", "").Build(), "6"),
      "1/1");
}

TEST(KindOfStepDown, OfASpellIsToEarlyHelpOrToNone) {
  EXPECT_EQ(Kinds(Closed().Build()), "social_care_none=1");
  EXPECT_EQ(Kinds(Closed().EarlyHelp("a", "2024-04-20", "").Build()), "social_care_early_help=1");
}

TEST(KindOfStepDown, GoesToTheLowerLevelOpenOnTheEndOrTheDayAfter) {
  const auto after_plan = [](const std::string& start) {
    RecordsBuilder records;
    records.EarlyHelp("other", "2011-01-01", "2011-02-01");
    return Kinds(records.Episode("a", Level::kCp, "2024-01-10", "2024-04-10").Cin("a", start, "").Build());
  };
  EXPECT_EQ(after_plan("2024-01-01"), "cp_cin=1");
  EXPECT_EQ(after_plan("2024-04-10"), "cp_cin=1");
  EXPECT_EQ(after_plan("2024-04-11"), "cp_cin=1") << "E + 1";
  EXPECT_EQ(after_plan("2024-04-12"), "social_care_none=1") << "E + 2 is a new spell";
}

TEST(KindOfStepDown, OfAPlanIsNone_WhileTheChildIsLookedAfter) {
  RecordsBuilder records;
  records.EarlyHelp("other", "2011-01-01", "2011-02-01");
  records.Cin("a", "2024-01-01", "").Episode("a", Level::kCp, "2024-01-10", "2024-04-10");
  EXPECT_EQ(Kinds(RecordsBuilder(records).Episode("a", Level::kCla, "2024-04-11", "").Build()), "none");
  EXPECT_EQ(Kinds(RecordsBuilder(records).Episode("a", Level::kCla, "2024-04-12", "").Build()), "cp_cin=1");
}

TEST(KindOfStepDown, OfCareIsToAPlanBeforeChildInNeed) {
  RecordsBuilder records;
  records.EarlyHelp("other", "2011-01-01", "2011-02-01");
  records.Cin("a", "2024-01-01", "").Episode("a", Level::kCla, "2024-01-10", "2024-04-10");
  EXPECT_EQ(Kinds(RecordsBuilder(records).Build()), "cla_cin=1");
  EXPECT_EQ(Kinds(RecordsBuilder(records).Episode("a", Level::kCp, "2024-04-10", "").Build()), "cla_cp=1");
}

TEST(KindOfStepDown, CountsAChildOnceByItsFirst) {
  const Journeys journeys =
      Closed().Cin("a", "2024-06-01", "2024-07-01").EarlyHelp("a", "2024-07-01", "").Build();
  EXPECT_EQ(Kinds(journeys), "social_care_early_help=1 social_care_none=1");
  EXPECT_EQ(Kinds(journeys, v1::UNIT_CHILDREN), "social_care_none=1");
}

TEST(StepDownHeld, UntilSocialCareStartsAgainWithinAYear) {
  const auto held = [](const std::string& start) {
    return Share(Closed().EarlyHelp("a", "2024-04-02", "").Cin("a", start, "").Build(), kSpell, {}, "held");
  };
  EXPECT_EQ(held("2025-04-01"), "0/1") << "E + 365";
  EXPECT_EQ(held("2025-04-02"), "1/1");
  EXPECT_EQ(held("2024-04-03"), "0/1");
}

TEST(StepDownHeld, WhateverIsReferred) {
  EXPECT_EQ(Share(Closed().EarlyHelp("a", "2024-04-02", "").Referral("a", "2024-05-01", "", "yes").Build(),
                  kSpell, {}, "held"),
            "1/1");
}

TEST(StepDownHeld, ByAChildWhenAllOfItsStepDownsHeld) {
  RecordsBuilder records = Closed();
  records.Cin("a", "2024-06-01", "2024-07-01").EarlyHelp("a", "2024-04-02", "");
  const Journeys journeys = records.Build();
  EXPECT_EQ(Share(journeys, kSpell, {}, "held"), "1/2");
  EXPECT_EQ(Share(journeys, kSpell, {.unit = v1::UNIT_CHILDREN}, "held"), "0/1");
}

TEST(StepDownHeld, FromAPlanUntilAPlanOrCare_FromCareUntilCare) {
  RecordsBuilder plan;
  plan.EarlyHelp("other", "2011-01-01", "2011-02-01");
  plan.Cin("a", "2024-01-01", "").Episode("a", Level::kCp, "2024-01-10", "2024-04-10");
  EXPECT_EQ(Share(RecordsBuilder(plan).Build(), "8-cp-cin", {}, "held"), "1/1");
  EXPECT_EQ(
      Share(RecordsBuilder(plan).Episode("a", Level::kCp, "2024-06-01", "").Build(), "8-cp-cin", {}, "held"),
      "0/1");
  EXPECT_EQ(
      Share(RecordsBuilder(plan).Episode("a", Level::kCla, "2024-06-01", "").Build(), "8-cp-cin", {}, "held"),
      "0/1");
  RecordsBuilder care;
  care.EarlyHelp("other", "2011-01-01", "2011-02-01");
  care.Cin("a", "2024-01-01", "").Episode("a", Level::kCla, "2024-01-10", "2024-04-10");
  EXPECT_EQ(
      Share(RecordsBuilder(care).Episode("a", Level::kCp, "2024-06-01", "").Build(), "8-cla-cin", {}, "held"),
      "1/1");
  EXPECT_EQ(Share(RecordsBuilder(care).Episode("a", Level::kCla, "2024-06-01", "").Build(), "8-cla-cin", {},
                  "held"),
            "0/1");
}

TEST(SocialCareReReferral, CountsAnEarlierReferralOfTheLastYear) {
  const auto share = [](const std::string& earlier) {
    RecordsBuilder records;
    return Share(records.Referral("a", earlier).Referral("a", "2024-06-01").Build(), "3",
                 {.period = "2024-06-01..2024-06-30"});
  };
  EXPECT_EQ(share("2023-06-02"), "1/1") << "365 days before, over a leap day";
  EXPECT_EQ(share("2023-06-01"), "0/1");
  EXPECT_EQ(share("2024-05-31"), "1/1");
  EXPECT_EQ(share("2024-06-01"), "0/2") << "neither of one day is the other's earlier one";
}

TEST(SocialCareReReferral, NeedsRecordsAYearBeforeThePeriod) {
  const auto completeness = [](const std::string& from) {
    RecordsBuilder records;
    records.records().social_care.from = D(from);
    return MeasureOne(records.Referral("a", "2024-06-01").Build(), "3").completeness;
  };
  EXPECT_EQ(completeness("2023-04-02"), Completeness::kComplete);
  EXPECT_EQ(completeness("2023-04-03"), Completeness::kNotCovered);
}

TEST(EarlyHelpBefore, CountsWhatHadEndedAYearBefore_NotWhatStartsTheSameDay) {
  const auto share = [](const std::string& start, const std::string& end) {
    RecordsBuilder records;
    return Share(records.EarlyHelp("a", start, end).Cin("a", "2025-02-01", "").Build(), "32");
  };
  EXPECT_EQ(share("2023-01-01", "2024-02-02"), "1/1") << "exactly 365 days before";
  EXPECT_EQ(share("2023-01-01", "2024-02-01"), "0/1");
  EXPECT_EQ(share("2025-02-01", ""), "0/1") << "the same day";
  EXPECT_EQ(share("2025-01-31", ""), "1/1") << "still open";
}

TEST(Escalation, IsASpellThatStartsDuringEarlyHelpOrTheDayAfter) {
  const auto counted = [](const std::string& start, const std::string& end) {
    RecordsBuilder records;
    records.EarlyHelp("a", start, end, {.need = "N7"}).Cin("a", "2024-06-01", "", {.need = "N1"});
    return Cell(MeasureOne(records.Build(), "24"), "N1");
  };
  EXPECT_EQ(counted("2024-05-31", ""), 1);
  EXPECT_EQ(counted("2024-01-01", "2024-05-31"), 1) << "the day after it ended";
  EXPECT_EQ(counted("2024-01-01", "2024-05-30"), 0);
  EXPECT_EQ(counted("2024-06-01", ""), 0) << "in social care at the start";
}

TEST(RepeatPlan, IsTheRecordedNumber_OrElseAnEarlierPlanOnRecord) {
  const auto repeat = [](const std::string& recorded, bool earlier) {
    RecordsBuilder records;
    if (earlier) records.Step("a", StepKind::kPlan, "2012-01-01", "2012-06-01");
    records.Step("a", StepKind::kPlan, "2024-06-01", "", recorded);
    return Share(records.Build(), "25", {}, "repeat");
  };
  EXPECT_EQ(repeat("repeat", false), "1/1");
  EXPECT_EQ(repeat("first", true), "0/1");
  EXPECT_EQ(repeat("", true), "1/1") << "ever, not within a window";
  EXPECT_EQ(repeat("", false), "0/1");
  EXPECT_EQ(repeat("-", true), "1/1") << "not carried";
}

TEST(NotInNeed, IsOfReferrals) {
  RecordsBuilder records;
  records.Referral("a", "2024-06-01", "", "", "", "not_in_need")
      .Referral("b", "2024-06-01", "", "", "", "in_need");
  records.Referral("b", "2024-07-01", "", "", "", "nfa").Referral("b", "2024-08-01");
  EXPECT_EQ(Share(records.Build(), "20", {}, "not_in_need"), "1/4");
  EXPECT_EQ(
      MeasureOne(RecordsBuilder().Referral("a", "2024-06-01", "", "", "", "-").Build(), "20").completeness,
      Completeness::kNotAvailable);
}

}  // namespace
}  // namespace waymark::node
