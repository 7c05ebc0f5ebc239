#include "node/ingest/ssd.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/match.h"
#include "folder.h"
#include "node/ingest/ssd_outcome.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

constexpr char kToml[] = R"([[source]]
format = "ssd"
path = "ssd"
covered_from = 2020-04-01
extract_date = 2025-03-31
)";

void WriteAll(const testing::Folder& folder) {
  folder.Write(
      "ssd/ssd_person.csv",
      "pers_person_id,PERS_SEX,pers_gender,pers_ethnicity,pers_dob,pers_expected_dob,pers_death_date\n"
      "1,F,,WBRI,2012-03-04 00:00:00.000,,\n"
      "2,,b) Male,AIND,NULL,2025-06-01,\n"
      "3,M,,ZZZ,2010-01-01,,2024-12-24\n");
  folder.Write("ssd/ssd_family.csv", "fami_family_id,fami_person_id\nf9,1\nf2,1\nf2,2\n");
  folder.Write("ssd/ssd_disability.csv",
               "disa_table_id,disa_person_id,disa_disability_code\n1,1,MOB\n2,1,NONE\n3,2,NONE\n");
  folder.Write(
      "ssd/ssd_early_help_episodes.csv",
      "earl_episode_id,earl_person_id,earl_episode_start_date,earl_episode_end_date,earl_episode_reason,"
      "earl_episode_end_reason,earl_episode_organisation,earl_episode_worker_id\n"
      "e1,1,2024-01-10,2024-05-10,N4,Needs met,Family hub,w1\n"
      "e2,4,2024-02-10,,,,Family hub,w1\n");
  folder.Write(
      "ssd/ssd_contacts.csv",
      "cont_contact_id,cont_person_id,cont_contact_date,cont_contact_source_code,cont_contact_outcome_json\n"
      "k1,1,2024-01-02,6,\"{\"\"NEW_REFERRAL_FLAG\"\": \"\"N\"\", \"\"NFA_FLAG\"\": \"\"Y\"\"}\"\n"
      "k2,1,2024-01-03,1A,\"{\"\"NEW_REFERRAL_FLAG\"\": \"\"Y\"\", \"\"NFA_FLAG\"\": \"\"\"\"}\"\n"
      "k3,2,2024-01-03,1A,EH Referral\n"
      "k4,2,2024-01-04,1A,\n"
      "k5,2,2024-01-05,1A,\"{\"\"COMMENTS\"\": \"\"NFA\"\"}\"\n");
  folder.Write("ssd/ssd_cin_episodes.csv",
               "cine_referral_id,cine_person_id,cine_referral_date,cine_cin_primary_need_code,"
               "cine_referral_source_code,cine_referral_outcome_json,cine_referral_nfa,cine_close_reason,"
               "cine_close_date,cine_referral_team,cine_referral_worker_id\n"
               "r1,1,2024-06-01,N1,6,,N,RC7,2024-09-01,East,w\n"
               "r2,1,2024-10-01,N1,6,,Y,,2024-10-02,East,w\n"
               "r3,2,2024-02-01,N1,6,,,RC8,2024-03-01,East,w\n"
               "r4,2,2024-04-01,N1,6,,,RC9,2024-05-01,East,w\n"
               "r5,2,2024-06-01,N1,6,\"{\"\"OUTCOME_NFA_FLAG\"\":\"\"Y\"\"}\",,,,East,w\n"
               "r6,3,2024-06-01,N1,6,\"{\"\"OUTCOME_NFA_FLAG\"\":\"\"N\"\"}\",,,,East,w\n"
               "r7,3,2024-08-01,N1,6,No further action,,,,East,w\n"
               "r8,3,2024-09-01,N1,6,,,,2024-08-01,East,w\n");
  folder.Write(
      "ssd/ssd_cp_plans.csv",
      "cppl_cp_plan_id,cppl_person_id,cppl_cp_plan_start_date,cppl_cp_plan_end_date\np1,1,2024-07-01,NULL\n");
  folder.Write("ssd/ssd_cla_episodes.csv",
               "clae_cla_episode_id,clae_person_id,clae_cla_episode_start_date,clae_cla_episode_ceased,"
               "clae_cla_episode_ceased_reason\nl1,3,2024-07-01,2024-08-01,E2\n");
}

