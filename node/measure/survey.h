// Metric kind SURVEY: a council's own answers to a questionnaire.
#ifndef WAYMARK_NODE_MEASURE_SURVEY_H_
#define WAYMARK_NODE_MEASURE_SURVEY_H_

#include <cstdint>
#include <vector>

#include "base/period.h"
#include "node/measure/measurer.h"
#include "waymark/v1/questionnaire.pb.h"

namespace waymark::node {

// What was answered, as numbers of the questionnaire's answers and nothing else: the council's reasons and
// plans have no place in here, so that nothing made of it can tell them. Only such answers are measured.
struct SurveyAnswers {
  static constexpr std::int8_t kUnanswered = -1;

  const v1::Questionnaire* questionnaire = nullptr;  // of the library, which outlives this
  Period period = {};                                // which they describe
  // By question, in the questionnaire's order; each kUnanswered or the index of an answer.
  std::vector<std::int8_t> now;
  std::vector<std::int8_t> in_a_year;
};

// One table a unit, by question: a row a question with a 1 in the column of its answer. There is no table of
// all, because questions are never summed. Not available where `request.answers` are none, of another
// questionnaire or of another period.
std::vector<Measured> MeasureSurvey(const MeasureRequest& request, const std::vector<v1::Unit>& units);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_SURVEY_H_
