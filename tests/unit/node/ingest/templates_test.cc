#include "node/ingest/templates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "folder.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::waymark::node::testing::CountOf;
using ::waymark::testing::StatusIs;

constexpr char kSource[] =
    "[[source]]\nformat = \"templates\"\npath = \"t\"\ncovered_from = 2024-01-01\nextract_date = "
    "2025-01-01\n";
constexpr char kScores[] = "person,tool,better,start,start_score,end,end_score,service\n";
constexpr char kNeeds[] = "person,outcome,start,present,end,met,service\n";
constexpr char kViews[] = "survey,date,person,family,asked,answered,response,service\n";

Day D(const char* text) {
  return ParseIsoDay(text).value();
}

class TemplatesTest : public ::testing::Test {
 protected:
  IngestResult Read(const std::string& file, const std::string& text, const std::string& more = "") {
    folder_.Write("t/" + file, text);
    absl::StatusOr<IngestResult> result = folder_.Read(absl::StrCat(kSource, more));
    EXPECT_OK(result.status());
    return result.ok() ? *std::move(result) : IngestResult();
  }
  testing::Folder folder_;
};

TEST_F(TemplatesTest, ReadsScores) {
  const IngestResult read =
      Read("scores.csv", absl::StrCat(kScores,
                                      "c1,Star,high,2024-02-01,4.125,2024-03-01,-.5,Hub\n"
                                      "c1,SDQ,LOW,2024-02-01,18,,,\n"));
  const auto& scores = read.records.templates.scores;
  EXPECT_EQ(scores.covered_from, D("2024-01-01"));
  EXPECT_EQ(scores.extract, D("2025-01-01"));
  ASSERT_THAT(scores.rows, SizeIs(2));
  EXPECT_EQ(scores.rows[0].tool, "SDQ");
  EXPECT_FALSE(scores.rows[0].high_is_better);
  EXPECT_EQ(scores.rows[0].end, kNoDay);
  EXPECT_EQ(scores.rows[1].start_thousandths, 4125);
  EXPECT_EQ(scores.rows[1].end_thousandths, -500);
  EXPECT_EQ(scores.rows[1].service, "Hub");
  EXPECT_FALSE(read.records.templates.needs.carried());
}

TEST_F(TemplatesTest, LeavesOutWhatCannotBe_WithItsReasonAndLine) {
  const IngestResult read = Read("scores.csv", absl::StrCat(kScores,
                                                            "c1,Star,high,2024-02-01,4,2024-01-01,5,\n"  // 2
                                                            "c1,Star,high,2024-02-01,4,2024-03-01,,\n"   // 3
                                                            "c1,Star,high,2025-02-01,4,,,\n"             // 4
                                                            "c1,Star,up,2024-02-01,4,,,\n"               // 5
                                                            "c1,Star,high,2024-02-01,\"4,5\",,,\n"       // 6
                                                            "c1,Star,high,2024-02-01,4.1234,,,\n"        // 7
                                                            ",Star,high,2024-02-01,4,,,\n"               // 8
                                                            "c1,Star,high,31/02/2024,4,,,\n"             // 9
                                                            "c1,Star,high,2024-02-01,4,2025-02-01,5,\n"  // 10
                                                            "c1,Star,high,2024-02-01,4,,,\n"       // 11: good
                                                            "c1,Star,high,2024-02-01,4.0,,,\n"));  // 12
  EXPECT_THAT(read.records.templates.scores.rows, SizeIs(1));
  const FileReport& file = read.report.files[0];
  EXPECT_EQ(file.rows_read, 11);
  EXPECT_EQ(file.rows_used, 1);
  EXPECT_EQ(CountOf(file.left_out, "ends before it starts"), 1);
  EXPECT_EQ(CountOf(file.left_out, "a second score without its day, or a day without its score"), 1);
  EXPECT_THAT(file.left_out.at("date after the extract date").lines(), ElementsAre(4, 10));
  EXPECT_THAT(file.left_out.at("better: expected high or low").lines(), ElementsAre(5));
  EXPECT_THAT(file.left_out.at("start_score: expected number with at most three decimals").lines(),
              ElementsAre(6, 7));
  EXPECT_THAT(file.left_out.at("person: blank").lines(), ElementsAre(8));
  EXPECT_THAT(file.left_out.at("start: expected date").lines(), ElementsAre(9));
  EXPECT_THAT(file.left_out.at(std::string(kSameRow)).lines(), ElementsAre(12));
}

TEST_F(TemplatesTest, TakesOutcomesByNumberAndByName_AndMetWithItsDayOnly) {
  const IngestResult read = Read("needs.csv", absl::StrCat(kNeeds,
                                                           "c1,10,2024-02-01,y,2024-03-01,no,\n"
                                                           "c1,Early_Years,2024-02-01,FALSE,,,\n"
                                                           "c1,11,2024-02-01,yes,,,\n"
                                                           "c1,0,2024-02-01,yes,,,\n"
                                                           "c1,1,2024-02-01,yes,,yes,\n"));
  const auto& needs = read.records.templates.needs.rows;
  ASSERT_THAT(needs, SizeIs(2));
  EXPECT_EQ(needs[0].outcome, 2);
  EXPECT_FALSE(needs[0].present);
  EXPECT_EQ(needs[1].outcome, 10);
  EXPECT_EQ(needs[1].met, std::optional<bool>(false));
  EXPECT_EQ(read.report.files[0].rows_used, 2);
}

