#include "node/ingest/event_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_join.h"
#include "folder.h"
#include "tests/testing/status_matchers.h"
#include "workbook_builder.h"

namespace waymark::node {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

constexpr char kHead[] = R"([[source]]
format = "event-log"
path = "log.csv"
covered_from = 2020-01-01
extract_date = 2025-03-31
)";

std::string Toml(const std::string& mapping) {
  return absl::StrCat(kHead, "[source.mapping]\n", mapping);
}

TEST(EventLog, ReadsEpisodes_WhenARowIsAnEpisode) {
  testing::Folder folder;
  folder.Write("log.csv",
               "child,opened,closed,why,who,fam,dob,gender,town,note\n"
               "c2,05/06/2024,,,Police,f1,29/02/2012,F,North,\"a, b\"\n"
               "c1,01/04/2024,30/06/2024,Goals met,1C,f1,01/05/2015,a) Male,South,\n"
               "c1,01/09/2024,02/09/2024,Gone,2A,f1,01/05/2015,a) Male,South,\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Toml(R"(shape = "episodes"
person = "child"
start = "opened"
end = "closed"
level = "early_help"
end_reason = "why"
source = "who"
family = "fam"
birth = "dob"
sex = "gender"
area = "town"
date_format = "%d/%m/%Y"
[source.mapping.codes.end_reason]
"Goals met" = "outcomes_met"
[source.mapping.codes.area]
"North" = "Ward 1"
)")));
  const Records& records = read.records;
  EXPECT_THAT(testing::Show(records),
              ElementsAre("c1 early_help 2024-04-01..2024-06-30", "c1 early_help 2024-09-01..2024-09-02",
                          "c2 early_help 2024-06-05.."));
  EXPECT_EQ(testing::TextOf(records, records.episodes[0].end_reason), "outcomes_met");
  EXPECT_EQ(testing::TextOf(records, records.episodes[1].end_reason), "unknown");
  EXPECT_EQ(testing::TextOf(records, records.episodes[2].end_reason), "");
  EXPECT_NE(records.episodes[2].end_reason, kNoCode);
  EXPECT_EQ(records.episodes[2].need, kNoCode);
  EXPECT_EQ(testing::TextOf(records, records.episodes[2].source), "6");
  EXPECT_EQ(testing::TextOf(records, records.episodes[2].area), "Ward 1");
  EXPECT_EQ(testing::TextOf(records, records.episodes[0].area), "South");
  EXPECT_EQ(FormatDay(records.persons[1].birth), "2012-02-29");
  EXPECT_EQ(testing::TextOf(records, records.persons[0].sex), "male");
  EXPECT_TRUE(records.has_families);
  EXPECT_EQ(records.persons[0].family, records.persons[1].family);
  EXPECT_EQ(records.early_help.from, ParseIsoDay("2020-01-01").value());
  EXPECT_EQ(records.early_help.extract, ParseIsoDay("2025-03-31").value());
  EXPECT_EQ(records.social_care.from, kNoDay);
  const auto& unknown = read.report.files[0].unknown_codes;
  ASSERT_EQ(unknown.size(), 1U);
  EXPECT_EQ(unknown.begin()->first, std::make_pair(std::string("end_reason"), std::string("Gone")));
}

TEST(EventLog, ReadsKindsAndLevels_WhenColumnsTellThem) {
  testing::Folder folder;
  folder.Write("log.csv",
               "kid;type;step;from;to;on;what;nfa\n"
               "a;Case;EH;2024-01-05;2024-02-05;;;\n"
               "a;Case;Child Protection;2024-03-05;;;;\n"
               "a;Ref;;;;2024-03-01;;Y\n"
               "b;referral;;;;2024-03-02;;\n"
               "b;contact;;;;2024-02-28;Early Help;\n"
               "b;letter;;;;2024-02-28;;\n"
               "b;Case;tier 9;2024-01-01;;;;\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(R"([[source]]
format = "event-log"
path = "log.csv"
delimiter = ";"
covered_from = 2020-01-01
extract_date = 2025-03-31
[source.mapping]
shape = "episodes"
person = "kid"
kind = "type"
level = "step"
start = "from"
end = "to"
date = "on"
outcome = "what"
nfa = "nfa"
[source.mapping.codes.kind]
"Ref" = "referral"
)"));
  EXPECT_THAT(
      testing::Show(read.records),
      ElementsAre("a early_help 2024-01-05..2024-02-05", "a cp 2024-03-05..", "a referral 2024-03-01 nfa=yes",
                  "b referral 2024-03-02 nfa=no", "b contact 2024-02-28 early_help"));
  const FileReport& file = read.report.files[0];
  EXPECT_EQ(file.rows_read, 7);
  EXPECT_EQ(file.rows_used, 5);
  EXPECT_THAT(file.left_out.at("kind of record blank or not known").lines(), ElementsAre(7));
  EXPECT_THAT(file.left_out.at("level blank or not known").lines(), ElementsAre(8));
}

TEST(EventLog, ReadsContacts_WhenTheKindIsTheSameForAll) {
  testing::Folder folder;
  folder.Write("log.csv", "kid,on\na,2024-01-05\na,2024-01-06\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Toml("shape = \"episodes\"\nperson = \"kid\"\n"
                                                                 "kind = \"contact\"\ndate = \"on\"\n")));
  EXPECT_THAT(testing::Show(read.records), ElementsAre("a contact 2024-01-05 ", "a contact 2024-01-06 "));
  EXPECT_EQ(read.records.contacts[0].outcome, kNoCode);
  EXPECT_NE(read.records.contact.from, kNoDay);
  EXPECT_EQ(read.records.early_help.from, kNoDay);
}

