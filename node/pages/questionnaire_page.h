// The questionnaires as forms: the same file that `questionnaire fill` writes, a section at a time.
#ifndef WAYMARK_NODE_PAGES_QUESTIONNAIRE_PAGE_H_
#define WAYMARK_NODE_PAGES_QUESTIONNAIRE_PAGE_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/site/site.h"

namespace waymark::node {

// {questionnaires: [{id, title, answered, questions, period, href, why}]}
nlohmann::ordered_json QuestionnaireListContext(const Site& site);

// A section's form; `section`: its id, the first where it is "". NOT_FOUND where there is no such
// questionnaire or section; FAILED_PRECONDITION where the configuration names no file for it.
absl::StatusOr<nlohmann::ordered_json> QuestionnaireContext(const Site& site, const std::string& id,
                                                            const std::string& section);

// Makes a file with nothing answered, for that period; one that is there stays as it is.
absl::Status BeginQuestionnaire(const Site& site, const std::string& id, const std::string& period);

// Keeps a section's answers: `value` gives the form's field of a name ("answer.F1", "target.F1",
// "rationale.F1", "plan.F1", "file": the file as the form showed it). ABORTED where the file is another by
// now: nothing is kept then; INVALID_ARGUMENT where an answer is none of the questionnaire's, or a text is
// too long.
absl::Status KeepAnswers(const Site& site, const std::string& id, const std::string& section,
                         absl::FunctionRef<std::string(const std::string&)> value);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_PAGES_QUESTIONNAIRE_PAGE_H_