TEST_F(TemplatesTest, KeepsEqualViews_WhereTheyNameNobody) {
  const IngestResult read = Read("views.csv", absl::StrCat(kViews,
                                                           "S,2024-02-01,,,yes,yes,positive,\n"
                                                           "S,2024-02-01,,,,yes,positive,\n"
                                                           "S,2024-02-01,c1,,yes,no,,\n"
                                                           "S,2024-02-01,c1,,yes,no,,\n"
                                                           "S,2024-02-01,c2,,no,yes,,\n"
                                                           "S,2024-02-01,c2,,yes,no,neutral,\n"));
  EXPECT_THAT(read.records.templates.views.rows, SizeIs(3));
  EXPECT_EQ(CountOf(read.report.files[0].left_out, "answered, but not asked"), 1);
  EXPECT_EQ(CountOf(read.report.files[0].left_out, "a response without an answer"), 1);
}

TEST_F(TemplatesTest, ReadsStaffCostsAndStandards) {
  folder_.Write("t/staffing.csv", "from,to,team,worker,fte\n2024-01-01,,East,w,0.8\n2024-01-01,,East,x,-1\n");
  folder_.Write("t/standards.csv", "metric,days\n12,30\n12,3661\n12,1.5\n");
  const IngestResult read = Read(
      "costs.csv", "COST,to,from,service\n1234.56,2024-12-31,2024-01-01,Hub\n-1,2024-12-31,2024-01-01,Hub\n");
  const Templates& templates = read.records.templates;
  ASSERT_THAT(templates.costs.rows, SizeIs(1));
  EXPECT_EQ(templates.costs.rows[0].pence, 123456);
  ASSERT_THAT(templates.staffing.rows, SizeIs(1));
  EXPECT_EQ(templates.staffing.rows[0].fte_thousandths, 800);
  EXPECT_EQ(templates.staffing.rows[0].to, kNoDay);
  ASSERT_THAT(templates.standards.rows, SizeIs(1));
  EXPECT_EQ(templates.standards.rows[0].days, 30);
}

TEST_F(TemplatesTest, RenamesServicesAndReadsDatesAsTheMappingSays) {
  const IngestResult read = Read("costs.csv", "service,from,to,cost\nH,01/04/2024,30/04/2024,1\n",
                                 "[source.mapping]\ndate_format = \"%d/%m/%Y\"\n"
                                 "[source.mapping.codes.service]\n\"H\" = \"Hub\"\n");
  ASSERT_THAT(read.records.templates.costs.rows, SizeIs(1));
  EXPECT_EQ(read.records.templates.costs.rows[0].service, "Hub");
  EXPECT_EQ(read.records.templates.costs.rows[0].from, D("2024-04-01"));
}

TEST_F(TemplatesTest, GiveTheSame_SplitOverSourcesAndInAnyOrder) {
  const std::string a = "c1,Star,high,2024-02-01,4,,,\n", b = "c2,Star,high,2024-02-01,5,,,\n";
  folder_.Write("t/scores.csv", absl::StrCat(kScores, b, a));
  folder_.Write("u/scores.csv", absl::StrCat(kScores, a));
  folder_.Write("v/scores.csv", absl::StrCat(kScores, a, b));
  const std::string two = absl::StrCat(kSource,
                                       "[[source]]\nformat = \"templates\"\npath = \"u\"\n"
                                       "covered_from = 2024-02-01\nextract_date = 2024-12-01\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult split, folder_.Read(two));
  ASSERT_OK_AND_ASSIGN(const IngestResult whole,
                       folder_.Read("[[source]]\nformat = \"templates\"\npath = \"v\"\n"
                                    "covered_from = 2024-02-01\nextract_date = 2024-12-01\n"));
  EXPECT_EQ(split.records.templates.scores.rows, whole.records.templates.scores.rows);
  EXPECT_EQ(split.records.templates.scores.covered_from, D("2024-02-01"));
  EXPECT_EQ(split.records.templates.scores.extract, D("2024-12-01"));
  EXPECT_EQ(CountOf(split.report.files[1].left_out, std::string(kSameRow)), 1);
}

TEST_F(TemplatesTest, NameTheColumnThatIsMissing) {
  folder_.Write("t/scores.csv", "person,tool\nc1,Star\n");
  EXPECT_THAT(folder_.Read(kSource).status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("scores.csv lacks the columns better, start, start_score"),
                             HasSubstr("it has person, tool"))));
}

TEST_F(TemplatesTest, AreNotFound_WhereTheFolderHasNone) {
  EXPECT_THAT(folder_.Read(kSource).status(),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr("scores.csv"), HasSubstr("waymark-node templates"))));
}

TEST_F(TemplatesTest, ReportToolsMarkedBothWays_AndChildrenOfNoOtherSource) {
  const IngestResult read = Read("scores.csv", absl::StrCat(kScores,
                                                            "c1,Star,high,2024-02-01,4,,,\n"
                                                            "c2,Star,low,2024-02-01,4,,,\n"));
  ASSERT_THAT(read.report.issues, SizeIs(2));
  EXPECT_THAT(read.report.issues[0].message,
              HasSubstr("1 tool(s) have rows with better = high and others with low"));
  EXPECT_THAT(read.report.issues[1].message, HasSubstr("2 children are in no other source"));
  EXPECT_THAT(read.records.persons, IsEmpty());
}

}  // namespace
}  // namespace waymark::node
