#include "node/site/questionnaires.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::StatusIs;

class QuestionnairesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(site_.library, catalogue::Library::Load("catalogue"));
    site_.configuration.path = "node.toml";
    site_.configuration.questionnaires = {{"system_guide", guide_}};
  }
  const v1::Questionnaire& Guide() const { return *site_.library.FindQuestionnaire("system_guide"); }
  QuestionnaireState StateOf(const std::string& id) const {
    for (const QuestionnaireState& state : QuestionnaireStates(site_)) {
      if (state.questionnaire->id() == id) return state;
    }
    return {};
  }

  TemporaryFolder folder_;
  const std::string guide_ = folder_.Path("guide.toml");
  Site site_;
};

TEST_F(QuestionnairesTest, AreFoundByTheirName_AndTheNearestIsSaid) {
  EXPECT_EQ(QuestionnaireNamed(site_, "system_guide").value(), &Guide());
  EXPECT_THAT(QuestionnaireNamed(site_, "system_gide").status(),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr("did you mean system_guide?"), HasSubstr("data_maturity"))));
}

TEST_F(QuestionnairesTest, HaveAFileWhereTheConfigurationNamesOne) {
  EXPECT_EQ(AnswersFileOf(site_, "system_guide").value(), guide_);
  EXPECT_THAT(AnswersFileOf(site_, "data_maturity").status(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("write data_maturity = \"data_maturity.toml\" under [questionnaires]")));
}

TEST_F(QuestionnairesTest, AreBegunOnce_ForTheCouncilsEyesAlone) {
  EXPECT_EQ(StateOf("system_guide").path, guide_);
  EXPECT_FALSE(StateOf("system_guide").filled);
  const Period period = ParsePeriod("2025-26").value();
  ASSERT_OK(BeginAnswers(Guide(), period, guide_));
  struct stat facts {};
  ASSERT_EQ(::stat(guide_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);

  ASSERT_OK_AND_ASSIGN(Filled filled, LoadFilled(site_, Guide(), guide_));
  filled.answers()[0].answer = "yes";
  ASSERT_OK(KeepFilled(filled, guide_));
  EXPECT_THAT(BeginAnswers(Guide(), period, guide_),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr(guide_)));

  const QuestionnaireState state = StateOf("system_guide");
  ASSERT_TRUE(state.filled);
  EXPECT_EQ(AnsweredIn(*state.filled), 1);
  EXPECT_EQ(AnsweredIn(*state.filled, &Guide().sections(0)), 1);
  EXPECT_EQ(AnsweredIn(*state.filled, &Guide().sections(1)), 0);
  EXPECT_EQ(static_cast<std::size_t>(QuestionsOf(Guide())), state.filled->answers().size());
}

TEST_F(QuestionnairesTest, AreNotTakenFromAnothersFile_OrABrokenOne) {
  const v1::Questionnaire& other = *site_.library.FindQuestionnaire("data_maturity");
  ASSERT_OK(BeginAnswers(other, ParsePeriod("2025-26").value(), guide_));
  EXPECT_THAT(
      LoadFilled(site_, Guide(), guide_).status(),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("is of the questionnaire data_maturity")));
  EXPECT_THAT(StateOf("system_guide").status,
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(guide_)));
  ASSERT_OK(WriteFileAtomically(guide_, "no questionnaire", 0600));
  EXPECT_THAT(StateOf("system_guide").status,
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("guide.toml")));
  EXPECT_EQ(StateOf("data_maturity").path, "");
  EXPECT_OK(StateOf("data_maturity").status);
}

}  // namespace
}  // namespace waymark::node
