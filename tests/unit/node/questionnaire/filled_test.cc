#include "node/questionnaire/filled.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::waymark::testing::StatusIs;

class FilledTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK_AND_ASSIGN(library_, catalogue::Library::Load("catalogue")); }

  Filled Blank(const std::string& id) const {
    return Filled::Blank(*library_.FindQuestionnaire(id), ParsePeriod("2025-26").value());
  }
  absl::StatusOr<Filled> Parse(const std::string& text) const {
    return Filled::Parse(text, "guide.toml", library_);
  }

  catalogue::Library library_;
};

TEST_F(FilledTest, IsTheSameAgain_WrittenAndRead) {
  Filled filled = Blank("system_guide");
  FilledAnswer& first = filled.answers()[0];
  first.answer = "mostly_yes";
  first.target = "yes";
  first.rationale = "We \"ask\" families,\nand use C:\\notes.\n\"\"\"\x01\ttab ü";
  first.plan = "Ask more.";
  filled.answers()[40].answer = "no";
  ASSERT_OK_AND_ASSIGN(const Filled again, Parse(filled.Toml()));
  EXPECT_EQ(again.answers()[0].answer, "mostly_yes");
  EXPECT_EQ(again.answers()[0].target, "yes");
  EXPECT_EQ(again.answers()[0].rationale, first.rationale);
  EXPECT_EQ(again.answers()[0].plan, "Ask more.");
  EXPECT_EQ(again.answers()[40].answer, "no");
  EXPECT_EQ(again.period().label, "2025-26");
  EXPECT_EQ(again.Toml(), filled.Toml());
}

TEST_F(FilledTest, HasEveryQuestionInItsFile) {
  for (const v1::Questionnaire& questionnaire : library_.questionnaires()) {
    const std::string toml = Blank(questionnaire.id()).Toml();
    for (const v1::Section& section : questionnaire.sections()) {
      for (const v1::Question& question : section.questions())
        EXPECT_THAT(toml, AllOf(HasSubstr(question.text()), HasSubstr("[answers." + question.id() + "]")));
    }
    EXPECT_OK(Parse(toml));
    EXPECT_EQ(questionnaire.asks_targets(), toml.find("target = ") != std::string::npos)
        << questionnaire.id();
  }
}

TEST_F(FilledTest, MayLackQuestions) {
  ASSERT_OK_AND_ASSIGN(const Filled filled,
                       Parse("questionnaire = \"enablers\"\nversion = 1\nperiod = \"2025-26\"\n"
                             "[answers.D2]\nanswer = \"early\"\n"));
  EXPECT_EQ(filled.answers()[1].answer, "early");
  EXPECT_EQ(filled.answers()[0].answer, "");
}

TEST_F(FilledTest, NamesEveryErrorWithItsLine) {
  const std::string text =
      "questionnaire = \"system_guide\"\n"
      "version = 2\n"
      "period = \"soon\"\n"
      "[answers.F1]\n"
      "answer = \"mostly-yes\"\n"
      "target = 3\n"
      "[answers.F2]\n"
      "reason = \"x\"\n"
      "[answers.F99]\n"
      "answer = \"yes\"\n";
  EXPECT_THAT(
      Parse(text).status(),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("guide.toml:2: version: expected 1"), HasSubstr("guide.toml:3: period"),
                     HasSubstr("guide.toml:5: answers.F1.answer: is \"mostly-yes\"; expected one of yes, "),
                     HasSubstr("did you mean \"mostly_yes\"?"), HasSubstr("guide.toml:6: answers.F1.target"),
                     HasSubstr("guide.toml:8: answers.F2.reason"), HasSubstr("guide.toml:9: answers.F99"))));
}

TEST_F(FilledTest, NamesTheQuestionnairesThereAre_WhenItsOwnIsUnknown) {
  EXPECT_THAT(Parse("questionnaire = \"guide\"\n").status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("guide.toml:1"), HasSubstr("data_maturity, enablers, system_guide"))));
}

TEST_F(FilledTest, RefusesATarget_WhereNoneIsAsked) {
  EXPECT_THAT(Parse("questionnaire = \"enablers\"\nversion = 1\nperiod = \"2025-26\"\n"
                    "[answers.D2]\ntarget = \"early\"\n")
                  .status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("guide.toml:5: answers.D2.target")));
}

TEST_F(FilledTest, RefusesALongText_AndNeverShowsIt) {
  Filled filled = Blank("system_guide");
  filled.answers()[0].plan = std::string(kLongestText + 1, 'x');
  EXPECT_THAT(Parse(filled.Toml()).status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("at most 10000"), Not(HasSubstr("xxxx")))));
}

TEST_F(FilledTest, AnswersAreNumbers_InTheQuestionnairesOrder) {
  Filled filled = Blank("data_maturity");
  filled.answers()[0].answer = "no";
  filled.answers()[2].answer = "yes";
  filled.answers()[2].target = "mostly_yes";
  const SurveyAnswers answers = filled.Answers();
  ASSERT_EQ(answers.now.size(), 25u);
  EXPECT_EQ(answers.now[0], 3);
  EXPECT_EQ(answers.now[1], SurveyAnswers::kUnanswered);
  EXPECT_EQ(answers.now[2], 0);
  EXPECT_EQ(answers.in_a_year[2], 1);
  EXPECT_EQ(answers.in_a_year[0], SurveyAnswers::kUnanswered);
  EXPECT_EQ(answers.period.label, "2025-26");
}

// What is measured has room for numbers and nothing that anybody wrote.
static_assert(std::is_same_v<decltype(SurveyAnswers::now), std::vector<std::int8_t>>);
static_assert(std::is_same_v<decltype(SurveyAnswers::in_a_year), std::vector<std::int8_t>>);

}  // namespace
}  // namespace waymark::node
