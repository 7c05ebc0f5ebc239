#include "node/ingest/census_years.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "census_made_up.h"
#include "folder.h"
#include "node/ingest/later_wins.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using testing::AssessmentXml;
using testing::CensusXml;
using testing::ChildXml;
using ::testing::Contains;
using testing::CountOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kCensusToml;
using testing::Leaf;
using ::testing::Not;
using testing::PlanXml;
using testing::ReferralXml;
using testing::Show;
using testing::TextOf;
using ::waymark::testing::StatusIs;

constexpr char kTwoYears[] = R"([[source]]
format = "cin-census"
path = "census"
covered_from = 2020-04-01
extract_date = 2022-03-31
)";

std::string Earlier() {
  return CensusXml("2021-03-31",
                   ChildXml("a", ReferralXml("2020-05-01", "", "", AssessmentXml("2020-05-03", "2020-06-01")),
                            "<ExpectedPersonBirthDate>2020-07-01</ExpectedPersonBirthDate>",
                            "<Ethnicity>WBRI</Ethnicity>") +
                       ChildXml("b", ReferralXml("2020-08-01", "2020-10-01", "RC1")) +
                       ChildXml("c", ReferralXml("2020-09-01")) +
                       ChildXml("d", ReferralXml("2020-09-01", "", "", PlanXml("2020-10-01", "", "0"))),
                   "330", "2021-05-01T10:00:00");
}

std::string Later() {
  return CensusXml(
      "2022-03-31",
      ChildXml("a", ReferralXml("2020-05-01", "2021-09-01", "RC6", AssessmentXml("2021-05-03", "2021-06-01")),
               "<PersonBirthDate>2020-07-11</PersonBirthDate>") +
          ChildXml("d", ReferralXml("2020-09-02", "", "", PlanXml("2020-10-01", "2021-10-01", "1"))) +
          ChildXml("e", ReferralXml("2021-09-01")));
}

std::vector<std::string> Messages(const QualityReport& report) {
  std::vector<std::string> messages;
  for (const Issue& issue : report.issues) messages.push_back(issue.message);
  return messages;
}

TEST(CensusYearsTest, JoinsYears_WhateverTheNamesAndOrderOfFiles) {
  std::string first;
  for (const bool swapped : {false, true}) {
    testing::Folder folder;
    folder.Write(swapped ? "census/b.xml" : "census/a.xml", Earlier());
    folder.Write(swapped ? "census/2021/a.XML" : "census/2022/b.XML", Later());
    ASSERT_OK_AND_ASSIGN(const IngestResult got, folder.Read(kTwoYears));
    EXPECT_THAT(Show(got.records),
                ElementsAre("a cin 2020-05-01..2021-09-01",  // closed by the later census
                            "b cin 2020-08-01..2020-10-01", "c cin 2020-09-01..", "d cin 2020-09-01..",
                            "d cin 2020-09-02..", "d cp 2020-10-01..2021-10-01", "e cin 2021-09-01..",
                            "a referral 2020-05-01 nfa=no", "b referral 2020-08-01 nfa=no",
                            "c referral 2020-09-01 nfa=no", "d referral 2020-09-01 nfa=no",
                            "d referral 2020-09-02 nfa=no", "e referral 2021-09-01 nfa=no",
                            "a assessment 2020-05-03..2020-06-01 of 2020-05-01 ",  // in the earlier one only
                            "a assessment 2021-05-03..2021-06-01 of 2020-05-01 ",
                            "d plan 2020-10-01..2021-10-01 of 2020-09-02 repeat"));
    if (first.empty()) first = testing::Dump(got.records);
    EXPECT_EQ(testing::Dump(got.records), first);

    const Person& a = got.records.persons[0];
    EXPECT_EQ(FormatDay(a.birth), "2020-07-11");           // the later census has the actual day
    EXPECT_EQ(TextOf(got.records, a.ethnicity), "white");  // and is silent on this
    ASSERT_EQ(got.report.files.size(), 2U);
    EXPECT_THAT(got.report.files[0].file,
                HasSubstr(swapped ? "a.XML" : "b.XML"));  // the latest is read first
    const FileReport& earlier = got.report.files[1];
    EXPECT_EQ(CountOf(earlier.left_out, std::string(kLaterFileHasIt)),
              2 + 1);  // a's referral, d's person and plan
    EXPECT_EQ(CountOf(earlier.notes, "open here and not in any later census: taken as still open"), 2);
    EXPECT_THAT(Messages(got.report), Contains("the census of council 330 at 2021-03-31"));
    EXPECT_FALSE(got.report.HasErrors());
  }
}

TEST(CensusYearsTest, TakesTheFileMadeLast_OfTwoOfOneYear) {
  testing::Folder folder;
  folder.Write("census/z.xml",
               CensusXml("2022-03-31", ChildXml("a", ReferralXml("2021-05-01", "2021-07-01", "RC1")), "330",
                         "2022-05-01T10:00:00"));
  folder.Write("census/b.xml",
               CensusXml("2022-03-31", ChildXml("a", ReferralXml("2021-05-01", "2021-08-01", "RC1")), "330",
                         "2022-06-01T10:00:00"));
  ASSERT_OK_AND_ASSIGN(const IngestResult got, folder.Read(kCensusToml));
  EXPECT_THAT(Show(got.records), ElementsAre("a cin 2021-05-01..2021-08-01", "a referral 2021-05-01 nfa=no"));
}

