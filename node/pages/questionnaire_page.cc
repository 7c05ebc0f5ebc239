#include "node/pages/questionnaire_page.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/file.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/questionnaire/filled.h"
#include "node/site/questionnaires.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

std::string TagOf(const Filled& filled) {
  return absl::BytesToHexString(crypto::Sha256(filled.Toml()));
}

absl::StatusOr<const v1::Section*> SectionNamed(const v1::Questionnaire& questionnaire,
                                                const std::string& id) {
  for (const v1::Section& section : questionnaire.sections()) {
    if (id.empty() || section.id() == id) return &section;
  }
  return absl::NotFoundError("This questionnaire has no such section.");
}

Json OptionsOf(const v1::Questionnaire& questionnaire, const std::string& question,
               const std::string& chosen) {
  Json options = Json::array();
  for (const v1::Answer& answer : questionnaire.answers()) {
    options.push_back({{"value", answer.id()},
                       {"label", answer.title()},
                       {"field", absl::StrCat(question, "-", answer.id())},
                       {"chosen", answer.id() == chosen}});
  }
  return options;
}

Json QuestionJson(const v1::Questionnaire& questionnaire, const FilledAnswer& answer) {
  const std::string& id = answer.question->id();
  return {{"question", id},
          {"text", answer.question->text()},
          {"reversed", answer.question->reversed()},
          {"has_alternatives", !answer.question->alternatives().empty()},
          {"answers", OptionsOf(questionnaire, id, answer.answer)},
          {"has_targets", questionnaire.asks_targets()},
          {"targets", OptionsOf(questionnaire, id, answer.target)},
          {"rationale", answer.rationale},
          {"plan", answer.plan}};
}

absl::Status CheckAnswer(const v1::Questionnaire& questionnaire, const std::string& question,
                         const std::string& answer) {
  if (answer.empty()) return absl::OkStatus();
  for (const v1::Answer& one : questionnaire.answers()) {
    if (one.id() == answer) return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("Question ", question, ": this is none of its answers."));
}

absl::Status CheckText(const std::string& question, const std::string& text) {
  if (text.size() <= kLongestText) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("Question ", question, ": a text has at most ", kLongestText, " characters."));
}

// Browsers send new lines as two characters.
std::string TextOf(std::string text) {
  return absl::StrReplaceAll(text, {{"\r\n", "\n"}, {"\r", "\n"}});
}

}  // namespace

Json QuestionnaireListContext(const Site& site) {
  Json list = Json::array();
  for (const QuestionnaireState& state : QuestionnaireStates(site)) {
    const v1::Questionnaire& one = *state.questionnaire;
    std::string why;
    if (state.path.empty()) {
      why = std::string(AnswersFileOf(site, one.id()).status().message());
    } else if (!state.filled) {
      why = state.status.ok() ? "not begun" : std::string(state.status.message());
    }
    list.push_back({{"id", one.id()},
                    {"questionnaire_title", one.title()},
                    {"questions", QuestionsOf(one)},
                    {"answered", state.filled ? absl::StrCat(AnsweredIn(*state.filled)) : ""},
                    {"period", state.filled ? state.filled->period().label : ""},
                    {"href", state.path.empty() ? "" : absl::StrCat("/questionnaires/", one.id())},
                    {"why", why}});
  }
  return {{"questionnaires", std::move(list)}};
}

absl::StatusOr<Json> QuestionnaireContext(const Site& site, const std::string& id,
                                          const std::string& section_id) {
  ASSIGN_OR_RETURN(const v1::Questionnaire* questionnaire, QuestionnaireNamed(site, id));
  ASSIGN_OR_RETURN(const v1::Section* section, SectionNamed(*questionnaire, section_id));
  ASSIGN_OR_RETURN(const std::string path, AnswersFileOf(site, id));
  Json context = {{"id", id},
                  {"questionnaire_title", questionnaire->title()},
                  {"source", questionnaire->source()},
                  {"is_begun", FileExists(path)},
                  {"section", section->id()},
                  {"section_title", section->title()},
                  {"period", ""},
                  {"file", ""},
                  {"sections", Json::array()},
                  {"questions", Json::array()}};
  if (!FileExists(path)) return context;
  ASSIGN_OR_RETURN(const Filled filled, LoadFilled(site, *questionnaire, path));
  context["period"] = filled.period().label;
  context["file"] = TagOf(filled);
  for (const v1::Section& each : questionnaire->sections()) {
    context["sections"].push_back({{"href", absl::StrCat("/questionnaires/", id, "?section=", each.id())},
                                   {"label", each.title()},
                                   {"answered", AnsweredIn(filled, &each)},
                                   {"of", each.questions_size()},
                                   {"current", &each == section}});
  }
  for (const FilledAnswer& answer : filled.answers()) {
    if (answer.section == section) context["questions"].push_back(QuestionJson(*questionnaire, answer));
  }
  return context;
}

absl::Status BeginQuestionnaire(const Site& site, const std::string& id, const std::string& period) {
  ASSIGN_OR_RETURN(const v1::Questionnaire* questionnaire, QuestionnaireNamed(site, id));
  ASSIGN_OR_RETURN(const std::string path, AnswersFileOf(site, id));
  const absl::StatusOr<Period> parsed = ParsePeriod(period);
  if (!parsed.ok()) return absl::InvalidArgumentError(std::string(parsed.status().message()));
  const absl::Status begun = BeginAnswers(*questionnaire, *parsed, path);
  return absl::IsAlreadyExists(begun) ? absl::OkStatus() : begun;
}

absl::Status KeepAnswers(const Site& site, const std::string& id, const std::string& section_id,
                         absl::FunctionRef<std::string(const std::string&)> value) {
  ASSIGN_OR_RETURN(const v1::Questionnaire* questionnaire, QuestionnaireNamed(site, id));
  ASSIGN_OR_RETURN(const v1::Section* section, SectionNamed(*questionnaire, section_id));
  ASSIGN_OR_RETURN(const std::string path, AnswersFileOf(site, id));
  ASSIGN_OR_RETURN(Filled filled, LoadFilled(site, *questionnaire, path));
  if (value("file") != TagOf(filled)) {
    return absl::AbortedError(
        "Somebody else changed these answers after this form was opened. Nothing was saved: open the section "
        "again, and write what you meant to.");
  }
  for (FilledAnswer& answer : filled.answers()) {
    if (answer.section != section) continue;
    const std::string& question = answer.question->id();
    answer.answer = value(absl::StrCat("answer.", question));
    answer.target = questionnaire->asks_targets() ? value(absl::StrCat("target.", question)) : "";
    answer.rationale = TextOf(value(absl::StrCat("rationale.", question)));
    answer.plan = TextOf(value(absl::StrCat("plan.", question)));
    RETURN_IF_ERROR(CheckAnswer(*questionnaire, question, answer.answer));
    RETURN_IF_ERROR(CheckAnswer(*questionnaire, question, answer.target));
    RETURN_IF_ERROR(CheckText(question, answer.rationale));
    RETURN_IF_ERROR(CheckText(question, answer.plan));
  }
  return KeepFilled(filled, path);
}

}  // namespace waymark::node