TEST(EventLog, ReadsStepsAndWhatCameOfThem_WhenTheKindsAreSteps) {
  testing::Folder folder;
  folder.Write("log.csv",
               "kid,type,from,to,ref,result\n"
               "a,EHA,2024-01-02,2024-02-02,,\n"
               "a,Single assessment,2024-03-01,2024-04-01,2024-02-28,Not in need\n"
               "a,Section 47,2024-05-01,2024-05-15,gone,CP plan\n"
               "a,plan,2024-05-15,,2024-02-28,2\n"
               "b,plan,2024-05-15,2024-05-01,,0\n"
               "b,referral,2024-06-01,,,Assessed not in need\n"
               "b,referral,2024-07-01,,,\n"
               "b,assessment,,2024-06-01,,\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Toml(R"(shape = "episodes"
person = "kid"
kind = "type"
level = "early_help"
start = "from"
end = "to"
referral = "ref"
outcome = "result"
)")));
  const Records& records = read.records;
  EXPECT_THAT(
      testing::Show(records),
      ElementsAre("a cp 2024-05-15..", "b referral 2024-06-01 nfa=", "b referral 2024-07-01 nfa=",
                  "a early_help_assessment 2024-01-02..2024-02-02 of  ",
                  "a assessment 2024-03-01..2024-04-01 of 2024-02-28 not_in_need",
                  "a enquiry 2024-05-01..2024-05-15 of  plan", "a plan 2024-05-15.. of 2024-02-28 repeat"));
  EXPECT_EQ(testing::TextOf(records, records.referrals[0].outcome), "not_in_need");
  EXPECT_EQ(records.referrals[1].outcome, kNoCode);  // the column may be of other kinds
  const FileReport& file = read.report.files[0];
  EXPECT_EQ(file.rows_used, 6);
  EXPECT_THAT(file.left_out.at("ends before it starts").lines(), ElementsAre(6));
  EXPECT_THAT(file.left_out.at("no date").lines(), ElementsAre(9));
  EXPECT_EQ(file.notes.at("the referral's day impossible or in another format: not used").count(), 1);
}

TEST(EventLog, ReadsASheetOfAWorkbook_WhenItIsNamedOrTheOnlyOne) {
  testing::Folder folder;
  const std::string rows =
      absl::StrCat(testing::RowOf({"Cases of the year"}), testing::RowOf({"kid", "from", "to"}),
                   testing::RowOf({"a", "=<c s=\"0\"><v>45000</v></c>", "05/06/2023"}));
  folder.Write("one.xlsx", testing::WorkbookBuilder{.sheets = {{"Cases", rows}}, .formats = {"#14"}}.Bytes());
  folder.Write(
      "two.xlsx",
      testing::WorkbookBuilder{.sheets = {{"Cover", ""}, {"Cases", rows}}, .formats = {"#14"}}.Bytes());
  const auto read = [&](const std::string& keys) {
    return folder.Read(
        absl::StrCat("[[source]]\nformat = \"event-log\"\n", keys,
                     "\ncovered_from = 2020-01-01\nextract_date = 2025-03-31\n[source.mapping]\n"
                     "shape = \"episodes\"\nlevel = \"early_help\"\nperson = \"kid\"\n"
                     "start = \"from\"\nend = \"to\"\ndate_format = \"%d/%m/%Y\"\n"));
  };
  for (const char* const keys : {"path = \"one.xlsx\"", "path = \"two.xlsx\"\nsheet = \"Cases\""}) {
    ASSERT_OK_AND_ASSIGN(const IngestResult result, read(keys));
    EXPECT_THAT(testing::Show(result.records), ElementsAre("a early_help 2023-03-15..2023-06-05"));
  }
  EXPECT_THAT(read("path = \"two.xlsx\"").status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("name one with `sheet`; its sheets are Cover, Cases")));
  EXPECT_THAT(read("path = \"two.xlsx\"\nsheet = \"Case\"").status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("has no sheet Case")));
}

