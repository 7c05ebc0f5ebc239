#include "node/questionnaire/dialogue.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr absl::string_view kStop = "q";

class Dialogue {
 public:
  Dialogue(const v1::Questionnaire& questionnaire, std::istream& in, std::ostream& out)
      : questionnaire_(questionnaire), in_(in), out_(out) {}

  // False where the person wants to stop.
  bool Ask(FilledAnswer& answer) {
    out_ << "\n"
         << answer.section->title() << "\n"
         << answer.question->id() << "  " << answer.question->text() << "\n";
    if (answer.question->reversed()) {
      const v1::Answer& best = questionnaire_.answers(questionnaire_.answers_size() - 1);
      out_ << "(counts the other way round: " << best.id() << " is the most mature answer)\n";
    }
    FilledAnswer given = answer;
    if (!Choose("answer", given.answer)) return false;
    if (given.answer.empty()) return true;
    const bool on = (!questionnaire_.asks_targets() || Choose("in a year", given.target)) &&
                    Write("rationale", given.rationale) && Write("plan", given.plan);
    answer = std::move(given);  // what was given before a stop is kept
    return on;
  }

 private:
  bool Line(const std::string& prompt, std::string& line) {
    out_ << prompt << std::flush;
    if (!std::getline(in_, line)) return false;
    line = std::string(absl::StripAsciiWhitespace(line));
    return line != kStop;
  }

  bool Choose(absl::string_view what, std::string& chosen) {
    int number = 0;
    const std::string choices =
        absl::StrJoin(questionnaire_.answers(), "  ", [&number](std::string* text, const v1::Answer& answer) {
          absl::StrAppend(text, ++number, " ", answer.id());
        });
    std::string line;
    while (
        Line(absl::StrCat(what, " (", choices, chosen.empty() ? "" : absl::StrCat("; now ", chosen), "): "),
             line)) {
      if (line.empty() || Take(line, chosen)) return true;
      out_ << "Expected a number from 1 to " << number << ", an answer as written above, nothing, or q.\n";
    }
    return false;
  }

  bool Take(const std::string& line, std::string& chosen) const {
    int number = 0;
    const bool by_number = absl::SimpleAtoi(line, &number);
    for (int i = 0; i < questionnaire_.answers_size(); ++i) {
      if (by_number ? number != i + 1 : questionnaire_.answers(i).id() != line) continue;
      chosen = questionnaire_.answers(i).id();
      return true;
    }
    return false;
  }

  bool Write(absl::string_view what, std::string& text) {
    std::string line;
    while (Line(absl::StrCat(what, text.empty() ? "" : " (there is one)", ": "), line)) {
      if (line.size() <= kLongestText) {
        if (!line.empty()) text = line;
        return true;
      }
      out_ << "Expected at most " << kLongestText << " bytes.\n";
    }
    return false;
  }

  const v1::Questionnaire& questionnaire_;
  std::istream& in_;
  std::ostream& out_;
};

}  // namespace

absl::Status FillIn(Filled& filled, bool again, std::istream& in, std::ostream& out,
                    const std::function<absl::Status(const Filled&)>& save) {
  Dialogue dialogue(filled.questionnaire(), in, out);
  for (FilledAnswer& answer : filled.answers()) {
    if (!again && !answer.answer.empty()) continue;
    const bool on = dialogue.Ask(answer);
    if (!answer.answer.empty()) RETURN_IF_ERROR(save(filled));
    if (!on) break;
  }
  out << "\n";
  return absl::OkStatus();
}

}  // namespace waymark::node
