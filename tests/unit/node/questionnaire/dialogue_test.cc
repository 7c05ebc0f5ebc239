#include "node/questionnaire/dialogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::waymark::testing::StatusIs;

class DialogueTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK_AND_ASSIGN(library_, catalogue::Library::Load("catalogue")); }

  Filled Blank(const std::string& id) const {
    return Filled::Blank(*library_.FindQuestionnaire(id), ParsePeriod("2025-26").value());
  }

  // Types `text`; what was shown is in shown_.
  absl::Status Type(Filled& filled, const std::string& text, bool again = false) {
    std::istringstream in(text);
    std::ostringstream out;
    const absl::Status status = FillIn(filled, again, in, out, [this](const Filled& now) {
      ++saves_;
      saved_ = now.Toml();
      return save_status_;
    });
    shown_ = out.str();
    return status;
  }

  catalogue::Library library_;
  int saves_ = 0;
  std::string saved_;
  std::string shown_;
  absl::Status save_status_;
};

TEST_F(DialogueTest, TakesAnswersByNumberAndById_AndSavesAfterEach) {
  Filled filled = Blank("system_guide");
  ASSERT_OK(Type(filled, "2\nyes\nbecause\ndo more\nno\n\n\n\nq\n"));
  EXPECT_EQ(filled.answers()[0].answer, "mostly_yes");
  EXPECT_EQ(filled.answers()[0].target, "yes");
  EXPECT_EQ(filled.answers()[0].rationale, "because");
  EXPECT_EQ(filled.answers()[0].plan, "do more");
  EXPECT_EQ(filled.answers()[1].answer, "no");
  EXPECT_EQ(filled.answers()[1].target, "");
  EXPECT_EQ(filled.answers()[2].answer, "");
  EXPECT_EQ(saves_, 2);
  EXPECT_EQ(saved_, filled.Toml());
}

TEST_F(DialogueTest, GoesOnWhereItWas) {
  Filled filled = Blank("enablers");
  ASSERT_OK(Type(filled, "1\n\n\n"));  // the input ends: as if the terminal had gone
  ASSERT_OK_AND_ASSIGN(Filled later, Filled::Parse(saved_, "file", library_));
  ASSERT_OK(Type(later, "early\n\n\nq\n"));
  EXPECT_EQ(later.answers()[0].answer, "mature");
  EXPECT_EQ(later.answers()[1].answer, "early");
  EXPECT_THAT(shown_, Not(HasSubstr("D1  ")));
  EXPECT_THAT(shown_, HasSubstr("D2  "));
}

TEST_F(DialogueTest, SkipsAQuestion_OnAnEmptyLine) {
  Filled filled = Blank("enablers");
  ASSERT_OK(Type(filled, "\nearly\n\n\nq\n"));
  EXPECT_EQ(filled.answers()[0].answer, "");
  EXPECT_EQ(filled.answers()[1].answer, "early");
  EXPECT_EQ(saves_, 1);
}

TEST_F(DialogueTest, AsksAgain_AfterAnAnswerThatIsNone) {
  Filled filled = Blank("enablers");
  ASSERT_OK(Type(filled, "5\nripe\n4\n\n\nq\n"));
  EXPECT_EQ(filled.answers()[0].answer, "early");
  EXPECT_THAT(shown_, HasSubstr("Expected a number from 1 to 4"));
}

TEST_F(DialogueTest, KeepsWhatWasGiven_WhenStoppedWithinAQuestion) {
  Filled filled = Blank("system_guide");
  ASSERT_OK(Type(filled, "1\nq\n"));
  EXPECT_EQ(filled.answers()[0].answer, "yes");
  EXPECT_EQ(saves_, 1);
}

TEST_F(DialogueTest, AsksAnsweredQuestionsToo_WhenAsked_AndKeepsThemOnAnEmptyLine) {
  Filled filled = Blank("enablers");
  filled.answers()[0] = filled.answers()[0];
  ASSERT_OK(Type(filled, "1\nold reason\n\nq\n"));
  ASSERT_OK(Type(filled, "\n\n\nq\n", /*again=*/true));
  EXPECT_EQ(filled.answers()[0].answer, "mature");
  EXPECT_EQ(filled.answers()[0].rationale, "old reason");
  EXPECT_THAT(shown_, HasSubstr("now mature"));
}

TEST_F(DialogueTest, SaysWhichQuestionCountsTheOtherWayRound) {
  Filled filled = Blank("data_maturity");
  ASSERT_OK(Type(filled, "\n\n\n\n\n\n\n"));
  EXPECT_THAT(shown_, HasSubstr("by hand.\n(counts the other way round: no is the most mature answer)"));
}

TEST_F(DialogueTest, EndsWithTheError_WhenSavingFails) {
  save_status_ = absl::PermissionDeniedError("read-only");
  Filled filled = Blank("enablers");
  EXPECT_THAT(Type(filled, "1\n\n\n2\n\n\n"), StatusIs(absl::StatusCode::kPermissionDenied, "read-only"));
  EXPECT_EQ(saves_, 1);
}

}  // namespace
}  // namespace waymark::node