TEST(Ssd, ReadsEveryTable) {
  testing::Folder folder;
  WriteAll(folder);
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(kToml));
  const Records& records = read.records;
  EXPECT_THAT(
      testing::Show(records),
      ElementsAre("1 early_help 2024-01-10..2024-05-10", "1 cin 2024-06-01..2024-09-01", "1 cp 2024-07-01..",
                  "2 cin 2024-04-01..2024-05-01", "3 cin 2024-06-01..", "3 cla 2024-07-01..2024-08-01",
                  "4 early_help 2024-02-10..",                                                          //
                  "1 referral 2024-06-01 nfa=no", "1 referral 2024-10-01 nfa=yes",                      //
                  "2 referral 2024-02-01 nfa=no", "2 referral 2024-04-01 nfa=no",                       //
                  "2 referral 2024-06-01 nfa=yes", "3 referral 2024-06-01 nfa=no",                      //
                  "3 referral 2024-08-01 nfa=yes", "3 referral 2024-09-01 nfa=no",                      //
                  "1 contact 2024-01-02 nfa", "1 contact 2024-01-03 social_care",                       //
                  "2 contact 2024-01-03 early_help", "2 contact 2024-01-04 ", "2 contact 2024-01-05 ",  //
                  "1 plan 2024-07-01.. of  "));
  ASSERT_EQ(records.persons.size(), 4U);
  EXPECT_EQ(FormatDay(records.persons[0].birth), "2012-03-04");
  EXPECT_EQ(FormatDay(records.persons[1].birth), "2025-06-01");
  EXPECT_EQ(FormatDay(records.persons[2].death), "2024-12-24");
  EXPECT_EQ(testing::TextOf(records, records.persons[0].sex), "female");
  EXPECT_EQ(testing::TextOf(records, records.persons[1].sex), "male");
  EXPECT_EQ(testing::TextOf(records, records.persons[1].ethnicity), "asian");
  EXPECT_EQ(testing::TextOf(records, records.persons[2].ethnicity), "not known");
  EXPECT_EQ(testing::TextOf(records, records.persons[1].disability), "no");
  EXPECT_EQ(records.persons[3].sex, kNoCode);
  EXPECT_EQ(records.family_ids.Text(records.persons[0].family), "f2");
  EXPECT_EQ(records.persons[2].family, kNoFamily);
  EXPECT_EQ(testing::TextOf(records, records.episodes[0].need), "N4");
  EXPECT_EQ(testing::TextOf(records, records.episodes[0].end_reason), "outcomes_met");
  EXPECT_EQ(testing::TextOf(records, records.episodes[0].service), "Family hub");
  EXPECT_EQ(testing::TextOf(records, records.episodes[0].worker), "w1");
  EXPECT_EQ(testing::TextOf(records, records.episodes[1].worker), "w");
  EXPECT_EQ(records.episodes[0].source, kNoCode);
  EXPECT_EQ(testing::TextOf(records, records.episodes[1].end_reason), "other");
  EXPECT_EQ(testing::TextOf(records, records.episodes[5].end_reason), "died");
  EXPECT_EQ(testing::TextOf(records, records.contacts[0].source), "6");
}

TEST(Ssd, ReportsOrphansUnknownCodesAndImpossibleEpisodes) {
  testing::Folder folder;
  WriteAll(folder);
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(kToml));
  const QualityReport& report = read.report;
  ASSERT_EQ(report.files.size(), 8U);
  EXPECT_EQ(report.files[0].unknown_codes.at({"ethnicity", "ZZZ"}), 1);
  EXPECT_EQ(testing::CountOf(report.files[3].notes, "a person that ssd_person does not have"), 1);
  EXPECT_EQ(testing::CountOf(report.files[6].notes, "no episode made of it: ends before it starts"), 1);
  EXPECT_EQ(report.files[6].rows_used, 8);
  EXPECT_EQ(testing::CountOf(report.files[4].notes, "outcome: JSON without a flag that is known"), 1);
  EXPECT_THAT(report.issues,
              ::testing::Contains(::testing::Field(
                  &Issue::message, HasSubstr("1 children have records but do not stand in the list"))));
  for (const FileReport& file : report.files) {
    std::int64_t left_out = 0;
    for (const auto& [reason, tally] : file.left_out) left_out += tally.count();
    EXPECT_EQ(file.rows_read, file.rows_used + left_out) << file.file;
  }
  EXPECT_FALSE(report.HasErrors());
}

