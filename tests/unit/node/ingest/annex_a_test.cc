#include "node/ingest/annex_a.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "node/ingest/annex_a_lists.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/ingest/folder.h"
#include "tests/unit/node/ingest/workbook_builder.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::waymark::node::testing::CountOf;
using ::waymark::node::testing::Dump;
using ::waymark::node::testing::Folder;
using ::waymark::node::testing::RowOf;
using ::waymark::node::testing::Show;
using ::waymark::node::testing::TextOf;
using ::waymark::node::testing::WorkbookBuilder;
using ::waymark::testing::StatusIs;

// A [[source]] whose path is `path`; `mapping` goes under [source.mapping].
std::string Source(const std::string& path, const std::string& mapping = "") {
  return absl::StrCat("[[source]]\nformat = \"annex-a\"\npath = \"", path,
                      "\"\ncovered_from = 2020-09-16\nextract_date = 2021-03-16\n[source.mapping]\n",
                      mapping);
}

constexpr char kBase[] = "Child Unique ID,Gender,Ethnicity,Date of Birth,Age of Child (Years)";

// A list as CSV: its header and rows.
std::string List(const std::string& columns, const std::vector<std::string>& rows) {
  return absl::StrCat(kBase, ",", columns, "\n", absl::StrJoin(rows, "\n"), "\n");
}

constexpr char kReferral[] = "Date of referral,Referral Source,Referral NFA?,Allocated Team,Allocated Worker";
constexpr char kAssessment[] =
    "Does the Child have a Disability,Continuous Assessment Start Date,Continuous Assessment Date of "
    "Authorisation,"
    "Was the child assessed as requiring LA children's social care support?";

std::string Assessed(const std::string& child, const std::string& start, const std::string& outcome) {
  return absl::StrCat(child, ",a) Male,a) WBRI,,,b) No,", start, ",,", outcome);
}
std::string Referred(const std::string& child, const std::string& day, const std::string& nfa) {
  return absl::StrCat(child, ",a) Male,a) WBRI,,,", day, ",q) 6: Police,", nfa, ",MASH,Ann");
}

// "day outcome" of each referral.
std::vector<std::string> Outcomes(const Records& records) {
  std::vector<std::string> lines;
  for (const Referral& r : records.referrals) {
    lines.push_back(absl::StrCat(records.person_ids.Text(r.person), " ", FormatDay(r.day), " ",
                                 r.outcome == kNoCode ? "-" : TextOf(records, r.outcome)));
  }
  return lines;
}

TEST(AnnexAListNamed, KnowsTheNamesThatCouncilsGive) {
  for (const char* name :
       {"List 1", "list_1", "LIST1", "List 01", "Annex A - List 1 (Contacts)", "1 Contacts", "1. contacts",
        "1", "Contacts", "contacts", "Annex A Contacts", "List 1 - referrals into the front door"}) {
    EXPECT_EQ(AnnexAListNamed(name), 1) << name;
  }
  EXPECT_EQ(AnnexAListNamed("Early Help Assessments"), 2);
  EXPECT_EQ(AnnexAListNamed("Assessments"), 4);
  EXPECT_EQ(AnnexAListNamed("S47"), 5);
  EXPECT_EQ(AnnexAListNamed("Section 47 enquiries"), 5);
  EXPECT_EQ(AnnexAListNamed("List 10"), 10);
  EXPECT_EQ(AnnexAListNamed("11 Prospective adopters"), 11);
  for (const char* name : {"", "Cover", "List 12", "List 0", "List", "2024", "1 January", "12 Contacts",
                           "Sheet1", "Referral sources"}) {
    EXPECT_EQ(AnnexAListNamed(name), 0) << name;
  }
}