// Children, teams and ids that look like dates, dates that are texts, and dates that could be two days.
std::string LooksLikeDates(bool as_workbook) {
  const std::vector<std::vector<std::string>> rows = {
      {"kid", "from", "to", "team", "case"},
      {"1/2", "01/02/2024", "03/04/2024", "MAR-1", "2024-02-01"},
      {"2024-02-01", "04/05/2024", "13/06/2024", "1/2", "44927"},
      {"45000", "02/13/2024", "", "2024-02-01", "MAR-1"}};
  std::string text;
  for (const auto& row : rows) {
    absl::StrAppend(&text, as_workbook ? testing::RowOf(row) : absl::StrCat(absl::StrJoin(row, ","), "\n"));
  }
  if (!as_workbook) return text;
  return testing::WorkbookBuilder{.sheets = {{"Cases", text}}, .formats = {"#14"}}.Bytes();
}

TEST(EventLog, TextThatLooksLikeADateIsOneInDateColumnsAlone_InTheOrderThatTheSourceNames) {
  testing::Folder folder;
  folder.Write("looks.csv", LooksLikeDates(false));
  folder.Write("looks.xlsx", LooksLikeDates(true));
  for (const std::string file : {"looks.csv", "looks.xlsx"}) {
    const auto read = [&](const std::string& dates) {
      return folder.Read(absl::StrCat(
          "[[source]]\nformat = \"event-log\"\npath = \"", file,
          "\"\ncovered_from = 2020-01-01\nextract_date = 2025-03-31\n[source.mapping]\nshape = \"episodes\"\n"
          "level = \"early_help\"\nperson = \"kid\"\nstart = \"from\"\nend = \"to\"\nteam = \"team\"\n"
          "service = \"case\"\ndate_format = \"",
          dates, "\"\n"));
    };
    ASSERT_OK_AND_ASSIGN(const IngestResult day_first, read("%d/%m/%Y"));
    const Records& records = day_first.records;
    ASSERT_THAT(testing::Show(records), ElementsAre("1/2 early_help 2024-02-01..2024-04-03",
                                                    "2024-02-01 early_help 2024-05-04..2024-06-13"))
        << file;
    EXPECT_EQ(testing::TextOf(records, records.episodes[0].team), "MAR-1");
    EXPECT_EQ(testing::TextOf(records, records.episodes[1].team), "1/2");
    EXPECT_EQ(testing::TextOf(records, records.episodes[0].service), "2024-02-01");
    EXPECT_EQ(testing::TextOf(records, records.episodes[1].service), "44927");
    EXPECT_EQ(testing::CountOf(day_first.report.files[0].left_out, "date impossible or in another format"),
              1);
    // The 13th of June has no such day in the other order, and nobody tries both.
    ASSERT_OK_AND_ASSIGN(const IngestResult month_first, read("%m/%d/%Y"));
    EXPECT_THAT(testing::Show(month_first.records),
                ElementsAre("1/2 early_help 2024-01-02..2024-03-04", "45000 early_help 2024-02-13.."))
        << file;
    EXPECT_EQ(month_first.report.files[0].rows_used, 2) << file;
    EXPECT_EQ(read("%Y-%m-%d")->report.files[0].rows_used, 0) << file;
  }
}

