#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/nearest.h"
#include "catalogue/checks.h"
#include "catalogue/columns.h"
#include "proto/contract/names.h"

namespace waymark::catalogue {
namespace {

constexpr std::size_t kLongestKey = 40;

// Ids are keys of a TOML file and names of columns and rows.
void CheckKey(const std::string& id, absl::string_view what, bool capitals, std::set<std::string>& seen,
              const Located& at) {
  const bool fits =
      !id.empty() && id.size() <= kLongestKey && std::all_of(id.begin(), id.end(), [capitals](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
               (capitals && c >= 'A' && c <= 'Z');
      });
  if (!fits) {
    at.Fail("id", absl::StrCat(what, " id \"", id, "\": expected 1 to ", kLongestKey,
                               capitals ? " of [A-Za-z0-9_]" : " of [a-z0-9_]"));
  } else if (!seen.insert(id).second) {
    at.Fail("id", absl::StrCat(what, " \"", id, "\" is given twice"));
  }
}

void CheckAnswers(const v1::Questionnaire& questionnaire, const Located& at) {
  if (questionnaire.answers_size() < 2) {
    at.Fail("answers", "fewer than two answers: name those that a question may have, the most mature first");
  }
  std::set<std::string> seen;
  for (int i = 0; i < questionnaire.answers_size(); ++i) {
    const Located place = at.Nested("answers", i);
    CheckKey(questionnaire.answers(i).id(), "answer", false, seen, place);
    if (questionnaire.answers(i).id() == kUnanswered) {
      place.Fail("id", absl::StrCat("answer id \"", kUnanswered, "\" is the name of another column"));
    }
    CheckProse(place, "title", questionnaire.answers(i).title(), kLongestTitle, "the answer in words");
  }
}

// Alternatives to nothing are a slip of the pen.
void CheckAlternatives(const v1::Questionnaire& questionnaire, const Located& at) {
  std::map<std::string, int> members;
  for (const v1::Section& section : questionnaire.sections()) {
    for (const v1::Question& question : section.questions()) ++members[question.alternatives()];
  }
  for (const auto& [name, count] : members) {
    if (name.empty() || count > 1) continue;
    at.Fail("sections", absl::StrCat("alternatives \"", name, "\" has one question only"));
  }
}

}  // namespace

void CheckQuestionnaire(const v1::Questionnaire& questionnaire, const Located& at) {
  std::set<std::string> own;
  CheckKey(questionnaire.id(), "questionnaire", false, own, at);
  if (questionnaire.version() == 0) at.Fail("version", "version 0: versions begin at 1");
  CheckProse(at, "title", questionnaire.title(), kLongestTitle, "a short name");
  CheckProse(at, "source", questionnaire.source(), kLongestProse, "who asks it, and whose the wording is");
  CheckAnswers(questionnaire, at);
  if (questionnaire.sections().empty()) at.Fail("sections", "no sections: add one with its questions");
  std::set<std::string> sections;
  std::set<std::string> questions;
  for (int i = 0; i < questionnaire.sections_size(); ++i) {
    const v1::Section& section = questionnaire.sections(i);
    const Located place = at.Nested("sections", i);
    CheckKey(section.id(), "section", false, sections, place);
    CheckProse(place, "title", section.title(), kLongestTitle, "the section's name");
    if (section.questions().empty()) place.Fail("questions", "a section without questions");
    for (int j = 0; j < section.questions_size(); ++j) {
      const Located question = place.Nested("questions", j);
      CheckKey(section.questions(j).id(), "question", true, questions, question);
      CheckProse(question, "text", section.questions(j).text(), kLongestProse, "what is asked");
    }
  }
  CheckAlternatives(questionnaire, at);
}

void CheckSurvey(const v1::Metric& metric, const std::vector<v1::Questionnaire>& questionnaires,
                 const Located& at) {
  if (metric.kind() != v1::METRIC_KIND_SURVEY) {
    if (metric.has_survey()) {
      at.Fail("survey", absl::StrCat("survey: a ", contract::NameOf(metric.kind()), " has none"));
    }
    return;
  }
  std::vector<std::string> ids;
  const v1::Questionnaire* asked = nullptr;
  for (const v1::Questionnaire& questionnaire : questionnaires) {
    ids.push_back(questionnaire.id());
    if (questionnaire.id() == metric.survey().questionnaire()) asked = &questionnaire;
  }
  if (asked == nullptr) {
    const std::string nearest = Nearest(metric.survey().questionnaire(), ids);
    return at.Fail(
        "survey",
        absl::StrCat("questionnaire \"", metric.survey().questionnaire(), "\" is not in the catalogue",
                     nearest.empty() ? absl::StrCat("; it has ", absl::StrJoin(ids, ", "))
                                     : absl::StrCat("; did you mean \"", nearest, "\"?")));
  }
  if (metric.survey().targets() && !asked->asks_targets()) {
    at.Fail("survey", absl::StrCat("targets: the questionnaire ", asked->id(), " does not ask for them"));
  }
  const auto id = [](std::string* out, const auto& item) { absl::StrAppend(out, item.id()); };
  const std::string answers = absl::StrJoin(asked->answers(), ", ", id);
  if (absl::StrJoin(metric.outcomes(), ", ", id) != answers) {
    at.Fail("outcomes",
            absl::StrCat("outcomes: expected the questionnaire's answers in their order: ", answers));
  }
}

}  // namespace waymark::catalogue