TEST(Ssd, ReportsWhatIsMissing_WhenATableIsNotThere) {
  testing::Folder folder;
  folder.Write("ssd/ssd_early_help_episodes.csv",
               "earl_person_id,earl_episode_start_date,earl_episode_end_date\n1,2024-01-10,2024-05-10\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(kToml));
  EXPECT_EQ(read.records.episodes.size(), 1U);
  EXPECT_FALSE(read.records.has_families);
  EXPECT_NE(read.records.early_help.from, kNoDay);
  EXPECT_EQ(read.records.social_care.from, kNoDay);
  EXPECT_EQ(read.records.contact.from, kNoDay);
  EXPECT_EQ(read.report.issues.size(), 12U);
  EXPECT_THAT(read.report.issues[0].message, HasSubstr("not there; without it: no ages, sex and ethnicity"));
  EXPECT_EQ(read.records.episodes[0].end_reason, kNoCode);
}

TEST(Ssd, CountsTablesThatNoMetricUses) {
  testing::Folder folder;
  WriteAll(folder);
  folder.Write("ssd/ssd_professionals.csv",
               "prof_professional_id,prof_professional_caseload,prof_full_time_equivalency\n"
               "w,12,1.0\nw1,8,0.5\n,0,\n");
  folder.Write("ssd/ssd_sdq_scores.csv", "csdq_person_id,csdq_sdq_score\n1,17\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(kToml));
  EXPECT_FALSE(read.records.templates.staffing.carried());
  ASSERT_EQ(read.report.files.size(), 10U);
  EXPECT_THAT(read.report.files[8].file, HasSubstr("ssd_professionals.csv"));
  for (const auto& [file, rows] : {std::pair(8, 3), std::pair(9, 1)}) {
    const FileReport& counted = read.report.files[static_cast<std::size_t>(file)];
    EXPECT_EQ(counted.rows_read, rows);
    EXPECT_EQ(counted.rows_used, 0);
    EXPECT_EQ(testing::CountOf(counted.left_out, std::string(kUsedByNoMetric)), rows);
  }
  EXPECT_FALSE(read.report.HasErrors());
}

TEST(Ssd, Warns_WhenATableThatNoMetricUsesIsFaulty) {
  struct Fault {
    std::string text;
    std::int64_t line;
    const char* message;
  };
  for (const Fault& fault : std::vector<Fault>{
           {"", 0, "is empty"},
           {"send_table_id,send_person_id\n1,\"2\n3,4\n", 2, "a quote opened on this line is never closed"},
           {"send_table_id,send_person_id\n\n1,Caf\xE9\n", 3, "not valid UTF-8"},
           {"send_table_id,send_person_id\n1,2,3\n", 2, "1 of 1 rows: more fields than the header has"},
           {"send_table_id,send_person_id\n1,2,3\n4,Caf\xE9\n", 3, "not valid UTF-8"},
           {"a folder", 0, "is a folder"}}) {
    testing::Folder folder;
    WriteAll(folder);
    ASSERT_OK_AND_ASSIGN(const IngestResult without, folder.Read(kToml));
    if (fault.text == "a folder") {
      std::filesystem::create_directory(folder.path() + "/ssd/ssd_send.csv");
    } else {
      folder.Write("ssd/ssd_send.csv", fault.text);
    }
    ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(kToml));
    EXPECT_EQ(testing::Dump(read.records), testing::Dump(without.records));
    EXPECT_FALSE(read.report.HasErrors()) << fault.message;
    std::vector<Issue> of_file;
    for (const Issue& issue : read.report.issues) {
      if (absl::EndsWith(issue.file, "ssd_send.csv")) of_file.push_back(issue);
    }
    ASSERT_EQ(of_file.size(), 1U) << read.report.Text();
    EXPECT_EQ(of_file[0].severity, Severity::kWarning);
    EXPECT_EQ(of_file[0].line, fault.line) << fault.message;
    EXPECT_THAT(of_file[0].message, ::testing::AllOf(HasSubstr(fault.message), HasSubstr("no metric uses")));
  }
}

TEST(Ssd, Refuses_WhenThereIsNoEpisodeTableOrNoFolder) {
  testing::Folder folder;
  EXPECT_THAT(folder.Read(kToml),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("holds no table with episodes")));
  folder.Write("ssd/ssd_person.csv", "pers_person_id\n1\n");
  EXPECT_THAT(folder.Read(kToml),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("holds no table with episodes")));
}