TEST(EventLog, CarriesWhatItsKindIs_WhenTheKindIsTheSameForAll) {
  const auto carries = [](RowKind kind) {
    SourceConfig config;
    config.mapping.kind = kind;
    const Carries carries = EventLogCarries(config);
    return absl::StrCat(carries.early_help, carries.social_care, carries.contacts,
                        carries.early_help_assessments);
  };
  EXPECT_EQ(carries(RowKind::kPerson), "0000");
  EXPECT_EQ(carries(RowKind::kContact), "0010");
  EXPECT_EQ(carries(RowKind::kEarlyHelpAssessment), "0001");
  for (const RowKind kind : {RowKind::kReferral, RowKind::kAssessment, RowKind::kSection47, RowKind::kPlan}) {
    EXPECT_EQ(carries(kind), "0100");
  }
}

TEST(EventLog, CarriesTheLevelsOfItsMapping_OrThoseThatItsRowsTell) {
  const auto levels = [](const std::string& mapping, const std::string& level) {
    testing::Folder folder;
    folder.Write("log.csv", absl::StrCat("who,from,to,what\n1,2024-05-01,,", level, "\n"));
    auto read =
        folder.Read(Toml(absl::StrCat("shape = \"episodes\"\nperson = \"who\"\nstart = \"from\"\n"
                                      "end = \"to\"\n",
                                      mapping)));
    return read.ok() ? int{read->records.levels} : -1;
  };
  EXPECT_EQ(levels("level = \"cin\"", ""), Only(Level::kCin));
  EXPECT_EQ(levels("kind = \"plan\"", ""), Only(Level::kCp));
  for (const char* kind : {"referral", "assessment", "section_47", "early_help_assessment"}) {
    EXPECT_EQ(levels(absl::StrCat("kind = \"", kind, "\""), ""), 0) << kind;
  }
  EXPECT_EQ(levels("level = \"what\"", "cla"), Only(Level::kCla));
}

constexpr char kEvents[] = R"(shape = "events"
person = "case"
activity = "what"
timestamp = "when"
date_format = "%Y-%m-%d %H:%M:%S%z"
local_zone = "Europe/London"
[source.mapping.stages]
"Plan*" = "early_help"
"Plan withdrawn" = "close"
"CP *" = "cp"
"Closed" = "close"
"Note" = "ignore"
)";

