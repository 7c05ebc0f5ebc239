#include "node/site/questionnaires.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/nearest.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr unsigned kFileMode = 0600;  // reasons and plans are the council's own

}  // namespace

absl::StatusOr<const v1::Questionnaire*> QuestionnaireNamed(const Site& site, const std::string& id) {
  if (const v1::Questionnaire* found = site.library.FindQuestionnaire(id); found != nullptr) return found;
  std::vector<std::string> known;
  for (const v1::Questionnaire& one : site.library.questionnaires()) known.push_back(one.id());
  const std::string nearest = Nearest(id, known);
  return absl::NotFoundError(
      absl::StrCat("questionnaire \"", id, "\" is not in the library",
                   nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?"),
                   "; there are: ", absl::StrJoin(known, ", ")));
}

absl::StatusOr<std::string> AnswersFileOf(const Site& site, const std::string& id) {
  const auto file = site.configuration.questionnaires.find(id);
  if (file != site.configuration.questionnaires.end()) return file->second;
  return absl::FailedPreconditionError(absl::StrCat("no file is named for the questionnaire ", id, ": write ",
                                                    id, " = \"", id, ".toml\" under [questionnaires] in ",
                                                    site.configuration.path));
}

absl::StatusOr<Filled> LoadFilled(const Site& site, const v1::Questionnaire& questionnaire,
                                  const std::string& path) {
  ASSIGN_OR_RETURN(Filled filled, Filled::Load(path, site.library));
  if (&filled.questionnaire() == &questionnaire) return filled;
  return absl::FailedPreconditionError(absl::StrCat(
      path, ": is of the questionnaire ", filled.questionnaire().id(), ", expected ", questionnaire.id()));
}

absl::Status BeginAnswers(const v1::Questionnaire& questionnaire, const Period& period,
                          const std::string& path) {
  if (FileExists(path)) return absl::AlreadyExistsError(absl::StrCat(path, " is there already"));
  return KeepFilled(Filled::Blank(questionnaire, period), path);
}

absl::Status KeepFilled(const Filled& filled, const std::string& path) {
  return WriteFileAtomically(path, filled.Toml(), kFileMode);
}

int QuestionsOf(const v1::Questionnaire& questionnaire) {
  int questions = 0;
  for (const v1::Section& section : questionnaire.sections()) questions += section.questions_size();
  return questions;
}

int AnsweredIn(const Filled& filled, const v1::Section* section) {
  return static_cast<int>(
      std::count_if(filled.answers().begin(), filled.answers().end(), [section](const FilledAnswer& answer) {
        return (section == nullptr || answer.section == section) && !answer.answer.empty();
      }));
}

std::vector<QuestionnaireState> QuestionnaireStates(const Site& site) {
  std::vector<QuestionnaireState> states;
  for (const v1::Questionnaire& one : site.library.questionnaires()) {
    QuestionnaireState& state = states.emplace_back(QuestionnaireState{.questionnaire = &one});
    state.path = AnswersFileOf(site, one.id()).value_or("");
    if (state.path.empty() || !FileExists(state.path)) continue;
    absl::StatusOr<Filled> filled = LoadFilled(site, one, state.path);
    state.status = filled.status();
    if (filled.ok()) state.filled = *std::move(filled);
  }
  return states;
}

}  // namespace waymark::node
