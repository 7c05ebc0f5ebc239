// The questionnaires of the catalogue, and every fault of one, once, with file and line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "catalogue/library.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/catalogue/catalogue_folder.h"

namespace waymark::catalogue {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr char kSound[] = R"(questionnaires {
  id: "q"
  version: 1
  title: "A questionnaire"
  source: "Somebody; the wording is ours."
  answers { id: "yes" title: "Yes" }
  answers { id: "no" title: "No" }
  sections {
    id: "s"
    title: "A section"
    questions { id: "Q1" text: "Is it so?" }
    questions { id: "Q2" text: "Is it not?" reversed: true }
  }
}
)";

constexpr char kSoundSurvey[] = R"(metrics {
  id: "41"
  number: 41
  version: 1
  title: "Answers"
  definition: "What it says."
  kind: METRIC_KIND_SURVEY
  cohort { base: BASE_COUNCIL }
  survey { questionnaire: "q" }
  outcomes { id: "yes" title: "Yes" }
  outcomes { id: "no" title: "No" }
  units: UNIT_EPISODES
  breakdowns: "question"
  display_unit: "%"
  direction: DIRECTION_NEUTRAL
  contribution_bound: 1
  linkage_group: "answers"
  source: "Somebody"
  caveats: "It does not show everything."
}
)";

class QuestionnairesTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK_AND_ASSIGN(library_, Library::Load("catalogue")); }

  // Questions a section, in order.
  std::vector<std::pair<std::string, int>> Sections(absl::string_view id) const {
    std::vector<std::pair<std::string, int>> sections;
    for (const v1::Section& section : library_.FindQuestionnaire(id)->sections())
      sections.emplace_back(section.id(), section.questions_size());
    return sections;
  }

  Library library_;
};

TEST_F(QuestionnairesTest, HaveTheSectionsAndNumbersOfTheLibrary) {
  EXPECT_THAT(Sections("system_guide"), ElementsAre(Pair("families", 10), Pair("communities", 8),
                                                    Pair("workforce", 14), Pair("leaders", 9)));
  EXPECT_THAT(Sections("data_maturity"),
              ElementsAre(Pair("sharing", 4), Pair("matching", 4), Pair("case_management", 5),
                          Pair("reporting", 5), Pair("use", 7)));
  int enablers = 0;
  for (const auto& [section, questions] : Sections("enablers")) enablers += questions;
  EXPECT_EQ(enablers, 16);
  EXPECT_THAT(library_.FindQuestionnaire("enablers")->answers(), SizeIs(4));
}

TEST_F(QuestionnairesTest, SayWhoseTheirWordingIs) {
  for (const v1::Questionnaire& questionnaire : library_.questionnaires())
    EXPECT_THAT(questionnaire.source(), HasSubstr("The wording")) << questionnaire.id();
}

TEST_F(QuestionnairesTest, MarkManualMatchingAndTheAlternatives) {
  std::vector<std::string> reversed;
  std::map<std::string, int> alternatives;
  for (const v1::Section& section : library_.FindQuestionnaire("data_maturity")->sections()) {
    for (const v1::Question& question : section.questions()) {
      if (question.reversed()) reversed.push_back(question.text());
      if (!question.alternatives().empty()) ++alternatives[question.alternatives()];
    }
  }
  EXPECT_THAT(reversed, ElementsAre(HasSubstr("by hand")));
  EXPECT_THAT(alternatives, ElementsAre(Pair("store", 2)));
}

TEST(QuestionnairesFolderTest, MayBeMissing) {
  const CatalogueFolder folder;
  folder.Metrics("m", kSoundEntry);
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load(folder.path()));
  EXPECT_THAT(library.questionnaires(), IsEmpty());
  EXPECT_EQ(library.FindQuestionnaire("q"), nullptr);
}

TEST(QuestionnairesFolderTest, IsReadWithTheEntriesThatAsk) {
  const CatalogueFolder folder;
  folder.Metrics("m", kSoundSurvey);
  folder.Questionnaires("q", kSound);
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load(folder.path()));
  EXPECT_EQ(library.FindQuestionnaire("q")->sections(0).questions(1).id(), "Q2");
}

