// Stocks, steps in working days, waits, families' spells, counts and quarters: a test for each reading.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/node/measure/measuring.h"

namespace waymark::node {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Measured InWorkingDays(RecordsBuilder& records, const std::string& metric, const WorkingDays* calendar,
                       const std::string& period = "2024-25") {
  const MeasureRequest request{.metric = &Entry(metric),
                               .period = ParsePeriod(period).value(),
                               .units = {v1::UNIT_EPISODES},
                               .calendar = calendar};
  return Measure(records.Build(), request).value().front();
}

// In time of completed, of one step.
std::string InTime(const std::string& metric, StepKind kind, const std::string& start, const std::string& end,
                   const std::string& referral = "") {
  static const auto* const kCalendar =
      new WorkingDays(WorkingDays::Load("catalogue/bank-holidays.txt").value());
  RecordsBuilder records;
  records.Step("a", kind, start, end, "", referral);
  const Measured measured = InWorkingDays(records, metric, kCalendar);
  return std::to_string(Cell(measured, "in_time")) + "/" + std::to_string(Cell(measured, "denominator"));
}

TEST(OpenDuration, CountsDaysToThePeriodsEnd_InBands) {
  const auto band = [](const std::string& start) {
    const Measured measured = MeasureOne(RecordsBuilder().EarlyHelp("a", start, "").Build(), "11");
    for (const std::string& column : measured.table.columns) {
      if (Cell(measured, column) == 1) return column;
    }
    return std::string("none");
  };
  EXPECT_EQ(band("2025-03-31"), "under_91") << "0 days";
  EXPECT_EQ(band("2024-12-31"), "under_91") << "90 days";
  EXPECT_EQ(band("2024-12-30"), "91_to_182");
  EXPECT_EQ(band("2024-09-29"), "183_to_364");
  EXPECT_EQ(band("2024-03-31"), "365_to_729");
  EXPECT_EQ(band("2023-04-01"), "730_and_more");
  EXPECT_EQ(band("2025-04-01"), "none") << "starts later";
}

TEST(Stock, IsOfThePeriodsLastDay_WithoutCasesThatEndOnIt) {
  const auto open = [](const std::string& start, const std::string& end) {
    return Cell(MeasureOne(RecordsBuilder().EarlyHelp("a", start, end).Build(), "30-open"), "count");
  };
  EXPECT_EQ(open("2024-01-01", "2025-04-01"), 1);
  EXPECT_EQ(open("2024-01-01", "2025-03-31"), 0);
  EXPECT_EQ(open("2025-03-31", "2025-03-31"), 0) << "a same-day case is in no stock";
  EXPECT_EQ(open("2025-03-31", ""), 1);
}

TEST(Stock, IsSeenWholeOrNotAtAll) {
  const auto completeness = [](const std::string& extract) {
    return MeasureOne(RecordsBuilder(extract).EarlyHelp("a", "2024-06-01", "").Build(), "11").completeness;
  };
  EXPECT_EQ(completeness("2025-03-31"), Completeness::kComplete);
  EXPECT_EQ(completeness("2025-03-30"), Completeness::kNotYet);
}

TEST(Stock, NeedsRecordsOfThatDayOnly) {
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-06-01", "");
  records.records().early_help.from = D("2025-03-31");
  EXPECT_EQ(MeasureOne(records.Build(), "11").completeness, Completeness::kComplete);
  records.records().early_help.from = D("2025-04-01");
  EXPECT_EQ(MeasureOne(records.Build(), "11").completeness, Completeness::kNotCovered);
}

TEST(Stock, CountsEveryLevelOfItsOwn_OfChildrenUnder18OnTheDay) {
  RecordsBuilder records;
  records.Person("a", {.birth = "2007-04-01"})
      .Person("b", {.birth = "2007-03-31"})
      .Person("c", {.birth = ""});
  for (const char* id : {"a", "b", "c"}) {
    records.Cin(id, "2024-01-01", "").Episode(id, Level::kCp, "2024-02-01", "");
  }
  const Journeys journeys = records.Build();
  EXPECT_EQ(Cell(MeasureOne(journeys, "33-cin"), "count"), 2) << "b is 18 on the last day";
  EXPECT_EQ(Cell(MeasureOne(journeys, "33-cp"), "count"), 2);
  EXPECT_EQ(Cell(MeasureOne(journeys, "33-cla"), "count"), 0);
  EXPECT_EQ(FigureOf(MeasureOne(journeys, "33-cin"), "count"), 2);
}

TEST(Under18, TurnsOnTheFirstOfMarch_WhenBornOnALeapDay) {
  const auto counted = [](const std::string& day) {
    RecordsBuilder records;
    records.Person("a", {.birth = "2004-02-29"}).Contact("a", day);
    return Cell(MeasureOne(records.Build(), "33-contacts", {.period = "2021-22"}), "count");
  };
  EXPECT_EQ(counted("2022-02-28"), 1);
  EXPECT_EQ(counted("2022-03-01"), 0);
}

TEST(AssessmentInTime, Within45WorkingDaysOfItsStart) {
  // From Monday 3 June 2024, 45 weekdays without a holiday: Monday 5 August.
  EXPECT_EQ(InTime("13", StepKind::kAssessment, "2024-06-03", "2024-08-05"), "1/1");
  EXPECT_EQ(InTime("13", StepKind::kAssessment, "2024-06-03", "2024-08-06"), "0/1");
  EXPECT_EQ(InTime("13", StepKind::kAssessment, "2024-06-03", ""), "0/0") << "not completed";
  EXPECT_EQ(InTime("12", StepKind::kEarlyHelpAssessment, "2024-06-03", "2024-08-05"), "1/1");
  EXPECT_EQ(InTime("13", StepKind::kAssessment, "1980-01-01", "2024-08-05"), "0/1")
      << "long before the calendar";
}

TEST(AssessmentInTime, LeavesOutBankHolidays) {
  // From Monday 22 July 2024 the 45th weekday is 23 September; the August holiday makes it 24 September.
  EXPECT_EQ(InTime("13", StepKind::kAssessment, "2024-07-22", "2024-09-24"), "1/1");
  EXPECT_EQ(InTime("13", StepKind::kAssessment, "2024-07-22", "2024-09-25"), "0/1");
}

TEST(AssessmentInTime, FromItsReferralWhereThatIsKnown) {
  EXPECT_EQ(InTime("13-referral", StepKind::kAssessment, "2024-07-01", "2024-08-05", "2024-06-03"), "1/1");
  EXPECT_EQ(InTime("13-referral", StepKind::kAssessment, "2024-07-01", "2024-08-06", "2024-06-03"), "0/1");
  EXPECT_EQ(InTime("13-referral", StepKind::kAssessment, "2024-07-01", "2024-08-06", "2024-08-07"), "1/1")
      << "referred after its end";
  RecordsBuilder records;
  records.Step("a", StepKind::kAssessment, "2024-06-03", "2024-06-04");
  const WorkingDays calendar = WorkingDays::Load("catalogue/bank-holidays.txt").value();
  EXPECT_EQ(InWorkingDays(records, "13-referral", &calendar).completeness, Completeness::kNotAvailable);
  records.Step("b", StepKind::kAssessment, "2024-06-03", "2024-06-04", "", "2024-06-03");
  EXPECT_EQ(Cell(InWorkingDays(records, "13-referral", &calendar), "denominator"), 1) << "a's is not known";
}

TEST(ConferenceInTime, Within15WorkingDaysOfTheEnquiry) {
  EXPECT_EQ(InTime("15", StepKind::kEnquiry, "2024-06-03", "2024-06-24"), "1/1");
  EXPECT_EQ(InTime("15", StepKind::kEnquiry, "2024-06-03", "2024-06-25"), "0/1");
  EXPECT_EQ(InTime("15", StepKind::kEnquiry, "2024-06-03", ""), "0/0") << "no conference";
}

TEST(WorkingDaysMeasured, AreNotCoveredBeyondTheCalendar_AndSayHowToAddYears) {
  const WorkingDays calendar = WorkingDays::Load("catalogue/bank-holidays.txt").value();
  RecordsBuilder records("2040-12-31");
  records.Step("a", StepKind::kAssessment, "2030-06-03", "2030-06-04");
  const Measured beyond = InWorkingDays(records, "13", &calendar, "2030");
  EXPECT_EQ(beyond.completeness, Completeness::kNotCovered);
  EXPECT_THAT(beyond.reason, HasSubstr("1995 to 2027"));
  EXPECT_THAT(beyond.reason, HasSubstr("bank-holidays.txt"));
  EXPECT_EQ(InWorkingDays(records, "13", &calendar, "2027").completeness, Completeness::kComplete);
  EXPECT_THAT(InWorkingDays(records, "13", nullptr, "2027").reason, HasSubstr("no year"));
}

TEST(Steps, NameTheKindThatNoSourceCarries) {
  const WorkingDays calendar = WorkingDays::Load("catalogue/bank-holidays.txt").value();
  RecordsBuilder records;
  records.Step("a", StepKind::kAssessment, "2024-06-03", "2024-06-04");
  EXPECT_THAT(InWorkingDays(records, "15", &calendar).reason, HasSubstr("section 47 enquiries"));
}

TEST(Wait, IsFromTheLatestContactWithAnEarlyHelpOutcome) {
  const auto waited = [](const std::string& first, const std::string& second, const std::string& outcome) {
    RecordsBuilder records;
    records.Contact("a", first, "", "early_help")
        .Contact("a", second, "", outcome)
        .EarlyHelp("a", "2024-09-01", "");
    return FigureOf(MeasureOne(records.Build(), "14"), "median");
  };
  EXPECT_EQ(waited("2024-08-01", "2024-08-20", "early_help"), 12);
  EXPECT_EQ(waited("2024-08-01", "2024-08-20", "nfa"), 31);
  EXPECT_EQ(waited("2024-06-03", "2024-09-02", "early_help"), 90) << "90 days before; the other is after";
  EXPECT_EQ(waited("2024-06-02", "2024-06-01", "early_help"), std::nullopt) << "91 days before";
  EXPECT_EQ(waited("2024-09-01", "2024-08-20", "early_help"), 0);
}

TEST(Wait, NeedsContacts90DaysBeforeThePeriod) {
  RecordsBuilder records;
  records.Contact("a", "2024-08-01", "", "early_help").EarlyHelp("a", "2024-09-01", "");
  records.records().contact.from = D("2024-01-02");
  EXPECT_EQ(MeasureOne(records.Build(), "14").completeness, Completeness::kComplete);
  records.records().contact.from = D("2024-01-03");
  EXPECT_EQ(MeasureOne(records.Build(), "14").completeness, Completeness::kNotCovered);
}

// Repeat families of families, of a family of two.
std::string Repeats(RecordsBuilder& records) {
  return Share(records.Build(), "26", {.unit = v1::UNIT_FAMILIES}, "repeat");
}
RecordsBuilder Family() {
  RecordsBuilder records;
  records.Person("a", {.family = "f"}).Person("b", {.family = "f"});
  return records;
}

TEST(RepeatFamily, MergesItsChildrensEpisodesOverThirtyDays) {
  EXPECT_EQ(Repeats(Family().EarlyHelp("a", "2024-01-01", "2024-05-01").EarlyHelp("b", "2024-05-31", "")),
            "0/0")
      << "30 days: one spell, begun before the period";
  EXPECT_EQ(Repeats(Family().EarlyHelp("a", "2024-01-01", "2024-05-01").EarlyHelp("b", "2024-06-01", "")),
            "1/1");
}

TEST(RepeatFamily, HadASpellThatEndedAtMost730DaysBefore) {
  EXPECT_EQ(Repeats(Family().EarlyHelp("a", "2022-01-01", "2022-06-02").EarlyHelp("b", "2024-06-01", "")),
            "1/1");
  EXPECT_EQ(Repeats(Family().EarlyHelp("a", "2022-01-01", "2022-06-01").EarlyHelp("b", "2024-06-01", "")),
            "0/1");
  EXPECT_EQ(Repeats(Family().EarlyHelp("c", "2024-01-01", "2024-03-01").EarlyHelp("b", "2024-06-01", "")),
            "0/1")
      << "another family's";
}

TEST(RepeatFamily, CountsOnce_WhenAnyOfItsSpellsIsARepeat) {
  EXPECT_EQ(Repeats(Family().EarlyHelp("a", "2024-05-01", "2024-06-01").EarlyHelp("b", "2024-08-01", "")),
            "1/1");
}

TEST(RepeatFamily, NeedsFamiliesAndRecordsTwoYearsBack) {
  RecordsBuilder alone;
  alone.EarlyHelp("a", "2024-06-01", "");
  EXPECT_EQ(MeasureOne(alone.Build(), "26", {.unit = v1::UNIT_FAMILIES}).completeness,
            Completeness::kNotAvailable);
  RecordsBuilder records = Family();
  records.EarlyHelp("a", "2024-06-01", "");
  records.records().early_help.from = D("2022-04-03");
  EXPECT_EQ(MeasureOne(records.Build(), "26", {.unit = v1::UNIT_FAMILIES}).completeness,
            Completeness::kNotCovered);
}

TEST(Quarters, AreAllThoseOfThePeriod_ByTheMembersDay) {
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-01-10", "2024-06-30").EarlyHelp("b", "2024-01-10", "2024-07-01");
  const Measured measured = MeasureOne(records.Build(), "10", {.breakdown = "quarter"});
  EXPECT_THAT(measured.table.rows, ElementsAre("2024-25-Q1", "2024-25-Q2", "2024-25-Q3", "2024-25-Q4"));
  EXPECT_EQ(Cell(measured, "<183", "2024-25-Q1"), 1);
  EXPECT_EQ(Cell(measured, "<183", "2024-25-Q2"), 1);
  EXPECT_EQ(Cell(measured, "<183", "2024-25-Q3"), 0);
}

}  // namespace
}  // namespace waymark::node
