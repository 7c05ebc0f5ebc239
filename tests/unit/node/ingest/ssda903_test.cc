#include "node/ingest/ssda903.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folder.h"
#include "node/ingest/later_wins.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using testing::CountOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Show;
using testing::TextOf;
using ::waymark::testing::StatusIs;

constexpr char kToml[] = R"([[source]]
format = "ssda903"
path = "903"
covered_from = 2020-04-01
extract_date = 2022-03-31
)";
constexpr char kHeader[] =
    "\xEF\xBB\xBF"
    "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,2,04/03/2010,WBRI,A1,,\n2,1,05/06/2012,MOTH,A2,,\n";
constexpr char kColumns[] =
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n";

std::string Row(const std::string& child, const std::string& decom, const std::string& status,
                const std::string& dec, const std::string& rec) {
  return absl::StrCat(child, ",", decom, ",S,", status, ",N1,U1,PR1,", dec, ",", rec, ",,,,\n");
}

std::vector<std::string> Messages(const QualityReport& report) {
  std::vector<std::string> messages;
  for (const Issue& issue : report.issues) messages.push_back(issue.message);
  return messages;
}

TEST(Ssda903Test, ReadsPersonsAndEpisodes) {
  testing::Folder folder;
  folder.Write("903/header.csv", kHeader);
  folder.Write("903/episodes.csv", std::string(kColumns) + Row("1", "15/02/2021", "C2", "14/08/2021", "X1") +
                                       Row("1", "14/08/2021", "C2", "01/02/2022", "E4A") +
                                       Row("2", "01/05/2021", "V2", "", ""));
  ASSERT_OK_AND_ASSIGN(const IngestResult got, folder.Read(kToml));
  const Records& r = got.records;
  EXPECT_THAT(Show(r), ElementsAre("1 cla 2021-02-15..2021-08-14", "1 cla 2021-08-14..2022-02-01",
                                   "2 cla 2021-05-01.."));
  EXPECT_EQ(TextOf(r, r.episodes[0].end_reason), "unknown");
  EXPECT_EQ(TextOf(r, r.episodes[1].end_reason), "other");
  EXPECT_EQ(TextOf(r, r.episodes[2].end_reason), "");
  EXPECT_EQ(TextOf(r, r.episodes[0].need), "N1");
  EXPECT_EQ(FormatDay(r.persons[0].birth), "2010-03-04");
  EXPECT_EQ(TextOf(r, r.persons[0].sex), "female");
  EXPECT_EQ(TextOf(r, r.persons[1].ethnicity), "mixed");
  for (const FileReport& file : got.report.files) EXPECT_EQ(file.rows_read, file.rows_used) << file.file;
}

TEST(Ssda903Test, ReadsEveryReasonForCeasing) {
  const std::pair<const char*, const char*> reasons[] = {
      {"E11", "other"},    {"E12", "other"},  {"E2", "died"},    {"E3", "moved"},     {"E4A", "other"},
      {"E4B", "other"},    {"E13", "other"},  {"E41", "other"},  {"E45", "other"},    {"E46", "other"},
      {"E47", "other"},    {"E48", "other"},  {"E5", "other"},   {"E6", "other"},     {"E7", "aged_out"},
      {"E8", "other"},     {"E9", "other"},   {"E14", "other"},  {"E15", "aged_out"}, {"E16", "moved"},
      {"E17", "aged_out"}, {"X1", "unknown"}, {"E99", "unknown"}};
  for (const auto& [code, meaning] : reasons) {
    testing::Folder folder;
    folder.Write("903/e.csv", std::string(kColumns) + Row("1", "15/02/2021", "C2", "14/08/2021", code));
    ASSERT_OK_AND_ASSIGN(const IngestResult got, folder.Read(kToml));
    EXPECT_EQ(TextOf(got.records, got.records.episodes[0].end_reason), meaning) << code;
    EXPECT_EQ(got.report.files[0].unknown_codes.size(), std::string(code) == "E99" ? 1U : 0U) << code;
  }
}

TEST(Ssda903Test, LeavesOutShortBreaks_AndSaysSo) {
  testing::Folder folder;
  folder.Write("903/e.csv", std::string(kColumns) + Row("1", "15/02/2021", "V3", "16/02/2021", "X1") +
                                Row("1", "15/03/2021", "v4", "", "") + Row("1", "15/04/2021", "V2", "", ""));
  ASSERT_OK_AND_ASSIGN(const IngestResult got, folder.Read(kToml));
  EXPECT_THAT(Show(got.records), ElementsAre("1 cla 2021-04-15.."));
  EXPECT_EQ(CountOf(got.report.files[0].left_out, std::string(kShortBreak)), 2);
  EXPECT_FALSE(got.report.HasErrors());
}

