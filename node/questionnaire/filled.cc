#include "node/questionnaire/filled.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/configuration.h"
#include "base/file.h"
#include "base/nearest.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr std::size_t kLargestFile = 2 << 20;

std::vector<std::string> AnswerIds(const v1::Questionnaire& questionnaire) {
  std::vector<std::string> ids;
  for (const v1::Answer& answer : questionnaire.answers()) ids.push_back(answer.id());
  return ids;
}

std::string ReadAnswer(ConfigTable& table, const char* key, const std::vector<std::string>& known) {
  std::string answer = table.StringOr(key, "");
  if (!answer.empty() && std::find(known.begin(), known.end(), answer) == known.end()) {
    const std::string nearest = Nearest(answer, known);
    table.Fail(key, absl::StrCat("is \"", answer, "\"; expected one of ", absl::StrJoin(known, ", "),
                                 ", or \"\" where it is not answered yet",
                                 nearest.empty() ? "" : absl::StrCat("; did you mean \"", nearest, "\"?")));
  }
  return answer;
}

std::string ReadText(ConfigTable& table, const char* key) {
  std::string text = table.StringOr(key, "");
  if (text.size() > kLongestText) {
    table.Fail(key, absl::StrCat("has ", text.size(), " bytes; expected at most ", kLongestText));
  }
  return text;
}

Period ReadPeriod(ConfigTable& root) {
  const std::string text = root.String("period", "set the year that the answers describe, as \"2025-26\"");
  absl::StatusOr<Period> period = ParsePeriod(text);
  if (period.ok()) return *std::move(period);
  if (!text.empty()) root.Fail("period", period.status().message());
  return {};
}

// A TOML string; over several lines where the text has them.
std::string Quoted(const std::string& text) {
  const bool lines = text.find('\n') != std::string::npos;
  std::string out = lines ? "\"\"\"\n" : "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      absl::StrAppend(&out, "\\", std::string(1, c));
    } else if (c == '\n' || c == '\t' || (byte >= 0x20 && byte != 0x7F)) {
      out.push_back(c);
    } else {
      absl::StrAppendFormat(&out, "\\u%04X", byte);
    }
  }
  return absl::StrCat(out, lines ? "\"\"\"" : "\"");
}

std::int8_t NumberOf(const v1::Questionnaire& questionnaire, const std::string& answer) {
  for (int i = 0; i < questionnaire.answers_size(); ++i) {
    if (questionnaire.answers(i).id() == answer) return static_cast<std::int8_t>(i);
  }
  return SurveyAnswers::kUnanswered;
}

}  // namespace

Filled::Filled(const v1::Questionnaire& questionnaire, const Period& period)
    : questionnaire_(&questionnaire), period_(period) {
  for (const v1::Section& section : questionnaire.sections()) {
    for (const v1::Question& question : section.questions())
      answers_.push_back({.section = &section, .question = &question});
  }
}

Filled Filled::Blank(const v1::Questionnaire& questionnaire, const Period& period) {
  return Filled(questionnaire, period);
}

absl::StatusOr<Filled> Filled::Parse(const std::string& text, const std::string& file,
                                     const catalogue::Library& library) {
  ASSIGN_OR_RETURN(ConfigTable root, ConfigTable::Parse(text, file));
  const std::string id = root.String("questionnaire", "name the questionnaire, as \"system_guide\"");
  const v1::Questionnaire* questionnaire = library.FindQuestionnaire(id);
  if (questionnaire == nullptr) {
    std::vector<std::string> known;
    for (const v1::Questionnaire& one : library.questionnaires()) known.push_back(one.id());
    if (!id.empty()) {
      root.Fail("questionnaire",
                absl::StrCat("\"", id, "\" is not in the catalogue; it has ", absl::StrJoin(known, ", ")));
    }
    root.AllowAll();
    return root.Finish();
  }
  constexpr std::int64_t kMostVersions = 1'000'000;
  if (const std::int64_t version = root.IntOr("version", 0, 1, kMostVersions);
      version != questionnaire->version()) {
    root.Fail("version",
              absl::StrCat("expected ", questionnaire->version(),
                           ", the version of the catalogue; see what has changed in it, then set this"));
  }
  Filled filled(*questionnaire, ReadPeriod(root));
  const std::vector<std::string> known = AnswerIds(*questionnaire);
  ConfigTable answers = root.Table("answers");
  for (FilledAnswer& answer : filled.answers_) {
    const std::string& question = answer.question->id();
    ConfigTable table = answers.Table(question);
    answer.answer = ReadAnswer(table, "answer", known);
    if (questionnaire->asks_targets()) answer.target = ReadAnswer(table, "target", known);
    answer.rationale = ReadText(table, "rationale");
    answer.plan = ReadText(table, "plan");
  }
  RETURN_IF_ERROR(root.Finish());
  return filled;
}

absl::StatusOr<Filled> Filled::Load(const std::string& path, const catalogue::Library& library) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kLargestFile));
  return Parse(text, path, library);
}

std::string Filled::Toml() const {
  const v1::Questionnaire& asked = *questionnaire_;
  std::string out =
      absl::StrCat("# ", asked.title(), "\n#\n# Fill it in here or with `waymark-node questionnaire fill`; ",
                   "`waymark-node questionnaire check` says what is wrong.\n# An answer is one of ",
                   absl::StrJoin(AnswerIds(asked), ", "), ", or \"\" where there is none yet.\n",
                   "# Rationale and plan never leave the council.\n\nquestionnaire = ", Quoted(asked.id()),
                   "\nversion = ", asked.version(), "\nperiod = ", Quoted(period_.label), "\n");
  const v1::Section* section = nullptr;
  for (const FilledAnswer& answer : answers_) {
    if (answer.section != section) absl::StrAppend(&out, "\n# --- ", answer.section->title(), " ---\n");
    section = answer.section;
    absl::StrAppend(&out, "\n# ", answer.question->text(), "\n[answers.", answer.question->id(),
                    "]\nanswer = ", Quoted(answer.answer), "\n");
    if (asked.asks_targets()) absl::StrAppend(&out, "target = ", Quoted(answer.target), "\n");
    absl::StrAppend(&out, "rationale = ", Quoted(answer.rationale), "\nplan = ", Quoted(answer.plan), "\n");
  }
  return out;
}

SurveyAnswers Filled::Answers() const {
  SurveyAnswers out{.questionnaire = questionnaire_, .period = period_, .now = {}, .in_a_year = {}};
  for (const FilledAnswer& answer : answers_) {
    out.now.push_back(NumberOf(*questionnaire_, answer.answer));
    out.in_a_year.push_back(NumberOf(*questionnaire_, answer.target));
  }
  return out;
}

}  // namespace waymark::node
