#include "node/ingest/cin_census.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "census_made_up.h"
#include "folder.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using testing::AssessmentXml;
using testing::CensusXml;
using testing::ChildXml;
using testing::CountOf;
using ::testing::ElementsAre;
using testing::EnquiryXml;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kCensusToml;
using testing::Leaf;
using testing::PlanXml;
using testing::ReferralXml;
using testing::Show;
using testing::TextOf;
using ::waymark::testing::StatusIs;

// Of one census file with these children.
absl::StatusOr<IngestResult> Read(const std::string& children) {
  testing::Folder folder;
  folder.Write("census/2022.xml", CensusXml("2022-03-31", children));
  return folder.Read(kCensusToml);
}

TEST(CinCensusTest, ReadsEveryElement) {
  ASSERT_OK_AND_ASSIGN(
      const IngestResult got,
      Read(ChildXml(
          "a",
          ReferralXml("2021-05-01", "2021-12-01", "RC7",
                      "<DateOfInitialCPC>2021-06-10</DateOfInitialCPC>" +
                          AssessmentXml("2021-05-03", "2021-06-01") +
                          "<CINPlanDates><CINPlanStartDate>2021-06-01</CINPlanStartDate></CINPlanDates>" +
                          EnquiryXml("2021-06-02", "2021-06-10") + PlanXml("2021-06-10", "2021-11-30", "0")),
          "<UPN>A123456789123</UPN><PersonBirthDate>2012-03-04</PersonBirthDate>"
          "<GenderCurrent>2</GenderCurrent><PersonDeathDate>2021-12-01</PersonDeathDate>",
          "<Ethnicity>WBRI</Ethnicity><Disabilities><Disability>NONE</Disability>"
          "<Disability>HAND</Disability></Disabilities>")));
  EXPECT_THAT(Show(got.records), ElementsAre("a cin 2021-05-01..2021-12-01", "a cp 2021-06-10..2021-11-30",
                                             "a referral 2021-05-01 nfa=no",
                                             "a assessment 2021-05-03..2021-06-01 of 2021-05-01 ",
                                             "a enquiry 2021-06-02..2021-06-10 of 2021-05-01 plan",
                                             "a plan 2021-06-10..2021-11-30 of 2021-05-01 first"));
  const Records& records = got.records;
  const Person& person = records.persons[0];
  EXPECT_EQ(FormatDay(person.birth), "2012-03-04");
  EXPECT_EQ(FormatDay(person.death), "2021-12-01");
  EXPECT_EQ(TextOf(records, person.sex), "female");
  EXPECT_EQ(TextOf(records, person.ethnicity), "white");
  EXPECT_EQ(TextOf(records, person.disability), "yes");
  EXPECT_EQ(TextOf(records, records.episodes[0].source), "6");
  EXPECT_EQ(TextOf(records, records.episodes[0].need), "N1");
  EXPECT_EQ(TextOf(records, records.episodes[0].end_reason), "other");
  EXPECT_EQ(TextOf(records, records.referrals[0].source), "6");
  EXPECT_EQ(TextOf(records, records.referrals[0].outcome), "in_need");
  const FileReport& file = got.report.files[0];
  EXPECT_EQ(file.rows_read, 6);
  EXPECT_EQ(file.rows_used, 6);
  EXPECT_THAT(file.left_out, IsEmpty());
  EXPECT_EQ(CountOf(file.notes, "<UPN>: used by no metric"), 1);
  EXPECT_EQ(file.notes.size(), 1U);
}