TEST(AnnexA, ContactsAreReadWithTheirSource_AndWithoutOutcome) {
  const Folder folder;
  folder.Write("list 1.csv", List("Date of Contact,Contact Source",
                                  {"7,a) Male,a) WBRI,24/01/2015,6,16/09/2020,q) 6: Police",
                                   "8,Female,s) NOBT,,,17/09/2020,b) 1B: Individual"}));
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Source(".")));
  EXPECT_THAT(Show(read.records), ElementsAre("7 contact 2020-09-16 ", "8 contact 2020-09-17 "));
  EXPECT_EQ(TextOf(read.records, read.records.contacts[0].source), "6");
  EXPECT_EQ(TextOf(read.records, read.records.contacts[1].source), "1B");
  EXPECT_EQ(read.records.contacts[0].outcome, kNoCode);
  EXPECT_EQ(FormatDay(read.records.persons[0].birth), "2015-01-24");
  EXPECT_EQ(TextOf(read.records, read.records.persons[1].ethnicity), "not known");
  EXPECT_EQ(FormatDay(read.records.contact.extract), "2021-03-16");
  EXPECT_EQ(read.records.social_care.from, kNoDay);
  EXPECT_EQ(read.records.early_help.from, kNoDay);
}

constexpr char kEarlyHelp[] =
    "Assessment start date,Assessment completion date,Organisation completing assessment";

TEST(AnnexA, EarlyHelpIsAssessmentsOnly_UnlessTheirCompletionIsTakenForTheEnd) {
  const Folder folder;
  folder.Write("early help.csv", List(kEarlyHelp, {"1,a) Male,a) WBRI,,,16/09/2020,30/09/2020,Academy",
                                                   "2,a) Male,a) WBRI,,,01/03/2021,,Academy"}));
  ASSERT_OK_AND_ASSIGN(const IngestResult steps, folder.Read(Source(".")));
  EXPECT_THAT(Show(steps.records), ElementsAre("1 early_help_assessment 2020-09-16..2020-09-30 of  ",
                                               "2 early_help_assessment 2021-03-01.. of  "));
  EXPECT_EQ(steps.records.early_help.from, kNoDay);
  EXPECT_EQ(FormatDay(steps.records.early_help_assessment.from), "2020-09-16");
  EXPECT_THAT(steps.report.Text(), HasSubstr("set early_help_end = \"assessment_completion\""));

  ASSERT_OK_AND_ASSIGN(const IngestResult proxy,
                       folder.Read(Source(".", "early_help_end = \"assessment_completion\"\n")));
  EXPECT_THAT(Show(proxy.records),
              ElementsAre("1 early_help 2020-09-16..2020-09-30", "2 early_help 2021-03-01..",
                          "1 early_help_assessment 2020-09-16..2020-09-30 of  ",
                          "2 early_help_assessment 2021-03-01.. of  "));
  EXPECT_EQ(TextOf(proxy.records, proxy.records.episodes[0].service), "Academy");
  EXPECT_EQ(proxy.records.episodes[0].end_reason, kNoCode);
  EXPECT_EQ(FormatDay(proxy.records.early_help.from), "2020-09-16");
  EXPECT_EQ(proxy.report.files[0].rows_used, 2);
  EXPECT_THAT(proxy.report.Text(), HasSubstr("a proxy, since the list has no closures"));
}

TEST(AnnexA, AnAssessmentBelongsToTheLatestReferralSinceTheOneBefore) {
  const Folder folder;
  folder.Write("List_3.csv",
               List(kReferral, {Referred("1", "01/10/2020", "No"), Referred("1", "05/10/2020", "b) No"),
                                Referred("1", "01/12/2020", "a) Yes"), Referred("1", "01/02/2021", ""),
                                Referred("2", "01/10/2020", "No")}));
  folder.Write("List_4.csv",
               List(kAssessment, {Assessed("1", "05/10/2020", "a) Yes"), Assessed("1", "02/12/2020", "No"),
                                  Assessed("1", "10/02/2021", "b) No"), Assessed("3", "10/02/2021", "Yes")}));
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Source(".")));
  EXPECT_THAT(Outcomes(read.records), ElementsAre("1 2020-10-01 ", "1 2020-10-05 in_need", "1 2020-12-01 nfa",
                                                  "1 2021-02-01 not_in_need", "2 2020-10-01 "));
  // The second began after a referral that ended in no further action, and after the first: it is of none.
  EXPECT_THAT(Show(read.records), AllOf(Contains("1 assessment 2020-10-05.. of 2020-10-05 in_need"),
                                        Contains("1 assessment 2020-12-02.. of  not_in_need"),
                                        Contains("1 assessment 2021-02-10.. of 2021-02-01 not_in_need"),
                                        Contains("3 assessment 2021-02-10.. of  in_need")));
  EXPECT_EQ(TextOf(read.records, read.records.referrals[0].nfa), "no");
  EXPECT_EQ(TextOf(read.records, read.records.referrals[0].team), "MASH");
}