TEST(Ssda903Test, KnowsTablesByTheirColumns_WhateverTheirNames) {
  testing::Folder folder;
  folder.Write("903/council_A_2022_v3.csv", kHeader);
  folder.Write("903/2022/Episodes final.CSV", std::string(kColumns) + Row("1", "15/02/2021", "C2", "", ""));
  folder.Write("903/reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE\n1,04/03/2010,30/08/2021,PN6\n");
  folder.Write("903/uasc.csv", "CHILD,SEX,DOB,DUC\n1,2,04/03/2010,13/10/2028\n");
  folder.Write("903/sw.csv",
               "\xEF\xBB\xBF"
               "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON\n1,04/03/2010,S,01/01/2021,,X\n");
  folder.Write("903/other.csv", "NAME,AGE\nx,1\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult got, folder.Read(kToml));
  EXPECT_THAT(Show(got.records), ElementsAre("1 cla 2021-02-15.."));
  EXPECT_EQ(TextOf(got.records, got.records.persons[0].sex), "female");
  std::int64_t counted = 0;
  for (const FileReport& file : got.report.files)
    counted += CountOf(file.left_out, std::string(kUsedByNoMetric));
  EXPECT_EQ(counted, 3);
  EXPECT_EQ(got.report.files.size(), 5U);
  EXPECT_FALSE(got.report.HasErrors());
  EXPECT_THAT(Messages(got.report), Contains(HasSubstr("no table of the return")));
  EXPECT_THAT(Messages(got.report), Contains(HasSubstr("children looked after alone")));
}

TEST(Ssda903Test, JoinsYears_WhateverTheNamesOfFiles) {
  const std::string earlier = std::string(kColumns) + Row("1", "15/02/2020", "C2", "", "") +
                              Row("2", "15/03/2020", "C2", "01/06/2020", "E8") +
                              Row("3", "01/08/2020", "C2", "", "");
  const std::string later = std::string(kColumns) + Row("1", "15/02/2020", "C2", "01/10/2021", "E11") +
                            Row("2", "01/05/2021", "C2", "", "");
  std::string first;
  for (const bool swapped : {false, true}) {
    testing::Folder folder;
    folder.Write(swapped ? "903/b.csv" : "903/a.csv", earlier);
    folder.Write(swapped ? "903/a.csv" : "903/b.csv", later);
    ASSERT_OK_AND_ASSIGN(const IngestResult got, folder.Read(kToml));
    EXPECT_THAT(Show(got.records), ElementsAre("1 cla 2020-02-15..2021-10-01", "2 cla 2020-03-15..2020-06-01",
                                               "2 cla 2021-05-01..", "3 cla 2020-08-01.."));
    if (first.empty()) first = testing::Dump(got.records);
    EXPECT_EQ(testing::Dump(got.records), first);
    EXPECT_EQ(CountOf(got.report.files[1].left_out, std::string(kLaterFileHasIt)), 1);
    EXPECT_EQ(CountOf(got.report.files[1].notes, "open here and not in any later file: taken as still open"),
              1);
  }
}

TEST(Ssda903Test, Notes_WhatDoesNotFitTogether) {
  testing::Folder folder;
  folder.Write("903/h.csv", kHeader);
  folder.Write("903/e.csv", std::string(kColumns) + Row("9", "15/02/2021", "C2", "", "X1") +
                                Row("1", "31/02/2021", "C2", "", "") +
                                Row("1", "15/02/2021", "C2", "14/02/2021", "E8"));
  ASSERT_OK_AND_ASSIGN(const IngestResult got, folder.Read(kToml));
  const FileReport& file = got.report.files[1];
  EXPECT_EQ(CountOf(file.notes, "a child that no header file has"), 1);
  EXPECT_EQ(CountOf(file.notes, "a reason for ceasing (REC) without a day (DEC): taken as open"), 1);
  EXPECT_EQ(CountOf(file.left_out, "date impossible or in another format"), 1);
  EXPECT_EQ(CountOf(file.left_out, "ends before it starts"), 1);
}

TEST(Ssda903Test, RefusesAFolderWithoutEpisodes_AndEpisodesWithoutColumns) {
  testing::Folder folder;
  folder.Write("903/h.csv", kHeader);
  EXPECT_THAT(folder.Read(kToml),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("holds no file of episodes")));
  folder.Write("903/e.csv", "CHILD,DECOM,RNE,LS\n1,15/02/2021,S,C2\n");
  EXPECT_THAT(folder.Read(kToml), StatusIs(absl::StatusCode::kInvalidArgument,
                                           AllOf(HasSubstr("DEC"), HasSubstr("REC"), HasSubstr("CIN"))));
}

TEST(Ssda903Test, Warns_WhereThereIsNoHeader) {
  testing::Folder folder;
  folder.Write("903/e.csv", std::string(kColumns) + Row("1", "15/02/2021", "C2", "", ""));
  ASSERT_OK_AND_ASSIGN(const IngestResult got, folder.Read(kToml));
  EXPECT_THAT(Messages(got.report), Contains(HasSubstr("ages, sex and ethnicity are not known")));
  EXPECT_THAT(got.report.files[0].notes, Not(Contains(::testing::Key("a child that no header file has"))));
}

}  // namespace
}  // namespace waymark::node
