#include "node/measure/survey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/testing/status_matchers.h"
#include "tests/unit/node/measure/measuring.h"

namespace waymark::node {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class SurveyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(library_, catalogue::Library::Load("catalogue"));
    answers_.questionnaire = library_.FindQuestionnaire("system_guide");
    answers_.period = ParsePeriod("2024-25").value();
    answers_.now.assign(41, SurveyAnswers::kUnanswered);
    answers_.in_a_year = answers_.now;
    answers_.now[0] = 1;        // F1: mostly yes
    answers_.now[9] = 3;        // F10: no
    answers_.in_a_year[9] = 0;  // yes
  }

  Measured Of(const std::string& metric, const SurveyAnswers* answers,
              const std::string& period = "2024-25") {
    const absl::StatusOr<Journeys> none = BuildJourneys(Records());
    MeasureRequest request{.metric = library_.Find(metric), .period = ParsePeriod(period).value()};
    request.answers = answers;
    const auto all = Measure(*none, request);
    EXPECT_THAT(*all, SizeIs(1));
    return all->front();
  }

  catalogue::Library library_;
  SurveyAnswers answers_;
};

TEST_F(SurveyTest, HasAOneAtEachQuestionsAnswer) {
  const Measured measured = Of("41", &answers_);
  EXPECT_EQ(measured.completeness, Completeness::kComplete);
  EXPECT_THAT(measured.table.dimensions, ElementsAre("question"));
  EXPECT_THAT(measured.table.rows, SizeIs(41));
  EXPECT_TRUE(std::is_sorted(measured.table.rows.begin(), measured.table.rows.end()));
  EXPECT_EQ(Cell(measured, "mostly_yes", "F1"), 1);
  EXPECT_EQ(Cell(measured, "yes", "F1"), 0);
  EXPECT_EQ(Cell(measured, "no", "F10"), 1);
  EXPECT_EQ(Cell(measured, "unanswered", "L9"), 1);
  std::int64_t all = 0;
  for (const std::int64_t value : measured.table.values) all += value;
  EXPECT_EQ(all, 41);
}

TEST_F(SurveyTest, ShowsTargetsByTheirOwnEntry) {
  const Measured measured = Of("41-target", &answers_);
  EXPECT_EQ(Cell(measured, "yes", "F10"), 1);
  EXPECT_EQ(Cell(measured, "unanswered", "F1"), 1);
}

TEST_F(SurveyTest, IsNotAvailable_WithoutAnswersOfThatQuestionnaireAndPeriod) {
  EXPECT_EQ(Of("41", nullptr).completeness, Completeness::kNotAvailable);
  EXPECT_THAT(Of("41", nullptr).reason, HasSubstr("[questionnaires]"));
  EXPECT_EQ(Of("42", &answers_).completeness, Completeness::kNotAvailable);
  const Measured other = Of("41", &answers_, "2023-24");
  EXPECT_EQ(other.completeness, Completeness::kNotAvailable);
  EXPECT_EQ(other.reason, "the answers are of 2024-25");
  EXPECT_THAT(other.table.rows, SizeIs(0));
}

}  // namespace
}  // namespace waymark::node
