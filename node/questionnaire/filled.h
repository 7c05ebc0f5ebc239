// A questionnaire as a council filled it in: a TOML file that a person can edit.
//
//   questionnaire = "system_guide"
//   version = 1
//   period = "2025-26"
//
//   [answers.F1]
//   answer = "mostly_yes"     # "": not answered yet
//   target = "yes"            # where the council means to be in a year; where the questionnaire asks it
//   rationale = "…"           # these two never leave the council
//   plan = "…"
#ifndef WAYMARK_NODE_QUESTIONNAIRE_FILLED_H_
#define WAYMARK_NODE_QUESTIONNAIRE_FILLED_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/period.h"
#include "catalogue/library.h"
#include "node/measure/survey.h"
#include "waymark/v1/questionnaire.pb.h"

namespace waymark::node {

struct FilledAnswer {
  const v1::Section* section = nullptr;
  const v1::Question* question = nullptr;
  std::string answer = {};  // id of an answer; "": not answered yet
  std::string target = {};
  std::string rationale = {};
  std::string plan = {};
};

// Holds on to the questionnaire, whose library outlives it. Not thread-safe.
class Filled {
 public:
  static Filled Blank(const v1::Questionnaire& questionnaire, const Period& period);

  // INVALID_ARGUMENT with every error, a line each: "FILE:12: answers.F1.answer: …": an unknown
  // questionnaire, question or answer, another version, a period that is none, a text that is too long.
  static absl::StatusOr<Filled> Parse(const std::string& text, const std::string& file,
                                      const catalogue::Library& library);
  // The same of a file.
  static absl::StatusOr<Filled> Load(const std::string& path, const catalogue::Library& library);

  const v1::Questionnaire& questionnaire() const { return *questionnaire_; }
  const Period& period() const { return period_; }
  // Of every question, in the questionnaire's order.
  std::vector<FilledAnswer>& answers() { return answers_; }
  const std::vector<FilledAnswer>& answers() const { return answers_; }

  // The file, with every question as a comment; Parse gives the same again.
  std::string Toml() const;

  // What may be measured: answers as numbers, and nothing that anybody wrote.
  SurveyAnswers Answers() const;

 private:
  Filled(const v1::Questionnaire& questionnaire, const Period& period);

  const v1::Questionnaire* questionnaire_;
  Period period_;
  std::vector<FilledAnswer> answers_;
};

// The longest rationale or plan, in bytes.
inline constexpr std::size_t kLongestText = 10'000;

}  // namespace waymark::node

#endif  // WAYMARK_NODE_QUESTIONNAIRE_FILLED_H_
