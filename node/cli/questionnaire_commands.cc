#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "base/text_table.h"
#include "node/cli/commands.h"
#include "node/questionnaire/dialogue.h"
#include "node/questionnaire/filled.h"
#include "node/site/questionnaires.h"
#include "node/site/site.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

void Print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}
void PrintJson(const Json& json) {
  Print(json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

absl::StatusOr<std::string> FileOf(const Site& site, const QuestionnaireOptions& options) {
  if (!options.file.empty()) return options.file;
  absl::StatusOr<std::string> configured = AnswersFileOf(site, options.id);
  if (configured.ok()) return configured;
  return absl::FailedPreconditionError(
      absl::StrCat(configured.status().message(), ", or name one with --file"));
}

// The file that `options` name.
absl::StatusOr<Filled> LoadNamed(const Site& site, const QuestionnaireOptions& options, std::string& path) {
  ASSIGN_OR_RETURN(const v1::Questionnaire* questionnaire, QuestionnaireNamed(site, options.id));
  ASSIGN_OR_RETURN(path, FileOf(site, options));
  return LoadFilled(site, *questionnaire, path);
}

Json ToJson(const Filled& filled) {
  Json answers = Json::array();
  for (const FilledAnswer& answer : filled.answers()) {
    answers.push_back({{"section", answer.section->id()},
                       {"question", answer.question->id()},
                       {"text", answer.question->text()},
                       {"reversed", answer.question->reversed()},
                       {"alternatives", answer.question->alternatives()},
                       {"answer", answer.answer},
                       {"target", answer.target},
                       {"rationale", answer.rationale},
                       {"plan", answer.plan}});
  }
  return {{"questionnaire", filled.questionnaire().id()},
          {"version", filled.questionnaire().version()},
          {"period", filled.period().label},
          {"answers", answers}};
}

std::string ToText(const Filled& filled) {
  std::string out = absl::StrCat(filled.questionnaire().title(), ", ", filled.period().label, "\n");
  const v1::Section* section = nullptr;
  for (const FilledAnswer& answer : filled.answers()) {
    if (answer.section != section) absl::StrAppend(&out, "\n", answer.section->title(), "\n");
    section = answer.section;
    absl::StrAppend(&out, "\n", answer.question->id(), "  ", answer.question->text(), "\n    ",
                    answer.answer.empty() ? "not answered yet" : answer.answer,
                    answer.target.empty() ? "" : absl::StrCat("; in a year: ", answer.target),
                    answer.question->reversed() ? "  (counts the other way round)" : "", "\n");
    if (!answer.rationale.empty()) absl::StrAppend(&out, "    rationale: ", answer.rationale, "\n");
    if (!answer.plan.empty()) absl::StrAppend(&out, "    plan: ", answer.plan, "\n");
  }
  return out;
}

}  // namespace

absl::Status QuestionnaireListCommand(const CommonOptions& common) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  Json list = Json::array();
  TextTable table({"id", ">version", ">questions", "title"});
  for (const v1::Questionnaire& one : site.library.questionnaires()) {
    const int questions = QuestionsOf(one);
    table.AddRow({one.id(), absl::StrCat(one.version()), absl::StrCat(questions), one.title()});
    list.push_back({{"id", one.id()},
                    {"version", one.version()},
                    {"questions", questions},
                    {"title", one.title()},
                    {"source", one.source()}});
  }
  if (common.json) {
    PrintJson(list);
  } else {
    Print(table.Render());
  }
  return absl::OkStatus();
}

absl::Status QuestionnaireNewCommand(const CommonOptions& common, const QuestionnaireOptions& options,
                                     const Clock& clock) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  ASSIGN_OR_RETURN(const v1::Questionnaire* questionnaire, QuestionnaireNamed(site, options.id));
  ASSIGN_OR_RETURN(const std::string path, FileOf(site, options));
  const absl::CivilDay today = absl::ToCivilDay(clock.Now(), absl::UTCTimeZone());
  Period period = FinancialYearOf(static_cast<Day>(today - absl::CivilDay(1970, 1, 1)));
  if (!options.period.empty()) {
    ASSIGN_OR_RETURN(period, ParsePeriod(options.period));
  }
  const absl::Status begun = BeginAnswers(*questionnaire, period, path);
  if (absl::IsAlreadyExists(begun)) {
    return absl::AlreadyExistsError(
        absl::StrCat(begun.message(), "; `fill` goes on with it, --file names another"));
  }
  RETURN_IF_ERROR(begun);
  Print(absl::StrCat("made ", path, " with ", QuestionsOf(*questionnaire), " questions, for ", period.label,
                     "\n"));
  return absl::OkStatus();
}

absl::Status QuestionnaireFillCommand(const CommonOptions& common, const QuestionnaireOptions& options) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  std::string path;
  ASSIGN_OR_RETURN(Filled filled, LoadNamed(site, options, path));
  RETURN_IF_ERROR(FillIn(filled, options.again, std::cin, std::cout,
                         [&path](const Filled& now) { return KeepFilled(now, path); }));
  Print(absl::StrCat(path, ": ", AnsweredIn(filled), " of ", filled.answers().size(), " answered\n"));
  return absl::OkStatus();
}

absl::Status QuestionnaireCheckCommand(const CommonOptions& common, const QuestionnaireOptions& options) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  std::string path;
  ASSIGN_OR_RETURN(const Filled filled, LoadNamed(site, options, path));
  std::vector<std::string> open;
  for (const FilledAnswer& answer : filled.answers()) {
    if (answer.answer.empty()) open.push_back(answer.question->id());
  }
  if (common.json) {
    PrintJson({{"file", path},
               {"period", filled.period().label},
               {"questions", filled.answers().size()},
               {"answered", AnsweredIn(filled)},
               {"not_answered", open}});
    return absl::OkStatus();
  }
  std::string text =
      absl::StrCat(path, " is good: ", AnsweredIn(filled), " of ", filled.answers().size(), " answered");
  for (std::size_t i = 0; i < open.size(); ++i)
    absl::StrAppend(&text, i == 0 ? "; not yet: " : ", ", open[i]);
  Print(text + "\n");
  return absl::OkStatus();
}

absl::Status QuestionnaireShowCommand(const CommonOptions& common, const QuestionnaireOptions& options) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  std::string path;
  ASSIGN_OR_RETURN(const Filled filled, LoadNamed(site, options, path));
  if (common.json) {
    PrintJson(ToJson(filled));
  } else {
    Print(ToText(filled));
  }
  return absl::OkStatus();
}

absl::Status QuestionnaireStatusCommand(const CommonOptions& common) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  Json list = Json::array();
  TextTable table({"id", "period", ">answered", ">of", "file"});
  for (const QuestionnaireState& state : QuestionnaireStates(site)) {
    RETURN_IF_ERROR(state.status);
    const v1::Questionnaire& one = *state.questionnaire;
    const std::string period = state.filled ? state.filled->period().label : "";
    const Json answered = state.filled ? Json(AnsweredIn(*state.filled)) : Json();
    table.AddRow({one.id(), period, answered.is_null() ? "" : answered.dump(), absl::StrCat(QuestionsOf(one)),
                  state.path.empty() ? "none under [questionnaires]" : state.path});
    list.push_back({{"id", one.id()},
                    {"file", state.path},
                    {"period", period},
                    {"answered", answered},
                    {"questions", QuestionsOf(one)}});
  }
  if (common.json) {
    PrintJson(list);
  } else {
    Print(table.Render());
  }
  return absl::OkStatus();
}

}  // namespace waymark::node