TEST(Ssd, ListsEveryTablesErrors_WhenColumnsAreMissing) {
  testing::Folder folder;
  WriteAll(folder);
  folder.Write("ssd/ssd_cp_plans.csv", "cppl_person_id,started\n1,2024-01-01\n");
  folder.Write("ssd/ssd_person.csv", "id\n1\n");
  EXPECT_THAT(
      folder.Read(kToml),
      StatusIs(
          absl::StatusCode::kInvalidArgument,
          ::testing::AllOf(
              HasSubstr("ssd_person.csv lacks the column pers_person_id; it has id"),
              HasSubstr("ssd_cp_plans.csv lacks the columns cppl_cp_plan_start_date, cppl_cp_plan_end_date; "
                        "it has cppl_person_id, started"))));
}

TEST(Ssd, TakesDatesInTheStatedFormat) {
  testing::Folder folder;
  folder.Write("ssd/ssd_early_help_episodes.csv",
               "earl_person_id,earl_episode_start_date,earl_episode_end_date\n1,10/01/2024,\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult none, folder.Read(kToml));
  EXPECT_TRUE(none.report.HasErrors());
  ASSERT_OK_AND_ASSIGN(const IngestResult read,
                       folder.Read(absl::StrCat(kToml, "[source.mapping]\ndate_format = \"%d/%m/%Y\"\n")));
  EXPECT_THAT(testing::Show(read.records), ElementsAre("1 early_help 2024-01-10.."));
}

TEST(JsonFlag, FindsFlags_EvenWhereTheJsonIsNotValid) {
  EXPECT_EQ(JsonFlag(R"({"NFA_FLAG": "Y"})", "NFA_FLAG"), true);
  EXPECT_EQ(JsonFlag(R"({"OUTCOME_NFA_FLAG":"N"})", "NFA_FLAG"), false);
  EXPECT_EQ(JsonFlag(R"({"NFA_FLAG":true})", "NFA_FLAG"), true);
  EXPECT_EQ(JsonFlag(R"({"NFA_FLAG":1,"X":2})", "NFA_FLAG"), true);
  EXPECT_EQ(JsonFlag(R"([{"NFA_FLAG":"N"},{"NFA_FLAG":"Y"}])", "NFA_FLAG"), true);
  EXPECT_EQ(JsonFlag(R"({"COMMENTS": "said "no"", "NFA_FLAG": "Y")", "NFA_FLAG"), true);
  EXPECT_EQ(JsonFlag(R"({"NFA_FLAG": ""})", "NFA_FLAG"), std::nullopt);
  EXPECT_EQ(JsonFlag(R"({"NFA_FLAG": null})", "NFA_FLAG"), std::nullopt);
  EXPECT_EQ(JsonFlag(R"({"XNFA_FLAG": "Y"})", "NFA_FLAG"), std::nullopt);
  EXPECT_EQ(JsonFlag(R"({"COMMENTS": "NFA_FLAG\"Y"})", "NFA_FLAG"), std::nullopt);
  EXPECT_EQ(JsonFlag("", "NFA_FLAG"), std::nullopt);
  EXPECT_EQ(JsonFlag(R"(NFA_FLAG")", "NFA_FLAG"), std::nullopt);
}

}  // namespace
}  // namespace waymark::node
