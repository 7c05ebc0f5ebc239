// The rules that hold for records of every format.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "folder.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Source(const std::string& path, const std::string& from, const std::string& extract,
                   const std::string& level = "early_help", const std::string& more = "") {
  return absl::StrCat("[[source]]\nformat = \"event-log\"\npath = \"", path, "\"\ncovered_from = ", from,
                      "\nextract_date = ", extract,
                      "\n[source.mapping]\nshape = \"episodes\"\nperson = \"kid\"\n",
                      "start = \"from\"\nend = \"to\"\nlevel = \"", level, "\"\n", more);
}

TEST(RecordRules, HoldDatesAgainstTheExtract) {
  testing::Folder folder;
  folder.Write("a.csv",
               "kid,from,to\n"
               "ends_after,2024-01-01,2025-04-01\n"
               "ends_on,2024-01-01,2025-03-31\n"
               "starts_after,2025-04-01,\n"
               "starts_on,2025-03-31,9999-12-31\n"
               "backwards,2024-01-02,2024-01-01\n"
               "one_day,2024-01-02,2024-01-02\n"
               "impossible,2024-02-30,\n"
               "impossible_end,2024-02-20,2024-02-30\n"
               "no_start,,2024-01-01\n"
               ",2024-01-01,2024-01-01\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Source("a.csv", "2020-01-01", "2025-03-31")));
  EXPECT_THAT(testing::Show(read.records),
              ElementsAre("ends_after early_help 2024-01-01..", "ends_on early_help 2024-01-01..2025-03-31",
                          "one_day early_help 2024-01-02..2024-01-02", "starts_on early_help 2025-03-31.."));
  const FileReport& file = read.report.files[0];
  EXPECT_EQ(file.rows_read, 10);
  EXPECT_EQ(file.rows_used, 4);
  EXPECT_THAT(file.notes.at("ends after the extract date: taken as open").lines(), ElementsAre(2, 5));
  EXPECT_THAT(file.left_out.at("date after the extract date").lines(), ElementsAre(4));
  EXPECT_THAT(file.left_out.at("ends before it starts").lines(), ElementsAre(6));
  EXPECT_THAT(file.left_out.at("date impossible or in another format").lines(), ElementsAre(8));
  EXPECT_THAT(file.left_out.at("end date impossible or in another format").lines(), ElementsAre(9));
  EXPECT_THAT(file.left_out.at("no date").lines(), ElementsAre(10));
  EXPECT_THAT(file.left_out.at("no id of a person").lines(), ElementsAre(11));
}

TEST(RecordRules, DropTheSameRow_ButKeepTwoThatDiffer) {
  testing::Folder folder;
  folder.Write("a.csv",
               "kid,from,to,ref,note\n"
               "x,2024-01-01,2024-02-01,1,a\n"
               "x,2024-01-01,2024-02-01,1,b\n"  // the same episode by its id
               "x,2024-01-01,2024-02-01,2,a\n"  // another one
               "x,2024-01-01,2024-02-01,,c\n"   // without an id: two rows that differ in their notes
               "x,2024-01-01,2024-02-01,,d\n"
               "x,2024-01-01,2024-02-01,,d\n");  // and one of them again
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(Source("a.csv", "2020-01-01", "2025-03-31",
                                                                   "early_help", "id = \"ref\"\n")));
  EXPECT_EQ(read.records.episodes.size(), 4U);
  EXPECT_EQ(testing::CountOf(read.report.files[0].left_out, "the same as another row"), 2);
  EXPECT_EQ(read.report.files[0].rows_used, 4);
}

TEST(RecordRules, JoinSourcesByPerson_AndTakeTheLeastReach) {
  testing::Folder folder;
  folder.Write("a.csv", "kid,from,to\nx,2024-01-01,2025-03-15\n");
  folder.Write("b.csv", "kid,from,to\nx,2024-06-01,\ny,2025-03-20,\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read,
                       folder.Read(Source("a.csv", "2020-01-01", "2025-03-31") +
                                   Source("b.csv", "2022-01-01", "2025-03-10", "early_help")));
  EXPECT_THAT(testing::Show(read.records),
              ElementsAre("x early_help 2024-01-01..", "x early_help 2024-06-01.."));
  EXPECT_EQ(FormatDay(read.records.early_help.from), "2022-01-01");
  EXPECT_EQ(FormatDay(read.records.early_help.extract), "2025-03-10");

  ASSERT_OK_AND_ASSIGN(const IngestResult apart,
                       folder.Read(Source("a.csv", "2020-01-01", "2025-03-31") +
                                   Source("b.csv", "2022-01-01", "2025-03-25", "cp")));
  EXPECT_EQ(FormatDay(apart.records.early_help.from), "2020-01-01");
  EXPECT_EQ(FormatDay(apart.records.social_care.extract), "2025-03-25");
  EXPECT_EQ(apart.records.persons.size(), 2U);
}