TEST(CinCensusTest, TellsWhatAReferralCameTo) {
  const auto outcome = [](const std::string& referral) {
    const auto got = Read(ChildXml("a", referral));
    if (!got.ok()) return got.status().ToString();
    return absl::StrCat(TextOf(got->records, got->records.referrals[0].nfa), " ",
                        TextOf(got->records, got->records.referrals[0].outcome), " ",
                        got->records.episodes.size());
  };
  EXPECT_EQ(outcome(ReferralXml("2021-05-01", "", "", "", "true")), "yes nfa 0");
  EXPECT_EQ(outcome(ReferralXml("2021-05-01", "", "", "", "1")), "yes nfa 0");
  EXPECT_EQ(outcome(ReferralXml("2021-05-01", "", "", "", "false")), "no  1");
  EXPECT_EQ(outcome(ReferralXml("2021-05-01", "", "", "", "")), "no  1");
  EXPECT_EQ(
      outcome(ReferralXml("2021-05-01", "2021-06-20", "RC8", AssessmentXml("2021-05-02", "2021-06-20"))),
      "no not_in_need 0");
  EXPECT_EQ(
      outcome(ReferralXml("2021-05-01", "2021-06-20", "RC9", AssessmentXml("2021-05-02", "2021-06-20"))),
      "no in_need 1");
  EXPECT_EQ(outcome(ReferralXml("2021-05-01", "", "", AssessmentXml("2021-05-02", "2021-06-20"))),
            "no in_need 1");
  EXPECT_EQ(outcome(ReferralXml("2021-05-01", "", "", AssessmentXml("2021-05-02", ""))), "no  1");
  EXPECT_EQ(outcome(ReferralXml("2021-05-01", "", "", "<CINPlanDates/>")), "no in_need 1");
  EXPECT_EQ(outcome(ReferralXml("2021-05-01", "", "", PlanXml("2021-06-01", "", ""))), "no in_need 2");
}

TEST(CinCensusTest, TakesTheConferenceOfTheEnquiry_ElseThatOfTheReferral) {
  const auto steps = [](const std::string& inside) {
    const auto got = Read(ChildXml("a", ReferralXml("2021-05-01", "", "", inside)));
    if (!got.ok()) return std::vector<std::string>{got.status().ToString()};
    std::vector<std::string> lines = Show(got->records);
    lines.erase(lines.begin(), lines.begin() + 2);
    const std::int64_t lone =
        CountOf(got->report.files[0].notes,
                "an initial conference (DateOfInitialCPC) without an enquiry before it: not used");
    if (lone > 0) lines.push_back(absl::StrCat(lone, " not used"));
    return lines;
  };
  const std::string held = "<DateOfInitialCPC>2021-07-01</DateOfInitialCPC>";
  EXPECT_THAT(steps(EnquiryXml("2021-06-01", "2021-06-20")),
              ElementsAre("a enquiry 2021-06-01..2021-06-20 of 2021-05-01 "));
  EXPECT_THAT(steps(held + EnquiryXml("2021-06-01", "") + EnquiryXml("2021-06-11", "")),
              ElementsAre("a enquiry 2021-06-01.. of 2021-05-01 ",
                          "a enquiry 2021-06-11..2021-07-01 of 2021-05-01 "));
  EXPECT_THAT(steps(held + EnquiryXml("2021-06-01", "2021-07-01") + EnquiryXml("2021-06-11", "")),
              ElementsAre("a enquiry 2021-06-01..2021-07-01 of 2021-05-01 ",
                          "a enquiry 2021-06-11.. of 2021-05-01 "));
  EXPECT_THAT(steps(held + EnquiryXml("2021-06-01", "") + EnquiryXml("2021-06-11", "", "true")),
              ElementsAre("a enquiry 2021-06-01..2021-07-01 of 2021-05-01 ",
                          "a enquiry 2021-06-11.. of 2021-05-01 not_required"));
  EXPECT_THAT(steps(held + EnquiryXml("2021-07-02", "")),
              ElementsAre("a enquiry 2021-07-02.. of 2021-05-01 ", "1 not used"));
  EXPECT_THAT(steps(held), ElementsAre("1 not used"));
}

TEST(CinCensusTest, TellsFirstPlansFromRepeatedOnes) {
  ASSERT_OK_AND_ASSIGN(const IngestResult got,
                       Read(ChildXml("a", ReferralXml("2021-05-01", "", "",
                                                      PlanXml("2021-06-01", "2021-07-01", "0") +
                                                          PlanXml("2021-08-01", "2021-09-01", "1") +
                                                          PlanXml("2021-10-01", "2021-11-01", "") +
                                                          PlanXml("2021-12-01", "", "many")))));
  std::vector<std::string> outcomes;
  for (const Step& step : got.records.steps) outcomes.push_back(TextOf(got.records, step.outcome));
  EXPECT_THAT(outcomes, ElementsAre("first", "repeat", "", ""));
  EXPECT_EQ(CountOf(got.report.files[0].notes, "NumberOfPreviousCPP is not a number: not used"), 1);
}

