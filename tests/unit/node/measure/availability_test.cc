// When a figure is complete, partial, not yet, not covered, or not available, and what is said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/node/measure/measuring.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Completeness, HoldsFromTheDayOnWhichTheLastFollowUpEnds) {
  // Last day of the quarter + 183 days = 30 December 2024.
  const auto measured = [](const std::string& extract) {
    return MeasureOne(RecordsBuilder(extract).EarlyHelp("a", "2024-01-10", "2024-06-30").Build(), "1",
                      {.period = "2024-25-Q1"});
  };
  EXPECT_EQ(measured("2024-12-30").completeness, Completeness::kComplete);
  EXPECT_THAT(measured("2024-12-30").reason, IsEmpty());
  EXPECT_EQ(Cell(measured("2024-12-30"), "denominator"), 1);
  EXPECT_EQ(measured("2024-12-29").completeness, Completeness::kPartial);
  EXPECT_EQ(Cell(measured("2024-12-29"), "denominator"), 0) << "only those whose own follow-up has ended";
  EXPECT_THAT(measured("2024-12-29").reason, HasSubstr("2024-06-29"));
}

TEST(Completeness, IsNotYet_WhenNoFollowUpHasEnded) {
  const auto measured = [](const std::string& extract) {
    return MeasureOne(RecordsBuilder(extract).EarlyHelp("a", "2024-01-10", "2024-04-01").Build(), "1",
                      {.period = "2024-25-Q1"});
  };
  // First day + 183 days = 1 October 2024.
  EXPECT_EQ(measured("2024-10-01").completeness, Completeness::kPartial);
  EXPECT_EQ(Cell(measured("2024-10-01"), "denominator"), 1);
  EXPECT_EQ(measured("2024-09-30").completeness, Completeness::kNotYet);
  EXPECT_THAT(measured("2024-09-30").table.rows, IsEmpty());
  EXPECT_THAT(measured("2024-09-30").reason, HasSubstr("2024-10-01"));
}

TEST(Completeness, NeedsOneDayMore_WhenTheEntryLooksToTheDayAfterTheEnd) {
  const auto completeness = [](const std::string& metric, const std::string& extract) {
    return MeasureOne(RecordsBuilder(extract)
                          .EarlyHelp("a", "2024-01-10", "2024-04-01", {.end_reason = "nfa"})
                          .Build(),
                      metric, {.period = "2024-25-Q1"})
        .completeness;
  };
  EXPECT_EQ(completeness("4", "2024-07-01"), Completeness::kComplete);
  EXPECT_EQ(completeness("4", "2024-06-30"), Completeness::kPartial);
  EXPECT_EQ(completeness("16", "2024-06-30"), Completeness::kComplete);
}

TEST(Completeness, IsThatOfTheShorterReach_WhenSourcesWereExtractedOnDifferentDays) {
  RecordsBuilder records("2025-12-31");
  records.records().social_care.extract = D("2024-12-01");
  records.EarlyHelp("a", "2024-01-10", "2024-04-01").Referral("a", "2024-11-30");
  const Journeys journeys = records.Build();
  EXPECT_EQ(MeasureOne(journeys, "1", {.period = "2024-25-Q1"}).completeness, Completeness::kComplete);
  EXPECT_EQ(MeasureOne(journeys, "2", {.period = "2024-25-Q1"}).completeness, Completeness::kPartial);
}

TEST(Coverage, MustReachThePeriodsFirstDay_OfEveryKindThatIsRead) {
  RecordsBuilder records;
  records.records().early_help.from = D("2024-04-01");
  records.records().social_care.from = D("2024-04-02");
  records.EarlyHelp("a", "2023-01-10", "2024-04-01").Referral("a", "2024-05-01");
  const Journeys journeys = records.Build();
  EXPECT_EQ(MeasureOne(journeys, "1").completeness, Completeness::kComplete);
  EXPECT_EQ(Cell(MeasureOne(journeys, "1"), "denominator"), 1)
      << "begun before coverage, it counts by its dates";
  const Measured referrals = MeasureOne(journeys, "2");
  EXPECT_EQ(referrals.completeness, Completeness::kNotCovered);
  EXPECT_THAT(referrals.reason, HasSubstr("social care is covered from 2024-04-02 only"));
  EXPECT_THAT(referrals.table.rows, IsEmpty());
  EXPECT_EQ(MeasureOne(journeys, "1", {.period = "2023-24"}).completeness, Completeness::kNotCovered);
}

