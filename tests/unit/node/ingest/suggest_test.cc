// Proposals for files that nobody has mapped: accepted as they are, and reading what is there.
#include "node/ingest/suggest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "folder.h"
#include "node/ingest/suggest_names.h"
#include "tests/testing/status_matchers.h"
#include "workbook_builder.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::waymark::testing::StatusIs;

class Suggest : public ::testing::Test {
 protected:
  // 120 rows under `header`, whose cells are made of the row's number: P a person, S and E a first and last
  // day, and anything else as it is.
  std::string Write(const std::string& name, const std::string& header, const std::string& row,
                    const std::string& separator = ",", bool month_first = false) const {
    std::string text = absl::StrCat(header, "\n");
    for (int i = 0; i < 120; ++i) {
      const int day = 1 + i % 27;
      const int month = 1 + i % 12;
      const auto date = [&](int year) {
        return month_first
                   ? absl::StrCat(year, "-0", 1 + i % 9, "-1", i % 9)
                   : absl::StrCat(day < 10 ? "0" : "", day, "/", month < 10 ? "0" : "", month, "/", year);
      };
      absl::StrAppend(&text,
                      absl::StrReplaceAll(row, {{"{P}", absl::StrCat("SECRET-", i / 2)},
                                                {"{S}", date(2023)},
                                                {"{E}", i % 4 == 0 ? "" : date(2024)},
                                                {"{N}", absl::StrCat(i)}}),
                      "\n");
    }
    return folder_.Write(name, absl::StrReplaceAll(text, {{",", separator}}));
  }
  // Reads by the proposal as it stands.
  absl::StatusOr<IngestResult> Read(const std::string& toml) const { return folder_.Read(toml); }

  testing::Folder folder_;
};

TEST_F(Suggest, AnExportOfAnySystemIsReadAsProposed) {
  const std::vector<std::pair<std::string, std::string>> exports = {
      {"Child ID,Date opened,Date closed,Reason closed,Source", "{P},{S},{E},outcomes met,1A"},
      {"Person Reference,Start Date,End Date,Closure Reason,Referral Source,Gender,DOB",
       "{P},{S},{E},outcomes met,School,Female,01/02/2015"},
      {"CaseId,ChildRef,EpisodeStartDate,EpisodeEndDate,Locality", "{N},{P},{S},{E},North"},
      {"EHM ID,Involvement Start Date,Involvement End Date,Organisation", "{P},{S},{E},Team 1"},
      {"Ref,YP ID,From,To,Ward", "{N},{P},{S},{E},West"},
  };
  for (const auto& [header, row] : exports) {
    SCOPED_TRACE(header);
    const std::string path = Write("early help.csv", header, row, ";");
    ASSERT_OK_AND_ASSIGN(const std::string toml, SuggestForFile(path));
    EXPECT_THAT(toml, AllOf(HasSubstr("delimiter = \";\""), HasSubstr("date_format = \"%d/%m/%Y\""),
                            HasSubstr("level = \"early_help\""), Not(HasSubstr("SECRET"))));
    ASSERT_OK_AND_ASSIGN(const IngestResult result, Read(toml));
    EXPECT_EQ(result.records.persons.size(), 60U);
    EXPECT_GE(result.records.episodes.size(), 118U) << result.report.Text();
    EXPECT_FALSE(result.report.HasErrors());
  }
}

TEST_F(Suggest, ADayThatCouldBeAMonthIsSaidToBe) {
  std::string text = "Child ID,Start date,End date\n";
  for (int i = 0; i < 20; ++i) absl::StrAppend(&text, "c", i, ",0", 1 + i % 9, "/0", 1 + i % 5, "/2024,\n");
  ASSERT_OK_AND_ASSIGN(const std::string toml, SuggestForFile(folder_.Write("a.csv", text)));
  EXPECT_THAT(toml, AllOf(HasSubstr("\"%d/%m/%Y\""), HasSubstr("could be %m/%d/%Y")));
  absl::StrAppend(&text, "c,12/31/2024,\nd,01/30/2024,\ne,02/28/2024,\n");
  ASSERT_OK_AND_ASSIGN(const std::string american, SuggestForFile(folder_.Write("a.csv", text)));
  EXPECT_THAT(american, HasSubstr("date_format = \"%m/%d/%Y\""));
}