TEST(CinCensusTest, ReadsPersons_AsEachYearsCensusWritesThem) {
  const auto person = [](const std::string& identifiers, const std::string& characteristics) {
    const auto got = Read(ChildXml("a", ReferralXml("2021-05-01"), identifiers, characteristics));
    if (!got.ok()) return got.status().ToString();
    const Person& p = got->records.persons[0];
    return absl::StrCat(FormatDay(p.birth), " ", TextOf(got->records, p.sex), "|",
                        TextOf(got->records, p.ethnicity), "|", TextOf(got->records, p.disability));
  };
  EXPECT_EQ(
      person("<ExpectedPersonBirthDate>2022-06-01</ExpectedPersonBirthDate><GenderCurrent>0</GenderCurrent>",
             "<Ethnicity>NOBT</Ethnicity>"),
      "2022-06-01 not known|not known|");
  EXPECT_EQ(person("<PersonBirthDate>2012-03-04</PersonBirthDate><Sex>M</Sex>",
                   "<Disabilities><Disability>NONE</Disability></Disabilities>"),
            "2012-03-04 male||no");
  EXPECT_EQ(person("<Sex>F</Sex>", "<Disabilities><Disability>DDA</Disability></Disabilities>"),
            " female||yes");
  EXPECT_EQ(person("<Sex>U</Sex>", ""), " not known||");
}

TEST(CinCensusTest, AccountsForEveryRow_WhenSomeCannotBeUsed) {
  ASSERT_OK_AND_ASSIGN(
      const IngestResult got,
      Read(ChildXml("", ReferralXml("2021-05-01", "", "", AssessmentXml("2021-05-02", ""))) +  // 3, no id
           ChildXml("b", "") +  // 1, no referral
           ChildXml("c", ReferralXml("2021-02-30", "", "", AssessmentXml("2021-05-02", ""))) +
           ChildXml("d", ReferralXml("2021-05-01", "2021-04-01", "RC1",
                                     AssessmentXml("2021-05-02", "2021-05-01") + PlanXml("", "", ""))) +
           ChildXml("e", ReferralXml("2022-04-01"))));
  const FileReport& file = got.report.files[0];
  EXPECT_EQ(file.rows_read, 3 + 1 + 3 + 4 + 2);
  EXPECT_EQ(CountOf(file.left_out, "no id of a child (LAchildID)"), 3);
  EXPECT_EQ(CountOf(file.left_out, "a child without a referral (CINdetails)"), 1);
  EXPECT_EQ(CountOf(file.left_out, "date impossible or in another format"), 1);
  EXPECT_EQ(CountOf(file.left_out, "ends before it starts"), 1);
  EXPECT_EQ(CountOf(file.left_out, "no date"), 1);
  EXPECT_EQ(CountOf(file.left_out, "date after the extract date"), 1);
  EXPECT_EQ(CountOf(file.notes, "no episode made of it: ends before it starts"), 1);
  std::int64_t left = 0;
  for (const auto& each : file.left_out) left += each.second.count();
  EXPECT_EQ(file.rows_read, file.rows_used + left);
  EXPECT_THAT(Show(got.records),
              ElementsAre("d referral 2021-05-01 nfa=no", "c assessment 2021-05-02.. of  "));
}

TEST(CinCensusTest, NamesElementsThatItDoesNotKnow_AndReadsTheRest) {
  std::string many;
  for (int i = 0; i < 60; ++i) absl::StrAppend(&many, "<x", i, "/>");
  ASSERT_OK_AND_ASSIGN(const IngestResult got,
                       Read(ChildXml("a", ReferralXml("2021-05-01", "", "",
                                                      "<FamilyHub>North<Deep>1</Deep></FamilyHub>loose" +
                                                          Leaf("CINreferralDate", "2021-05-09")) +
                                              many)));
  EXPECT_THAT(Show(got.records), ElementsAre("a cin 2021-05-01..", "a referral 2021-05-01 nfa=no"));
  const FileReport& file = got.report.files[0];
  EXPECT_EQ(CountOf(file.notes, "<FamilyHub>: not of the census; not read"), 1);
  EXPECT_EQ(CountOf(file.notes, "<Deep>: not of the census; not read"), 0);
  EXPECT_EQ(CountOf(file.notes, "further elements: not of the census; not read"), 11);
  EXPECT_EQ(CountOf(file.notes, "text between elements: not read"), 1);
  EXPECT_EQ(CountOf(file.notes, "an element that stands twice where it may stand once: the first is read"),
            1);
}