TEST(AnnexA, OutcomesOfReferralsAreOnlyNoFurtherAction_WithoutAListOfAssessments) {
  const Folder folder;
  folder.Write("List 3.csv",
               List(kReferral, {Referred("1", "01/10/2020", "Yes"), Referred("2", "01/10/2020", "No")}));
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Source(".")));
  EXPECT_THAT(Outcomes(read.records), ElementsAre("1 2020-10-01 nfa", "2 2020-10-01 -"));
  EXPECT_THAT(read.report.Text(),
              HasSubstr("has no list 4 (assessments); without it: no social-care assessments"));
}

TEST(AnnexA, AnAnswerThatNoRuleKnowsIsListed_AndMappedByTheCouncil) {
  const Folder folder;
  folder.Write("List 4.csv", List(kAssessment, {Assessed("1", "05/10/2020", "CS Assessment Updated")}));
  ASSERT_OK_AND_ASSIGN(const IngestResult plain, folder.Read(Source(".")));
  EXPECT_EQ(TextOf(plain.records, plain.records.steps[0].outcome), "");
  EXPECT_EQ(plain.report.files[0].unknown_codes.at({"assessment_outcome", "CS Assessment Updated"}), 1);
  ASSERT_OK_AND_ASSIGN(
      const IngestResult mapped,
      folder.Read(Source(
          ".", "[source.mapping.codes.assessment_outcome]\n\"CS Assessment Updated\" = \"in_need\"\n")));
  EXPECT_EQ(TextOf(mapped.records, mapped.records.steps[0].outcome), "in_need");
  EXPECT_THAT(mapped.report.files[0].unknown_codes, IsEmpty());
}

TEST(AnnexA, AConferenceThatWasHeldSpeaksForItself) {
  const Folder folder;
  folder.Write("section 47.csv",
               List("Strategy discussion initiating Section 47 Enquiry Start Date,Was an Initial Child "
                    "Protection Conference deemed "
                    "unnecessary?,Date of Initial Child Protection Conference,Did the Initial Child "
                    "Protection Conference Result in "
                    "a Child Protection Plan",
                    {"1,Male,WBRI,,,16/09/2020,No,05/10/2020,Yes",
                     "2,Male,WBRI,,,16/09/2020,No,05/10/2020,b) No", "3,Male,WBRI,,,16/09/2020,a) Yes,,",
                     "4,Male,WBRI,,,16/09/2020,,,", "5,Male,WBRI,,,16/09/2020,Yes,05/10/2020,Yes"}));
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Source(".")));
  EXPECT_THAT(
      Show(read.records),
      ElementsAre("1 enquiry 2020-09-16..2020-10-05 of  plan", "2 enquiry 2020-09-16..2020-10-05 of  no_plan",
                  "3 enquiry 2020-09-16.. of  not_required", "4 enquiry 2020-09-16.. of  ",
                  "5 enquiry 2020-09-16..2020-10-05 of  plan"));
}