TEST(Coverage, IsNone_WhenASourceDoesNotSayFromWhen) {
  RecordsBuilder records;
  records.records().early_help.from = kNoDay;
  records.EarlyHelp("a", "2024-01-10", "2024-04-01");
  EXPECT_EQ(MeasureOne(records.Build(), "1").completeness, Completeness::kNotCovered);
}

TEST(Availability, NamesTheKindOfRecordThatNoSourceCarries) {
  RecordsBuilder records;
  records.records().social_care = {};
  records.EarlyHelp("a", "2024-01-10", "2024-06-01");
  const Journeys journeys = records.Build();
  for (const char* metric : {"2", "4", "5", "9", "19", "22", "31"}) {
    const Measured measured = MeasureOne(journeys, metric);
    EXPECT_EQ(measured.completeness, Completeness::kNotAvailable) << metric;
    EXPECT_THAT(measured.reason, HasSubstr("no source carries social care")) << metric;
    EXPECT_THAT(measured.table.rows, IsEmpty());
    EXPECT_THAT(measured.figures, IsEmpty());
  }
  EXPECT_EQ(MeasureOne(journeys, "10").completeness, Completeness::kComplete);
}

TEST(Availability, SaysThatThereAreNoReferrals_RatherThanNone) {
  const Journeys journeys = RecordsBuilder()
                                .EarlyHelp("a", "2024-01-10", "2024-06-01")
                                .Cin("a", "2023-01-01", "2023-02-01")
                                .Build();
  EXPECT_EQ(MeasureOne(journeys, "2").completeness, Completeness::kNotAvailable);
  EXPECT_THAT(MeasureOne(journeys, "2").reason, HasSubstr("referrals"));
  EXPECT_EQ(MeasureOne(journeys, "5").completeness, Completeness::kComplete);
}

// A source of referrals, steps or children looked after alone carries social care, but not the episodes of
// all its levels: that there is none tells nothing.
TEST(Availability, NamesTheEpisodesThatNoSourceCarries_RatherThanNone) {
  const auto measured = [](Levels levels, const std::string& metric) {
    RecordsBuilder records;
    records.EarlyHelp("a", "2024-01-10", "2024-06-01").Referral("a", "2024-05-01").records().levels = levels;
    return MeasureOne(records.Build(), metric);
  };
  const Levels early_help = Only(Level::kEarlyHelp);
  for (const char* metric : {"2", "4", "5", "6", "7", "8-cla-cp", "9", "9-social-care", "23-social-care",
                             "24", "31", "32", "33-cin"}) {
    EXPECT_EQ(measured(early_help, metric).completeness, Completeness::kNotAvailable) << metric;
    EXPECT_THAT(measured(early_help, metric).reason, HasSubstr("no source carries child in need episodes"))
        << metric;
    EXPECT_THAT(measured(early_help, metric).table.rows, IsEmpty()) << metric;
  }
  EXPECT_THAT(measured(early_help, "33-cp").reason, HasSubstr("no source carries child protection episodes"));
  EXPECT_THAT(measured(early_help, "33-cla").reason, HasSubstr("no source carries looked-after episodes"));
  for (const char* metric : {"1", "3", "10", "33-referrals"}) {
    EXPECT_EQ(measured(early_help, metric).completeness, Completeness::kComplete) << metric;
  }
  for (const char* metric : {"1", "10", "11", "30-open", "33-early-help-open", "33-early-help-starts"}) {
    EXPECT_THAT(measured(Only(Level::kCin), metric).reason,
                HasSubstr("no source carries early-help episodes"))
        << metric;
  }
  // Social care as a whole is told by the children in need.
  const Levels both = early_help | Only(Level::kCin);
  for (const char* metric : {"2", "4", "5", "6", "8-social-care-early-help", "9", "31", "32", "33-cin"}) {
    EXPECT_EQ(measured(both, metric).completeness, Completeness::kComplete) << metric;
  }
  for (const char* metric : {"7", "8-cla-cp", "8-cla-cin", "8-cp-cin", "33-cp"}) {
    EXPECT_THAT(measured(both, metric).reason, HasSubstr("no source carries child protection episodes"))
        << metric;
  }
}