struct Broken {
  const char* name;
  const char* sound;  // the text that is broken: a questionnaire or an entry
  const char* part;   // of the line that is replaced
  const char* line;
  const char* at;  // of the line that is named; "": the line of the message, the first
  const char* message;
};
void PrintTo(const Broken& broken, std::ostream* out) {
  *out << broken.name;
}

class BrokenQuestionnaireTest : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenQuestionnaireTest, IsNamedOnceWithFileAndLine) {
  const Broken& broken = GetParam();
  const std::string text = WithLine(broken.sound, broken.part, broken.line);
  const bool entry = broken.sound == kSoundSurvey;
  const CatalogueFolder folder;
  folder.Metrics("m", entry ? text : kSoundEntry);
  folder.Questionnaires("q", entry ? kSound : text);
  const auto library = Library::Load(folder.path());
  ASSERT_FALSE(library.ok());
  const std::string message = absl::StrReplaceAll(library.status().message(), {{folder.path() + "/", ""}});
  const int line = broken.at[0] == '\0' ? 1 : LineOf(text, broken.at);
  EXPECT_THAT(message, ::testing::StartsWith(absl::StrCat(
                           entry ? "metrics/m.textproto:" : "questionnaires/q.textproto:", line, ": ")));
  EXPECT_THAT(message, HasSubstr(broken.message));
  EXPECT_FALSE(absl::StrContains(message, "\n")) << message;
}

const Broken kBroken[] = {
    {"NoId", kSound, "  id: \"q\"", "", "", "questionnaire id \"\""},
    {"OddId", kSound, "  id: \"q\"", "  id: \"q-1\"", "q-1", "expected 1 to 40 of [a-z0-9_]"},
    {"NoVersion", kSound, "version:", "", "", "version 0"},
    {"NoTitle", kSound, "title: \"A questionnaire\"", "", "", "no title"},
    {"NoSource", kSound, "source:", "", "", "no source"},
    {"OneAnswer", kSound, "answers { id: \"no\"", "", "answers { id: \"yes\"", "fewer than two answers"},
    {"AnswerTwice", kSound, "answers { id: \"no\"", "  answers { id: \"yes\" title: \"Y\" }", "\"Y\"",
     "answer \"yes\" is given twice"},
    {"AnswerUnanswered", kSound, "answers { id: \"no\"", "  answers { id: \"unanswered\" title: \"N\" }",
     "unanswered", "the name of another column"},
    {"QuestionTwice", kSound, "id: \"Q2\"", "    questions { id: \"Q1\" text: \"Again?\" }", "Again",
     "question \"Q1\" is given twice"},
    {"NoText", kSound, "id: \"Q2\"", "    questions { id: \"Q2\" }", "Q2", "no text"},
    {"AlternativeToNothing", kSound, "id: \"Q2\"",
     "    questions { id: \"Q2\" text: \"T\" alternatives: \"x\" }", "  sections {", "has one question only"},
    {"UnknownField", kSound, "reversed", "    questions { id: \"Q2\" text: \"T\" upside_down: true }",
     "upside_down", "upside_down"},
    {"UnknownQuestionnaire", kSoundSurvey, "survey {", "  survey { questionnaire: \"p\" }", "survey {",
     "questionnaire \"p\" is not in the catalogue"},
    {"TargetsNotAsked", kSoundSurvey, "survey {", "  survey { questionnaire: \"q\" targets: true }",
     "survey {", "does not ask for them"},
    {"OtherAnswers", kSoundSurvey, "outcomes { id: \"no\"", "  outcomes { id: \"maybe\" title: \"Maybe\" }",
     "outcomes { id: \"yes\"", "expected the questionnaire's answers in their order: yes, no"},
};
INSTANTIATE_TEST_SUITE_P(All, BrokenQuestionnaireTest, ::testing::ValuesIn(kBroken),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace waymark::catalogue