TEST(AnnexA, ChildrenInNeedArePlacedByTheirCinDates_AndRc8IsNoEpisode) {
  const Folder folder;
  folder.Write("6 CIN.csv",
               List("CIN Start Date,Primary Need Code,CIN Closure Date,Reason for Closure,Case "
                    "Status,Allocated Team,Allocated Worker",
                    {"1,Male,WBRI,,,16/09/2019,N1 - Abuse or Neglect,,,c) Child in need plan,North,Ann",
                     "2,Male,WBRI,,,16/09/2020,N2,01/12/2020,RC8 - Case closed after assessment,,,",
                     "3,Male,WBRI,,,16/09/2020,PSRMEM - Support with memory,01/12/2020,RC5 - Transferred,,,",
                     "4,Male,WBRI,,,16/09/2020,a4,01/12/2020,g) RC8,,,"}));
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Source(".")));
  EXPECT_THAT(Show(read.records), ElementsAre("1 cin 2019-09-16..", "3 cin 2020-09-16..2020-12-01"));
  const Episode& first = read.records.episodes[0];
  EXPECT_EQ(TextOf(read.records, first.need), "N1");
  EXPECT_EQ(TextOf(read.records, first.team), "North");
  EXPECT_EQ(TextOf(read.records, first.worker), "Ann");
  EXPECT_EQ(TextOf(read.records, read.records.episodes[1].end_reason), "moved");
  EXPECT_EQ(TextOf(read.records, read.records.episodes[1].need), "");
  EXPECT_EQ(read.report.files[0].left_out.size(), 1U);
  EXPECT_EQ(read.report.files[0].left_out.begin()->second.count(), 2);
}

TEST(AnnexA, AProtectionPlanIsAnEpisodeAndAStep_AndItsRowCountsOnce) {
  const Folder folder;
  folder.Write("7.csv", List("Child Protection Plan Start Date,Child Protection Plan End Date,Number of "
                             "Previous Child Protection Plans",
                             {"1,Male,WBRI,,,16/09/2020,01/12/2020,0", "2,Male,WBRI,,,16/09/2020,,2",
                              "3,Male,WBRI,,,16/09/2020,,", "4,Male,WBRI,,,16/09/2020,,some",
                              "5,Male,WBRI,,,32/09/2020,,1"}));
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Source(".")));
  EXPECT_THAT(
      Show(read.records),
      ElementsAre("1 cp 2020-09-16..2020-12-01", "2 cp 2020-09-16..", "3 cp 2020-09-16..",
                  "4 cp 2020-09-16..", "1 plan 2020-09-16..2020-12-01 of  first",
                  "2 plan 2020-09-16.. of  repeat", "3 plan 2020-09-16.. of  ", "4 plan 2020-09-16.. of  "));
  EXPECT_EQ(read.report.files[0].rows_used, 4);
  EXPECT_EQ(CountOf(read.report.files[0].left_out, "date impossible or in another format"), 1);
  EXPECT_EQ(CountOf(read.report.files[0].notes, "number of previous plans: not a whole number"), 1);
}

TEST(AnnexA, LookedAfterChildrenEndForTheirReason) {
  const Folder folder;
  folder.Write("CLA.csv", List("Does the Child have a Disability,Date Started to be Looked After,Child's "
                               "Category of Need,Date Ceased to be "
                               "Looked After,Reason Ceased to be Looked After",
                               {"1,Male,WBRI,,,a) Yes,16/09/2009,N1 - Abuse or Neglect,21/09/2020,k) E47: "
                                "Special Guardianship Orders",
                                "2,Male,WBRI,,,b) No,16/09/2009,,01/04/2021,E3"}));
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Source(".")));
  EXPECT_THAT(Show(read.records), ElementsAre("1 cla 2009-09-16..2020-09-21", "2 cla 2009-09-16.."));
  EXPECT_EQ(TextOf(read.records, read.records.episodes[0].end_reason), "other");
  EXPECT_EQ(TextOf(read.records, read.records.persons[0].disability), "yes");
  EXPECT_EQ(CountOf(read.report.files[0].notes, "ends after the extract date: taken as open"), 1);
}

