#include "node/measure/survey.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "node/measure/home_table.h"

namespace waymark::node {
namespace {

Availability AvailabilityOf(const MeasureRequest& request) {
  const std::string& wanted = request.metric->survey().questionnaire();
  if (request.answers == nullptr || request.answers->questionnaire->id() != wanted) {
    return {.completeness = Completeness::kNotAvailable,
            .reason = absl::StrCat("no answers: name the file with them under [questionnaires], as ", wanted,
                                   " = \"", wanted, ".toml\"; `waymark-node questionnaire new` makes one")};
  }
  const Period& period = request.answers->period;
  if (period.first == request.period.first && period.last == request.period.last) return {};
  return {.completeness = Completeness::kNotAvailable,
          .reason = absl::StrCat("the answers are of ", period.label)};
}

void AddRows(const SurveyAnswers& answers, const std::vector<std::int8_t>& chosen, contract::Table& table) {
  std::vector<std::pair<std::string, std::int8_t>> rows;
  for (const v1::Section& section : answers.questionnaire->sections()) {
    for (const v1::Question& question : section.questions())
      rows.emplace_back(question.id(), chosen[rows.size()]);
  }
  std::sort(rows.begin(), rows.end());
  for (const auto& row : rows) table.rows.push_back(row.first);
  table.Resize();
  const std::size_t unanswered = table.columns.size() - 1;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int8_t answer = rows[i].second;
    table.At(i, answer < 0 ? unanswered : static_cast<std::size_t>(answer)) = 1;
  }
}

}  // namespace

std::vector<Measured> MeasureSurvey(const MeasureRequest& request, const std::vector<v1::Unit>& units) {
  const v1::Metric& metric = *request.metric;
  const Availability availability = AvailabilityOf(request);
  std::vector<Measured> all;
  for (const v1::Unit unit : units) {
    Measured& measured = all.emplace_back(EmptyTable(request, unit, {"question"}, availability));
    if (!availability.can_be_measured()) continue;
    const SurveyAnswers& answers = *request.answers;
    AddRows(answers, metric.survey().targets() ? answers.in_a_year : answers.now, measured.table);
    measured.figures = catalogue::FiguresOf(metric, measured.table);
  }
  return all;
}

}  // namespace waymark::node