TEST_F(Suggest, LettersOfWindowsAreSeen) {
  const std::string path = Write("caf.csv", "Child\x92s ref,Date opened,Date closed", "{P},{S},{E}", "|");
  ASSERT_OK_AND_ASSIGN(const std::string toml, SuggestForFile(path));
  EXPECT_THAT(toml, AllOf(HasSubstr("windows-1252"), HasSubstr("delimiter = \"|\"")));
  ASSERT_OK_AND_ASSIGN(const IngestResult result, Read(toml));
  EXPECT_EQ(result.records.persons.size(), 60U);
}

TEST_F(Suggest, EventsAreGivenStages) {
  std::string text = "case,what,when\n";
  for (int i = 0; i < 40; ++i) {
    absl::StrAppend(&text, "SECRET-", i, ",Early help plan agreed,2024-01-", 10 + i % 20, " 10:00:00\n",
                    "SECRET-", i, ",Case closed,2024-03-", 10 + i % 20, " 10:00:00\n");
  }
  absl::StrAppend(&text, "SECRET-1,a rare remark,2024-02-10 10:00:00\n");
  ASSERT_OK_AND_ASSIGN(const std::string toml, SuggestForFile(folder_.Write("log.csv", text)));
  EXPECT_THAT(toml, AllOf(HasSubstr("\"Early help plan agreed\" = \"early_help\""),
                          HasSubstr("\"Case closed\" = \"close\""), Not(HasSubstr("rare remark")),
                          Not(HasSubstr("SECRET"))));
  ASSERT_OK_AND_ASSIGN(const IngestResult result, Read(toml));
  EXPECT_EQ(result.records.episodes.size(), 40U);
}

TEST_F(Suggest, FormatsWithColumnsOfTheirOwnAreNamed) {
  folder_.Write(
      "ssd/ssd_early_help_episodes.csv",
      "earl_episode_id,earl_person_id,earl_episode_start_date,earl_episode_end_date\ne,p,05/06/2023,\n");
  ASSERT_OK_AND_ASSIGN(const std::string ssd, SuggestForFile(folder_.path() + "/ssd"));
  EXPECT_THAT(ssd, AllOf(HasSubstr("format = \"ssd\""), HasSubstr("date_format = \"%d/%m/%Y\"")));
  EXPECT_OK(Read(ssd).status());
  folder_.Write("903/episodes.csv", "CHILD,DECOM,RNE,LS\n1,01/02/2020,S,C2\n");
  ASSERT_OK_AND_ASSIGN(const std::string returns, SuggestForFile(folder_.path() + "/903"));
  EXPECT_THAT(returns, HasSubstr("format = \"ssda903\""));
  folder_.Write(
      "c.xml",
      "<?xml version=\"1.0\"?><Message><Children><Child><ChildIdentifiers/></Child></Children></Message>");
  ASSERT_OK_AND_ASSIGN(const std::string census, SuggestForFile(folder_.path() + "/c.xml"));
  EXPECT_THAT(census, HasSubstr("format = \"cin-census\""));
  folder_.Write("annex/list1.csv", "Child Unique ID,Date of Contact\n1,01/02/2020\n");
  ASSERT_OK_AND_ASSIGN(const std::string annex, SuggestForFile(folder_.path() + "/annex"));
  EXPECT_THAT(annex, HasSubstr("format = \"annex-a\""));
}

