#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "base/nearest.h"
#include "base/status.h"
#include "base/text_table.h"
#include "node/cli/commands.h"
#include "node/questionnaire/dialogue.h"
#include "node/questionnaire/filled.h"
#include "node/site/site.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

constexpr unsigned kFileMode = 0600;  // reasons and plans are the council's own

void Print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}
void PrintJson(const Json& json) {
  Print(json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

absl::StatusOr<const v1::Questionnaire*> Find(const Site& site, const std::string& id) {
  if (const v1::Questionnaire* found = site.library.FindQuestionnaire(id); found != nullptr) return found;
  std::vector<std::string> known;
  for (const v1::Questionnaire& one : site.library.questionnaires()) known.push_back(one.id());
  const std::string nearest = Nearest(id, known);
  return absl::NotFoundError(
      absl::StrCat("questionnaire \"", id, "\" is not in the catalogue",
                   nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?"),
                   "; `waymark-node questionnaire list` lists all"));
}

absl::StatusOr<std::string> FileOf(const Site& site, const QuestionnaireOptions& options) {
  if (!options.file.empty()) return options.file;
  const auto configured = site.configuration.questionnaires.find(options.id);
  if (configured != site.configuration.questionnaires.end()) return configured->second;
  return absl::FailedPreconditionError(
      absl::StrCat("no file for ", options.id, ": name it with --file, or in ", site.configuration.path,
                   " under [questionnaires] as ", options.id, " = \"", options.id, ".toml\""));
}

// The file that `options` name; INVALID_ARGUMENT where it is of another questionnaire.
absl::StatusOr<Filled> LoadFilled(const Site& site, const QuestionnaireOptions& options, std::string& path) {
  ASSIGN_OR_RETURN(const v1::Questionnaire* questionnaire, Find(site, options.id));
  ASSIGN_OR_RETURN(path, FileOf(site, options));
  ASSIGN_OR_RETURN(Filled filled, Filled::Load(path, site.library));
  if (&filled.questionnaire() == questionnaire) return filled;
  return absl::InvalidArgumentError(absl::StrCat(
      path, ": is of the questionnaire ", filled.questionnaire().id(), ", expected ", questionnaire->id()));
}

int Answered(const Filled& filled) {
  int answered = 0;
  for (const FilledAnswer& answer : filled.answers()) answered += answer.answer.empty() ? 0 : 1;
  return answered;
}

int QuestionsOf(const v1::Questionnaire& questionnaire) {
  int questions = 0;
  for (const v1::Section& section : questionnaire.sections()) questions += section.questions_size();
  return questions;
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
  ASSIGN_OR_RETURN(const v1::Questionnaire* questionnaire, Find(site, options.id));
  ASSIGN_OR_RETURN(const std::string path, FileOf(site, options));
  if (FileExists(path)) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, " is there already; `fill` goes on with it, --file names another"));
  }
  const absl::CivilDay today = absl::ToCivilDay(clock.Now(), absl::UTCTimeZone());
  Period period = FinancialYearOf(static_cast<Day>(today - absl::CivilDay(1970, 1, 1)));
  if (!options.period.empty()) {
    ASSIGN_OR_RETURN(period, ParsePeriod(options.period));
  }
  RETURN_IF_ERROR(WriteFileAtomically(path, Filled::Blank(*questionnaire, period).Toml(), kFileMode));
  Print(absl::StrCat("made ", path, " with ", QuestionsOf(*questionnaire), " questions, for ", period.label,
                     "\n"));
  return absl::OkStatus();
}

absl::Status QuestionnaireFillCommand(const CommonOptions& common, const QuestionnaireOptions& options) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  std::string path;
  ASSIGN_OR_RETURN(Filled filled, LoadFilled(site, options, path));
  RETURN_IF_ERROR(FillIn(filled, options.again, std::cin, std::cout, [&path](const Filled& now) {
    return WriteFileAtomically(path, now.Toml(), kFileMode);
  }));
  Print(absl::StrCat(path, ": ", Answered(filled), " of ", filled.answers().size(), " answered\n"));
  return absl::OkStatus();
}

absl::Status QuestionnaireCheckCommand(const CommonOptions& common, const QuestionnaireOptions& options) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  std::string path;
  ASSIGN_OR_RETURN(const Filled filled, LoadFilled(site, options, path));
  std::vector<std::string> open;
  for (const FilledAnswer& answer : filled.answers()) {
    if (answer.answer.empty()) open.push_back(answer.question->id());
  }
  if (common.json) {
    PrintJson({{"file", path},
               {"period", filled.period().label},
               {"questions", filled.answers().size()},
               {"answered", Answered(filled)},
               {"not_answered", open}});
    return absl::OkStatus();
  }
  std::string text =
      absl::StrCat(path, " is good: ", Answered(filled), " of ", filled.answers().size(), " answered");
  for (std::size_t i = 0; i < open.size(); ++i)
    absl::StrAppend(&text, i == 0 ? "; not yet: " : ", ", open[i]);
  Print(text + "\n");
  return absl::OkStatus();
}

absl::Status QuestionnaireShowCommand(const CommonOptions& common, const QuestionnaireOptions& options) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  std::string path;
  ASSIGN_OR_RETURN(const Filled filled, LoadFilled(site, options, path));
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
  for (const v1::Questionnaire& one : site.library.questionnaires()) {
    const auto configured = site.configuration.questionnaires.find(one.id());
    std::string file, period;
    Json answered = nullptr;
    if (configured != site.configuration.questionnaires.end()) {
      file = configured->second;
      if (FileExists(file)) {
        ASSIGN_OR_RETURN(const Filled filled, Filled::Load(file, site.library));
        answered = Answered(filled);
        period = filled.period().label;
      }
    }
    table.AddRow({one.id(), period, answered.is_null() ? "" : answered.dump(), absl::StrCat(QuestionsOf(one)),
                  file.empty() ? "none under [questionnaires]" : file});
    list.push_back({{"id", one.id()},
                    {"file", file},
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