TEST(CensusYearsTest, CountsACensusThatIsThereTwice_Once) {
  testing::Folder folder;
  folder.Write("census/a.xml", Later());
  ASSERT_OK_AND_ASSIGN(const IngestResult once, folder.Read(kTwoYears));
  folder.Write("census/b.xml", Later());
  ASSERT_OK_AND_ASSIGN(const IngestResult twice, folder.Read(kTwoYears));
  EXPECT_EQ(testing::Dump(once.records), testing::Dump(twice.records));
  EXPECT_EQ(CountOf(twice.report.files[1].left_out, std::string(kLaterFileHasIt)),
            twice.report.files[1].rows_read);
  EXPECT_FALSE(twice.report.HasErrors());
}

TEST(CensusYearsTest, RefusesACensusOfAnotherCouncil) {
  testing::Folder folder;
  folder.Write("census/a.xml", CensusXml("2022-03-31", "", "330"));
  const std::string expected = std::string(kCensusToml) + "la_code = 331\n";
  EXPECT_THAT(folder.Read(expected), StatusIs(absl::StatusCode::kInvalidArgument,
                                              AllOf(HasSubstr("a.xml:2: a census of council 330"),
                                                    HasSubstr("expected council 331"))));
  folder.Write("census/b.xml", CensusXml("2021-03-31", "", "331"));
  EXPECT_THAT(folder.Read(kCensusToml), StatusIs(absl::StatusCode::kInvalidArgument,
                                                 AllOf(HasSubstr("council 330"), HasSubstr("council 331"))));
  folder.Write("census/a.xml", CensusXml("2022-03-31", "", ""));
  EXPECT_THAT(folder.Read(expected), StatusIs(absl::StatusCode::kInvalidArgument,
                                              HasSubstr("a census of no council that is named")));
  folder.Write("census/a.xml", CensusXml("2022-03-31", ChildXml("a", ReferralXml("2021-05-01")), "331"));
  EXPECT_OK(folder.Read(expected));
  EXPECT_THAT(folder.Read(std::string(kCensusToml) + "la_code = 1000\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("la_code")));
}

TEST(CensusYearsTest, TakesTheYear_WhereThereIsNoReferenceDate) {
  testing::Folder folder;
  std::string xml = CensusXml("2022-03-31", ChildXml("a", ReferralXml("2021-05-01")));
  const std::string reference = Leaf("ReferenceDate", "2022-03-31");
  xml.erase(xml.find(reference), reference.size());
  folder.Write("census/a.xml", xml);
  ASSERT_OK_AND_ASSIGN(const IngestResult got, folder.Read(kCensusToml));
  EXPECT_THAT(Messages(got.report), ElementsAre("the census of council 330 at 2022-03-31"));
}

TEST(CensusYearsTest, Warns_WhereYearsAreMissingOrDatesDoNotFit) {
  testing::Folder folder;
  folder.Write("census/a.xml", CensusXml("2019-03-31", ChildXml("a", ReferralXml("2018-05-01"))));
  folder.Write("census/b.xml", CensusXml("2021-03-31", ChildXml("b", ReferralXml("2020-05-01"))));
  ASSERT_OK_AND_ASSIGN(
      const IngestResult got,
      folder.Read("[[source]]\nformat = \"cin-census\"\npath = \"census\"\ncovered_from = 2017-04-01\n"
                  "extract_date = 2022-03-31\n"));
  const std::vector<std::string> messages = Messages(got.report);
  EXPECT_THAT(messages, Contains(HasSubstr("the latest census is of 2021-03-31, before extract_date")));
  EXPECT_THAT(messages, Contains(HasSubstr("no census between 2019-03-31 and 2021-03-31")));
  EXPECT_THAT(messages, Contains(HasSubstr("covered_from is before the year of the earliest census")));

  ASSERT_OK_AND_ASSIGN(const IngestResult fits,
                       folder.Read("[[source]]\nformat = \"cin-census\"\npath = \"census/b.xml\"\n"
                                   "covered_from = 2020-04-01\nextract_date = 2021-03-31\n"));
  EXPECT_THAT(Messages(fits.report), ElementsAre("the census of council 330 at 2021-03-31"));
}

TEST(CensusYearsTest, NamesEveryFileThatCannotBeRead) {
  testing::Folder folder;
  folder.Write("census/a.xml", "<Message>");
  folder.Write("census/b.xml", "");
  folder.Write("census/.hidden.xml", "");
  EXPECT_THAT(folder.Read(kCensusToml),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("a.xml:1:"), HasSubstr("\n"), HasSubstr("b.xml is empty"),
                             Not(HasSubstr("hidden")))));
}

}  // namespace
}  // namespace waymark::node