// Sheets of a system's workbook: a title above the header, dates as serial numbers, a sheet of notes.
TEST_F(Suggest, EverySheetOfEpisodesIsReadAsProposed_WhenTheFileIsAWorkbook) {
  const auto day = [](int serial) { return absl::StrCat("=<c s=\"0\"><v>", serial, "</v></c>"); };
  std::string early = testing::RowOf({"Early help, all closed cases"});
  std::string plans = testing::RowOf({"Child ID", "Plan start date", "Plan end date"});
  absl::StrAppend(&early, testing::RowOf({"Child ID", "Date opened", "Date closed", "Reason closed"}));
  for (int i = 0; i < 60; ++i) {
    const std::string child = absl::StrCat("SECRET-", i);
    absl::StrAppend(&early, testing::RowOf({child, day(45000 + i), day(45020 + i), "outcomes met"}));
    if (i % 2 == 0) absl::StrAppend(&plans, testing::RowOf({child, day(45200 + i), day(45220 + i)}));
  }
  const testing::WorkbookBuilder builder{
      .sheets = {{"Early help", early},
                 {"Notes", testing::RowOf({"Asked for by", "the manager"})},
                 {"CP plans", plans}},
      .formats = {"#14"}};
  const std::string path = folder_.Write("system.xlsx", builder.Bytes());
  ASSERT_OK_AND_ASSIGN(const std::string toml, SuggestForFile(path));
  EXPECT_THAT(toml, AllOf(HasSubstr("sheet = \"Early help\""), HasSubstr("level = \"early_help\""),
                          HasSubstr("sheet = \"CP plans\""), HasSubstr("level = \"cp\""),
                          HasSubstr("# Not read: sheet \"Notes\""), Not(HasSubstr("SECRET"))));
  ASSERT_OK_AND_ASSIGN(const IngestResult result, Read(toml));
  EXPECT_EQ(result.records.episodes.size(), 90U);
  EXPECT_EQ(FormatDay(result.records.episodes[0].start), "2023-03-15");
  EXPECT_EQ(testing::TextOf(result.records, result.records.episodes[0].end_reason), "outcomes_met");
}

TEST_F(Suggest, AColumnWithoutANameIsNotProposed) {
  const std::string path = folder_.Write(
      "a.csv",
      "Child ID,,Da\x17te closed,Reason,Type\nc1,01/02/2024,02/02/2024,met,x\nc2,03/02/2024,,met,x\n");
  ASSERT_OK_AND_ASSIGN(const std::string toml, SuggestForFile(path));
  EXPECT_THAT(toml, Not(HasSubstr("= \"\"   #")));
  EXPECT_OK(folder_.Sources(toml).status());
}

TEST_F(Suggest, AColumnOfLevelsNamedOverTwoLinesLeavesAProposalThatIsAccepted) {
  const std::string path = folder_.Write(
      "a.csv", "Child ID,Start date,End date,\"Case\ntype\"\nc1,01/02/2024,02/02/2024,x\nc2,03/02/2024,,y\n");
  ASSERT_OK_AND_ASSIGN(const std::string toml, SuggestForFile(path));
  EXPECT_THAT(toml, HasSubstr("perhaps \"Case\\u000atype\""));
  EXPECT_OK(folder_.Sources(toml).status());
}

TEST_F(Suggest, SaysOfEachSheetWhatItLacks_WhenNoneIsATable) {
  const testing::WorkbookBuilder builder{.sheets = {{"One", testing::RowOf({"a", "b"})}, {"Two", ""}}};
  EXPECT_THAT(
      SuggestForFile(folder_.Write("none.xlsx", builder.Bytes())).status(),
      StatusIs(absl::StatusCode::kInvalidArgument, AllOf(HasSubstr("sheet \"One\""), HasSubstr("no rows"),
                                                         HasSubstr("sheet \"Two\""), HasSubstr("blank"))));
}

TEST_F(Suggest, SaysWhatIsMissing) {
  EXPECT_THAT(SuggestForFile(folder_.Write("a.csv", "a,b\n1,2\n")).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("dates")));
  EXPECT_THAT(SuggestForFile(folder_.Write("b.csv", "Child ID,Start date\n")).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no rows")));
  EXPECT_THAT(SuggestForFile(folder_.Write("c.csv", "one\n1\n")).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("one column")));
  EXPECT_THAT(SuggestForFile(folder_.Write("d.csv", "Child ID,\nc1,01/02/2024\n")).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no column with a name holds dates")));
  EXPECT_THAT(SuggestForFile(folder_.Write("e.csv", ",Start date\nc1,01/02/2024\n")).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("could hold the children's ids")));
  EXPECT_THAT(SuggestForFile(folder_.path() + "/none.csv").status(),
              StatusIs(absl::StatusCode::kNotFound, ::testing::_));
}

TEST(PlainName, TakesWordsApart) {
  EXPECT_EQ(PlainName("ChildID"), "child id");
  EXPECT_EQ(PlainName("  DATE_of-Birth (dd/mm) "), "date of birth dd mm");
  EXPECT_EQ(PlainName("Child\xE2\x80\x99s ref"), "childs ref");
}

}  // namespace
}  // namespace waymark::node
