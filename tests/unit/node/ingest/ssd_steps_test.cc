// The Standard Safeguarding Dataset's tables of the work with a child, and of who does it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folder.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using testing::CountOf;
using ::testing::ElementsAre;
using testing::TextOf;

constexpr char kToml[] = R"([[source]]
format = "ssd"
path = "ssd"
covered_from = 2020-04-01
extract_date = 2025-03-31
)";

constexpr char kReferrals[] =
    "cine_referral_id,cine_person_id,cine_referral_date,cine_referral_nfa,cine_close_reason,cine_close_date,"
    "cine_referral_worker_id\n";

// Only the steps of what is shown.
std::vector<std::string> Steps(const Records& records) {
  std::vector<std::string> lines = testing::Show(records);
  lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(records.steps.size()));
  return lines;
}

TEST(SsdSteps, ReadsAssessments_WithTheDayOfTheirReferral) {
  testing::Folder folder;
  folder.Write("ssd/ssd_cin_episodes.csv", std::string(kReferrals) + "r1,1,2024-01-01,N,,,\n");
  folder.Write("ssd/ssd_cin_assessments.csv",
               "cina_assessment_id,cina_person_id,cina_referral_id,cina_assessment_start_date,"
               "cina_assessment_auth_date,cina_assessment_outcome_json,cina_assessment_outcome_nfa,"
               "cina_assessment_team\n"
               "a1,1,r1,2024-01-03,2024-02-01,,N,East\n"
               "a2,1,r9,2024-03-03,2024-04-01,,Y,East\n"
               "a3,1,,2024-05-03,,,Y,East\n"
               "a4,1,r1,2024-06-03,2024-07-01,\"{\"\"NFA_FLAG\"\":\"\"Y\"\"}\",,East\n"
               "a5,1,r1,2024-08-03,2024-08-01,,,East\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult got, folder.Read(kToml));
  EXPECT_THAT(
      Steps(got.records),
      ElementsAre("1 assessment 2024-01-03..2024-02-01 of 2024-01-01 in_need",
                  "1 assessment 2024-03-03..2024-04-01 of  not_in_need", "1 assessment 2024-05-03.. of  ",
                  "1 assessment 2024-06-03..2024-07-01 of 2024-01-01 not_in_need"));
  EXPECT_EQ(TextOf(got.records, got.records.steps[0].team), "East");
  for (const FileReport& file : got.report.files) {
    std::int64_t left_out = 0;
    for (const auto& each : file.left_out) left_out += each.second.count();
    EXPECT_EQ(file.rows_read, file.rows_used + left_out) << file.file;
  }
}

TEST(SsdSteps, JoinsEnquiriesWithTheFirstConferenceThatNamesThem) {
  testing::Folder folder;
  folder.Write("ssd/ssd_cin_episodes.csv", std::string(kReferrals) + "r1,1,2024-01-01,N,,,\n");
  folder.Write("ssd/ssd_s47_enquiry.csv",
               "s47e_s47_enquiry_id,s47e_referral_id,s47e_person_id,s47e_s47_start_date,s47e_s47_nfa,"
               "s47e_s47_outcome_json\n"
               "e1,r1,1,2024-01-03,N,\n"
               "e2,r1,1,2024-02-03,Y,\n"
               "e3,r1,1,2024-03-03,,\"{\"\"CP_CONFERENCE_FLAG\"\":\"\"N\"\"}\"\n"
               "e4,r1,1,2024-04-03,,\"{\"\"CP_CONFERENCE_FLAG\"\":\"\"Y\"\"}\"\n"
               "e5,r1,1,2024-05-03,,\n");
  folder.Write("ssd/ssd_initial_cp_conference.csv",
               "icpc_icpc_id,icpc_person_id,icpc_s47_enquiry_id,icpc_icpc_date,icpc_icpc_outcome_cp_flag\n"
               "c0,1,e1,2024-02-20,N\n"
               "c1,1,e1,2024-01-20,Y\n"
               "c2,1,e5,2024-05-20,N\n"
               "c3,1,,2024-05-20,N\n"
               "c4,1,e4,,\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult got, folder.Read(kToml));
  EXPECT_THAT(Steps(got.records), ElementsAre("1 enquiry 2024-01-03..2024-01-20 of 2024-01-01 plan",
                                              "1 enquiry 2024-02-03.. of 2024-01-01 not_required",
                                              "1 enquiry 2024-03-03.. of 2024-01-01 not_required",
                                              "1 enquiry 2024-04-03.. of 2024-01-01 ",
                                              "1 enquiry 2024-05-03..2024-05-20 of 2024-01-01 no_plan"));
  EXPECT_EQ(CountOf(got.report.files[0].left_out, "a conference that names no section 47 enquiry"), 1);
  EXPECT_EQ(CountOf(got.report.files[0].left_out, "no date"), 1);
}

TEST(SsdSteps, TellsWhatAReferralCameTo) {
  testing::Folder folder;
  folder.Write("ssd/ssd_cin_episodes.csv", std::string(kReferrals) +
                                               "r1,1,2024-01-01,N,,,\n"  // an assessment without NFA
                                               "r2,1,2024-02-01,N,,,\n"  // one with NFA, one without
                                               "r3,1,2024-03-01,N,,,\n"  // one with NFA
                                               "r4,1,2024-04-01,N,RC8,2024-04-20,\n"
                                               "r5,1,2024-05-01,Y,,,\n"
                                               "r6,1,2024-06-01,N,,,\n"    // a CIN plan
                                               "r7,1,2024-07-01,N,,,\n"    // a protection plan
                                               "r8,1,2024-08-01,N,,,\n");  // nothing
  folder.Write("ssd/ssd_cin_assessments.csv",
               "cina_person_id,cina_referral_id,cina_assessment_start_date,cina_assessment_auth_date,"
               "cina_assessment_outcome_nfa\n"
               "1,r1,2024-01-03,2024-02-01,N\n1,r2,2024-01-03,2024-02-01,Y\n1,r2,2024-01-04,2024-02-01,N\n"
               "1,r2,2024-01-05,2024-02-01,Y\n1,r3,2024-03-03,2024-04-01,Y\n1,r8,2024-08-03,,N\n");
  folder.Write("ssd/ssd_cin_plans.csv", "cinp_cin_plan_id,cinp_referral_id,cinp_person_id\np1,r6,1\n");
  folder.Write(
      "ssd/ssd_cp_plans.csv",
      "cppl_person_id,cppl_referral_id,cppl_cp_plan_start_date,cppl_cp_plan_end_date\n1,r7,2024-07-02,\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult got, folder.Read(kToml));
  std::vector<std::string> outcomes;
  for (const Referral& referral : got.records.referrals)
    outcomes.push_back(TextOf(got.records, referral.outcome));
  EXPECT_THAT(outcomes, ElementsAre("in_need", "in_need", "not_in_need", "not_in_need", "nfa", "in_need",
                                    "in_need", ""));
}

TEST(SsdSteps, NamesTheWorkerWhoHoldsTheCase) {
  const std::string rows[] = {
      "1,r1,w2,Allocated Case Worker,2024-02-01,\n", "1,r1,w1,Allocated Case Worker,2024-01-01,2024-02-01\n",
      "1,r1,w3,Family support,2024-03-01,\n", "1,r2,w5,Reviewing officer,2024-03-01,\n",
      "1,,w6,Allocated Case Worker,2024-03-01,\n"};
  for (const bool backwards : {false, true}) {
    testing::Folder folder;
    std::string text =
        "invo_person_id,invo_referral_id,invo_professional_id,invo_professional_role_id,invo_involvement_"
        "start_date,"
        "invo_involvement_end_date\n";
    for (std::size_t i = 0; i < std::size(rows); ++i) text += rows[backwards ? std::size(rows) - 1 - i : i];
    folder.Write("ssd/ssd_involvements.csv", text);
    folder.Write("ssd/ssd_cin_episodes.csv",
                 std::string(kReferrals) +
                     "r1,1,2024-01-01,N,,2024-02-01,w9\nr2,1,2024-04-01,N,,2024-05-01,w9\n"
                     "r3,1,2024-06-01,N,,2024-07-01,w9\n");
    ASSERT_OK_AND_ASSIGN(const IngestResult got, folder.Read(kToml));
    std::vector<std::string> workers;
    for (const Episode& episode : got.records.episodes)
      workers.push_back(TextOf(got.records, episode.worker));
    EXPECT_THAT(workers, ElementsAre("w2", "w5", "w9"));
    EXPECT_EQ(CountOf(got.report.files[0].left_out, "no id of a referral"), 1);
  }
}

}  // namespace
}  // namespace waymark::node