TEST(AnnexA, ListsThatNoMetricUsesAreCounted) {
  const Folder folder;
  folder.Write("1.csv", List("Date of Contact,Contact Source", {"1,,,,,16/09/2020,6"}));
  folder.Write("9.csv", List("Eligibility Category", {"1,a) Male,,,,x", "2,a) Male,,,,x"}));
  folder.Write("11.csv", "Individual adopter identifier,Gender\n9,a) Male\n");
  folder.Write("notes.csv", "anything\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Source(".")));
  EXPECT_EQ(read.records.persons.size(), 1U);
  EXPECT_EQ(TextOf(read.records, read.records.persons[0].sex), "male");
  ASSERT_EQ(read.report.files.size(), 3U);
  EXPECT_EQ(CountOf(read.report.files[1].left_out, std::string(kUsedByNoMetric)), 2);
  EXPECT_EQ(CountOf(read.report.files[2].left_out, std::string(kUsedByNoMetric)), 1);
  EXPECT_FALSE(read.report.HasErrors());
  EXPECT_THAT(read.report.Text(), HasSubstr("notes.csv is none of Annex A's lists by its name"));
}

TEST(AnnexA, AnUnbornChildIsRead_AndARowThatStandsTwiceCountsOnce) {
  const Folder folder;
  const std::string row = "1,d) Unborn,,01/06/2021,,16/09/2020,6";
  folder.Write("1.csv", List("Date of Contact,Contact Source", {row, row, ",a) Male,,,,16/09/2020,6"}));
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Source(".")));
  EXPECT_EQ(read.records.contacts.size(), 1U);
  EXPECT_EQ(FormatDay(read.records.persons[0].birth), "2021-06-01");
  EXPECT_EQ(read.report.files[0].rows_used, 1);
  EXPECT_EQ(CountOf(read.report.files[0].left_out, std::string(kSameRow)), 1);
  EXPECT_EQ(CountOf(read.report.files[0].left_out, "no id of a person"), 1);
}