TEST(Availability, OfOneLevelLeavesTheOthers) {
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-01-10", "2024-06-01").Cin("a", "2024-07-01", "").records().levels =
      kAllLevels & ~Only(Level::kCla);
  const Measured measured = MeasureOne(records.Build(), "5");
  EXPECT_EQ(Cell(measured, "any"), 1);
  const std::vector<v1::CellStatus> expected = {v1::CELL_STATUS_SHOWN, v1::CELL_STATUS_SHOWN,
                                                v1::CELL_STATUS_SHOWN, v1::CELL_STATUS_NOT_AVAILABLE,
                                                v1::CELL_STATUS_SHOWN};
  EXPECT_EQ(measured.table.status, expected);
}

TEST(Availability, NamesTheFieldThatNoSourceCarries) {
  const Journeys journeys =
      RecordsBuilder().EarlyHelp("a", "2024-01-10", "2024-06-01", {.end_reason = "-"}).Build();
  EXPECT_EQ(MeasureOne(journeys, "16").completeness, Completeness::kNotAvailable);
  EXPECT_THAT(MeasureOne(journeys, "16").reason, HasSubstr("end_reason"));
}

TEST(Availability, OfOneOutcomeLeavesTheOthers) {
  const Journeys journeys = RecordsBuilder()
                                .EarlyHelp("a", "2024-01-10", "2024-06-01", {.source = "-"})
                                .EarlyHelp("a", "2024-07-01", "", {.source = "-"})
                                .Build();
  const Measured measured = MeasureOne(journeys, "1");
  EXPECT_EQ(measured.completeness, Completeness::kComplete);
  EXPECT_EQ(Cell(measured, "any"), 1);
  const std::vector<v1::CellStatus> expected = {v1::CELL_STATUS_SHOWN, v1::CELL_STATUS_NOT_AVAILABLE,
                                                v1::CELL_STATUS_NOT_AVAILABLE, v1::CELL_STATUS_NOT_AVAILABLE,
                                                v1::CELL_STATUS_SHOWN};
  EXPECT_EQ(measured.table.status, expected);
}

TEST(Availability, OfOneBreakdownLeavesTheTableOfAll) {
  const Journeys journeys =
      RecordsBuilder().EarlyHelp("a", "2024-01-10", "2024-06-01", {.team = "-"}).Build();
  const Measured measured = MeasureOne(journeys, "1", {.breakdown = "team"});
  EXPECT_EQ(measured.completeness, Completeness::kNotAvailable);
  EXPECT_THAT(measured.reason, HasSubstr("team"));
  EXPECT_EQ(MeasureOne(journeys, "1").completeness, Completeness::kComplete);
}

TEST(Availability, OfFamiliesNeedsASourceThatKnowsThem) {
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-01-10", "2024-06-01");
  const Measured measured = MeasureOne(records.Build(), "1", {.unit = v1::UNIT_FAMILIES});
  EXPECT_EQ(measured.completeness, Completeness::kNotAvailable);
  EXPECT_THAT(measured.reason, HasSubstr("family"));
  EXPECT_EQ(MeasureOne(records.Build(), "1", {.unit = v1::UNIT_CHILDREN}).completeness,
            Completeness::kComplete);
}

TEST(Availability, OfQualityNeedsSomethingRead) {
  const Journeys journeys = RecordsBuilder().Build();
  EXPECT_EQ(MeasureOne(journeys, "43").completeness, Completeness::kNotAvailable);
}

}  // namespace
}  // namespace waymark::node