TEST(EventLog, ReadsSpells_WhenARowIsAnEvent) {
  testing::Folder folder;
  // 23:30 in Greenwich in summer is the next day in London. File order within a day counts: the plan and then
  // its end.
  folder.Write("log.csv",
               "case,what,when\n"
               "k1,Plan agreed,2024-06-01 23:30:00+00:00\n"
               "k2,Note,2024-01-01 10:00:00+00:00\n"
               "k1,Note,2024-06-03 10:00:00+00:00\n"
               "k1,CP conference,2024-07-01 10:00:00+00:00\n"
               "k3,Plan agreed,2024-05-01 10:00:00+00:00\n"
               "k3,Plan withdrawn,2024-05-01 09:00:00+00:00\n"
               "k1,Closed,2024-09-01 10:00:00+00:00\n"
               "k1,Tea,2024-09-02 10:00:00+00:00\n"
               "k1,Plan agreed,2025-04-02 10:00:00+00:00\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Toml(kEvents)));
  EXPECT_THAT(testing::Show(read.records),
              ElementsAre("k1 early_help 2024-06-02..2024-07-01", "k1 cp 2024-07-01..2024-09-01",
                          "k3 early_help 2024-05-01..2024-05-01"));
  const FileReport& file = read.report.files[0];
  EXPECT_EQ(file.rows_read, 9);
  EXPECT_EQ(file.rows_used, 7);
  EXPECT_THAT(file.left_out.at("date after the extract date").lines(), ElementsAre(10));
  EXPECT_THAT(file.left_out.at(std::string(kUnlistedActivity)).lines(), ElementsAre(9));
  EXPECT_EQ(file.unknown_codes.at({"activity", "Tea"}), 1);
  EXPECT_NE(read.records.early_help.from, kNoDay);
  EXPECT_NE(read.records.social_care.from, kNoDay);
  EXPECT_EQ(read.records.contact.from, kNoDay);
}

TEST(EventLog, TakesDetailsFromTheEventThatOpensOrCloses) {
  testing::Folder folder;
  folder.Write("log.csv",
               "case,what,when,team,why\n"
               "k1,Plan,2024-06-01,North,\n"
               "k1,Plan,2024-06-05,South,\n"
               "k1,Closed,2024-07-01,West,needs met\n"
               "k1,Plan,2024-08-01,East,\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Toml(R"(shape = "events"
person = "case"
activity = "what"
timestamp = "when"
team = "team"
end_reason = "why"
stages = { "Plan" = "early_help", "Closed" = "close" }
)")));
  ASSERT_EQ(read.records.episodes.size(), 2U);
  EXPECT_EQ(testing::TextOf(read.records, read.records.episodes[0].team), "North");
  EXPECT_EQ(testing::TextOf(read.records, read.records.episodes[0].end_reason), "outcomes_met");
  EXPECT_EQ(testing::TextOf(read.records, read.records.episodes[1].team), "East");
  EXPECT_EQ(testing::TextOf(read.records, read.records.episodes[1].end_reason), "");
}

TEST(EventLog, DropsARow_WhenItIsThereTwice) {
  testing::Folder folder;
  folder.Write("log.csv",
               "case,what,when\n"
               "k1,Plan,2024-06-01\n"
               "k1,Closed,2024-06-01\n"
               "k1,Plan,2024-06-01\n");
  ASSERT_OK_AND_ASSIGN(
      const IngestResult read,
      folder.Read(Toml("shape = \"events\"\nperson = \"case\"\nactivity = \"what\"\ntimestamp = "
                       "\"when\"\nstages = { Plan = \"early_help\", Closed = \"close\" }\n")));
  EXPECT_THAT(testing::Show(read.records), ElementsAre("k1 early_help 2024-06-01..2024-06-01"));
  EXPECT_THAT(read.report.files[0].left_out.at(std::string(kSameRow)).lines(), ElementsAre(4));
  EXPECT_EQ(read.report.files[0].rows_used, 2);
}

TEST(EventLog, ListsTheColumns_WhenSomeAreMissing) {
  testing::Folder folder;
  folder.Write("log.csv", "case,what,date\nk1,Plan,2024-06-01\n");
  EXPECT_THAT(
      folder.Read(Toml("shape = \"events\"\nperson = \"child\"\nactivity = \"what\"\ntimestamp = \"when\"\n"
                       "stages = { Plan = \"early_help\" }\n")),
      StatusIs(absl::StatusCode::kInvalidArgument,
               ::testing::AllOf(HasSubstr("lacks the columns child, when"),
                                HasSubstr("it has case, what, date"))));
}

TEST(EventLog, Refuses_WhenAMappedColumnIsThereTwice) {
  testing::Folder folder;
  folder.Write("log.csv", "kid,on,KID\na,2024-01-05,b\n");
  EXPECT_THAT(
      folder.Read(Toml("shape = \"episodes\"\nperson = \"kid\"\nkind = \"contact\"\ndate = \"on\"\n")),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("has the column kid twice")));
}

}  // namespace
}  // namespace waymark::node