TEST(CinCensusTest, CountsAChildThatStandsTwice_Once) {
  const std::string child = ChildXml("a", ReferralXml("2021-05-01", "", "", AssessmentXml("2021-05-02", "")));
  ASSERT_OK_AND_ASSIGN(const IngestResult got, Read(child + child));
  EXPECT_THAT(Show(got.records), ElementsAre("a cin 2021-05-01..", "a referral 2021-05-01 nfa=no",
                                             "a assessment 2021-05-02.. of 2021-05-01 "));
  EXPECT_EQ(CountOf(got.report.files[0].left_out, std::string(kSameRow)), 2);
}

TEST(CinCensusTest, UsesTheCouncilsOwnCodesAndDates) {
  testing::Folder folder;
  std::string xml = CensusXml("2022-03-31", ChildXml("a", ReferralXml("01/05/2021")));
  xml.replace(xml.find(">6<"), 3, ">P<");
  folder.Write("census/2022.xml", xml);
  ASSERT_OK_AND_ASSIGN(
      const IngestResult got,
      folder.Read(
          std::string(kCensusToml) +
          "[source.mapping]\ndate_format = \"%d/%m/%Y\"\n[source.mapping.codes.source]\nP = \"6\"\n"));
  EXPECT_THAT(Show(got.records), ElementsAre("a cin 2021-05-01..", "a referral 2021-05-01 nfa=no"));
  EXPECT_EQ(TextOf(got.records, got.records.referrals[0].source), "6");
}

TEST(CinCensusTest, UsesNothing_WhereAFileIsCutOff) {
  const std::string whole = CensusXml("2022-03-31", ChildXml("a", ReferralXml("2021-05-01")));
  for (std::size_t size = 0; size + 1 < whole.size(); size += 7) {
    testing::Folder folder;
    folder.Write("census/2022.xml", whole.substr(0, size));
    EXPECT_THAT(folder.Read(kCensusToml), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("2022.xml")))
        << size;
  }
}

TEST(CinCensusTest, RefusesWhatIsNoCensus) {
  const auto refused = [](const std::string& text, const char* why) {
    testing::Folder folder;
    folder.Write("census/a.xml", text);
    EXPECT_THAT(folder.Read(kCensusToml), StatusIs(absl::StatusCode::kInvalidArgument,
                                                   AllOf(HasSubstr("census/a.xml"), HasSubstr(why))));
  };
  const std::string whole = CensusXml("2022-03-31", "");
  refused("<html><body/></html>", "the outermost element is not <Message>");
  refused("CHILD,SEX\n", "not well-formed");
  refused("<Message><Children/></Message>", "expected one <Header>");
  refused("<Message/>", "has no <Header>");
  refused("<!DOCTYPE Message [<!ENTITY x \"y\">]>" + whole.substr(whole.find("<Message>")), "<!DOCTYPE>");
  std::string other = whole;
  other.replace(other.find(">CIN<"), 5, ">SCH<");
  refused(other, "another collection");
  refused(CensusXml("", ""), "neither a <ReferenceDate>");
  std::string twice = whole;
  twice.insert(twice.find("<Children>"), "<Header/>");
  refused(twice, "expected one <Header>");
}

TEST(CinCensusTest, RefusesAChildThatWouldFillMemory) {
  std::string many;
  const std::string one =
      "<Assessments><AssessmentActualStartDate>2021-05-01</AssessmentActualStartDate></Assessments>";
  for (int i = 0; i < 130'000; ++i) many += one;
  EXPECT_THAT(Read(ChildXml("a", ReferralXml("2021-05-01", "", "", many))),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("one child takes more than 16 MiB")));
}

TEST(CinCensusTest, SaysWhere_WhenThereIsNoFile) {
  testing::Folder folder;
  EXPECT_THAT(folder.Read(kCensusToml), StatusIs(absl::StatusCode::kNotFound, HasSubstr("there is no ")));
  folder.Write("census/readme.txt", "no XML here");
  EXPECT_THAT(folder.Read(kCensusToml),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("holds no .xml file")));
}

}  // namespace
}  // namespace waymark::node
