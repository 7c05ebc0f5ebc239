// The council's questionnaires: which there are, in which files its answers stand, and how far it is with
// them. Thread-safe but for two that write the same file at once.
#ifndef WAYMARK_NODE_SITE_QUESTIONNAIRES_H_
#define WAYMARK_NODE_SITE_QUESTIONNAIRES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/period.h"
#include "node/questionnaire/filled.h"
#include "node/site/site.h"

namespace waymark::node {

// NOT_FOUND with those that there are.
absl::StatusOr<const v1::Questionnaire*> QuestionnaireNamed(const Site& site, const std::string& id);

// Under [questionnaires]; FAILED_PRECONDITION where it is not.
absl::StatusOr<std::string> AnswersFileOf(const Site& site, const std::string& id);

// The errors of Filled::Load; FAILED_PRECONDITION where the file is of another questionnaire.
absl::StatusOr<Filled> LoadFilled(const Site& site, const v1::Questionnaire& questionnaire,
                                  const std::string& path);

// Makes the file with nothing answered; ALREADY_EXISTS where there is one.
absl::Status BeginAnswers(const v1::Questionnaire& questionnaire, const Period& period,
                          const std::string& path);

// For the council's own eyes: mode 0600. What was there is there until this is whole.
absl::Status KeepFilled(const Filled& filled, const std::string& path);

int QuestionsOf(const v1::Questionnaire& questionnaire);
// In a section; null: in all of them.
int AnsweredIn(const Filled& filled, const v1::Section* section = nullptr);

// How far the council is with one.
struct QuestionnaireState {
  const v1::Questionnaire* questionnaire = nullptr;
  std::string path = {};                   // "": none under [questionnaires]
  std::optional<Filled> filled = {};       // nothing where it is not begun
  absl::Status status = absl::OkStatus();  // why the file is no good
};
// Of every questionnaire of the library, in its order.
std::vector<QuestionnaireState> QuestionnaireStates(const Site& site);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_QUESTIONNAIRES_H_