TEST(AnnexA, HeadersAreFoundWhateverTheirBlanksAndPunctuation) {
  const Folder folder;
  folder.Write(
      "3.csv",
      "CHILD UNIQUE ID ,\"Date  of\nReferral\",Referral NFA,Referral source:\n1,16/09/2020,Yes,1A\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Source(".")));
  EXPECT_THAT(Show(read.records), ElementsAre("1 referral 2020-09-16 nfa=yes"));
  EXPECT_EQ(TextOf(read.records, read.records.referrals[0].source), "1A");
}

TEST(AnnexA, AWorkbookGivesWhatItsListsGiveAsCsv_InAnyOrderOfRows) {
  const std::vector<std::string> rows = {"1,a) Male,a) WBRI,24/01/2015,6,16/09/2020,q) 6: Police",
                                         "2,b) Female,,,,17/09/2020,2A",
                                         "1,a) Male,a) WBRI,24/01/2015,6,01/02/2021,1C", "3,,,,,18/09/2020,"};
  const Folder folder;
  folder.Write("csv/Contacts.csv", List("Date of Contact,Contact Source", rows));
  ASSERT_OK_AND_ASSIGN(const IngestResult csv, folder.Read(Source("csv")));

  WorkbookBuilder builder;
  builder.formats = {"General", "dd/mm/yyyy;@"};
  std::vector<std::string> header = absl::StrSplit(kBase, ',');
  header.insert(header.end(), {"Date of Contact", "Contact Source"});
  std::string sheet = RowOf({"Annex A: contacts of the last six months"}) + RowOf(header);
  // Backwards; the first row with serial dates, the others with texts.
  for (std::size_t i = rows.size(); i-- > 1;) sheet += RowOf(absl::StrSplit(rows[i], ','));
  sheet += RowOf({"=<c><v>1</v></c>", "a) Male", "a) WBRI", "=<c s=\"1\"><v>42028</v></c>",
                  "=<c><v>6.1</v></c>", "=<c s=\"1\"><v>44090</v></c>", "q) 6: Police"});
  builder.sheets = {{"Cover", RowOf({"Annex A"})}, {"List 1", sheet}};
  folder.Write("Annex_A.xlsx", builder.Bytes());
  ASSERT_OK_AND_ASSIGN(const IngestResult workbook, folder.Read(Source("Annex_A.xlsx")));
  EXPECT_EQ(Dump(workbook.records), Dump(csv.records));
  EXPECT_EQ(workbook.records.contacts.size(), 4U);
  EXPECT_THAT(workbook.report.files[0].file, HasSubstr("Annex_A.xlsx, sheet List 1"));
  EXPECT_THAT(workbook.report.Text(), HasSubstr("sheet Cover is none of Annex A's lists"));
}

TEST(AnnexA, DatesAreReadInTheCouncilsOwnFormat_BesideCellsThatAreDates) {
  WorkbookBuilder builder;
  builder.formats = {"General", "#14"};
  builder.sheets = {{"1", RowOf({"Child Unique ID", "Date of Contact"}) + RowOf({"1", "Sep 16, 2020"}) +
                              RowOf({"2", "=<c s=\"1\"><v>44090.5</v></c>"}) + RowOf({"3", "16/09/2020"})}};
  const Folder folder;
  folder.Write("a.xlsx", builder.Bytes());
  ASSERT_OK_AND_ASSIGN(const IngestResult read,
                       folder.Read(Source("a.xlsx", "date_format = \"%b %d, %Y\"\n")));
  EXPECT_THAT(Show(read.records), ElementsAre("1 contact 2020-09-16 ", "2 contact 2020-09-16 "));
  EXPECT_EQ(CountOf(read.report.files[0].left_out, "date impossible or in another format"), 1);
}

TEST(AnnexA, SaysWhatIsWrong_WhenListsCannotBeTold) {
  const Folder folder;
  folder.Write("twice/List 1.csv", List("Date of Contact", {}));
  folder.Write("twice/Contacts.csv", List("Date of Contact", {}));
  EXPECT_THAT(folder.Read(Source("twice")), StatusIs(absl::StatusCode::kInvalidArgument,
                                                     AllOf(HasSubstr("both"), HasSubstr("Contacts.csv and"),
                                                           HasSubstr("List 1.csv are list 1 (contacts)"))));
  folder.Write("none/Other.csv", "a\n");
  EXPECT_THAT(folder.Read(Source("none")),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr("none of Annex A's lists"), HasSubstr("Other.csv"))));
  folder.Write("empty/readme.txt", "a");
  EXPECT_THAT(folder.Read(Source("empty")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("name the workbook itself")));
  EXPECT_THAT(folder.Read(Source("missing.xlsx")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("check the path")));
  folder.Write("columns/List 1.csv", "Child Unique ID,Gender\n1,a) Male\n");
  folder.Write("columns/List 3.csv", "Gender,Date of Referral\na) Male,16/09/2020\n");
  EXPECT_THAT(folder.Read(Source("columns")), StatusIs(absl::StatusCode::kInvalidArgument,
                                                       AllOf(HasSubstr("lacks the column Date of Contact"),
                                                             HasSubstr("lacks the column Child Unique ID"))));
  EXPECT_THAT(folder.Sources(Source(".", "early_help_end = \"never\"\n")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("assessment_completion")));
}

TEST(AnnexA, ListsThatASourceDoesNotCarryAreLeftOut) {
  const Folder folder;
  folder.Write("1.csv", List("Date of Contact", {"1,,,,,16/09/2020"}));
  folder.Write("2.csv", List(kEarlyHelp, {"1,,,,,16/09/2020,,x"}));
  const std::string toml =
      "[[source]]\nformat = \"annex-a\"\npath = \".\"\ncovered_from = 2020-09-16\nextract_date = "
      "2021-03-16\ncarries = [\"contacts\"]\n";
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(toml));
  EXPECT_THAT(Show(read.records), ElementsAre("1 contact 2020-09-16 "));
  EXPECT_EQ(
      CountOf(read.report.files[1].left_out, "of a kind that this source does not carry (see `carries`)"), 1);
}

}  // namespace
}  // namespace waymark::node