TEST(RecordRules, LeaveOutAKind_WhenNoSourceIsSaidToCarryIt) {
  testing::Folder folder;
  folder.Write("a.csv", "kid,from,to,lv\nx,2024-01-01,,EH\nx,2024-01-01,,CP\n");
  std::string toml = Source("a.csv", "2020-01-01", "2025-03-31", "lv");
  toml.insert(toml.find("[source.mapping]"), "carries = [\"early_help\"]\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(toml));
  EXPECT_THAT(testing::Show(read.records), ElementsAre("x early_help 2024-01-01.."));
  EXPECT_EQ(testing::CountOf(read.report.files[0].left_out,
                             "of a kind that this source does not carry (see `carries`)"),
            1);
}

TEST(RecordRules, ReadPersonsTheSame_WhateverTheOrderOfRowsThatDisagree) {
  testing::Folder folder;
  std::vector<std::string> rows = {
      "x,2024-01-01,,2015-05-05,F,f2,,", "x,2024-02-01,,2015-05-04,M,f1,,2024-01-01",
      "x,2024-03-01,,,U,,WBRI,",         "x,2024-04-01,,2026-05-04,,f3,ZZ,2030-01-01",
      "y,2024-04-01,,2025-06-01,F,,,",   "z,2024-04-01,,2015-13-01,F,,,"};
  std::string first;
  do {
    folder.Write("a.csv", "kid,from,to,dob,sex,fam,eth,died\n" + absl::StrJoin(rows, "\n") + "\n");
    ASSERT_OK_AND_ASSIGN(
        const IngestResult read,
        folder.Read(Source(
            "a.csv", "2020-01-01", "2025-03-31", "early_help",
            "birth = \"dob\"\nsex = \"sex\"\nfamily = \"fam\"\nethnicity = \"eth\"\ndeath = \"died\"\n")));
    if (first.empty()) {
      first = testing::Dump(read.records);
      const Person& x = read.records.persons[0];
      EXPECT_EQ(FormatDay(x.birth), "2015-05-04");
      EXPECT_EQ(FormatDay(x.death), "2024-01-01");
      EXPECT_EQ(testing::TextOf(read.records, x.sex), "female");
      EXPECT_EQ(testing::TextOf(read.records, x.ethnicity), "white");
      EXPECT_EQ(read.records.family_ids.Text(x.family), "f1");
      EXPECT_EQ(FormatDay(read.records.persons[1].birth), "2025-06-01");
      EXPECT_EQ(read.records.persons[2].birth, kNoDay);
      EXPECT_THAT(read.report.issues,
                  ::testing::Contains(::testing::Field(
                      &Issue::message, HasSubstr("1 children have different dates of birth"))));
      const auto& notes = read.report.files[0].notes;
      EXPECT_EQ(testing::CountOf(notes, "birth date more than 300 days after the extract date: not used"), 1);
      EXPECT_EQ(testing::CountOf(notes, "birth date after the extract date: taken for an unborn child"), 1);
      EXPECT_EQ(testing::CountOf(notes, "birth date impossible or in another format: not used"), 1);
      EXPECT_EQ(testing::CountOf(notes, "death date after the extract date: not used"), 1);
    }
    ASSERT_EQ(testing::Dump(read.records), first);
  } while (std::next_permutation(rows.begin(), rows.end()));
}

TEST(RecordRules, GiveTheSameRecords_WhateverTheOrderOfManyRows) {
  constexpr unsigned kSeed = 11;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  const auto number = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  std::vector<std::string> rows;
  for (int i = 0; i < 600; ++i) {
    rows.push_back(absl::StrCat("p", number(60), ",2024-0", 1 + number(8), "-1", number(9), ",2024-0",
                                1 + number(8), "-2", number(9), ",",
                                number(3) == 0 ? "" : absl::StrCat(number(400)), ",T", number(4), ",",
                                number(2) == 0 ? "Needs met" : absl::StrCat("reason ", number(3))));
    if (number(9) == 0) rows.push_back(rows.back());
  }
  testing::Folder folder;
  const std::string toml = Source("a.csv", "2020-01-01", "2025-03-31", "early_help",
                                  "id = \"ref\"\nteam = \"team\"\nend_reason = \"why\"\n");
  std::string first;
  std::int64_t duplicates = 0;
  for (int round = 0; round < 10; ++round) {
    folder.Write("a.csv", "kid,from,to,ref,team,why\n" + absl::StrJoin(rows, "\n") + "\n");
    ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(toml));
    const FileReport& file = read.report.files[0];
    const std::int64_t dropped = testing::CountOf(file.left_out, "the same as another row");
    EXPECT_EQ(file.rows_read, static_cast<std::int64_t>(rows.size()));
    EXPECT_EQ(file.rows_used, static_cast<std::int64_t>(read.records.episodes.size()));
    if (round == 0) {
      first = testing::Dump(read.records);
      duplicates = dropped;
      EXPECT_GT(dropped, 10);
    }
    ASSERT_EQ(testing::Dump(read.records), first);
    EXPECT_EQ(dropped, duplicates);
    std::shuffle(rows.begin(), rows.end(), random);
  }
}

TEST(RecordRules, CountCompleteness) {
  testing::Folder folder;
  folder.Write("a.csv",
               "kid,from,to,why,sex\n"
               "a,2024-01-01,2024-02-01,Needs met,F\n"
               "b,2024-01-01,2024-02-01,whatever,\n"
               "c,2024-01-01,2024-02-01,,M\n"
               "d,2024-01-01,,,U\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read,
                       folder.Read(Source("a.csv", "2020-01-01", "2025-03-31", "early_help",
                                          "end_reason = \"why\"\nsex = \"sex\"\n")));
  std::vector<std::string> fields;
  for (const FieldQuality& f : read.records.quality)
    fields.push_back(absl::StrCat(f.field, " ", f.complete, "/", f.records));
  EXPECT_THAT(fields, ElementsAre("early_help.end_reason 1/3", "early_help.need 0/4", "early_help.source 0/4",
                                  "person.birth 0/4", "person.disability 0/4", "person.ethnicity 0/4",
                                  "person.family 0/4", "person.sex 2/4"));
}

}  // namespace
}  // namespace waymark::node
