// Named councils' own answers to a questionnaire, read from their published figures. For guide.cc and its
// tests.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_GUIDE_ANSWERS_H_
#define WAYMARK_COORDINATOR_BENCHMARK_GUIDE_ANSWERS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "coordinator/benchmark/guide.h"
#include "statistics/agreement.h"

namespace waymark::coordinator {

// By council: to each question, in the questionnaire's order, the number of its answer or
// statistics::kNoAnswer.
using OwnAnswers = std::map<std::string, std::vector<int>>;

// Of every council of which there is a figure with a number in it.
OwnAnswers OwnAnswersIn(const v1::QueryResponse& figures, const v1::Questionnaire& questionnaire);

// Of a question, by its number: who of those in both moved which way. Nothing where nobody answered both.
std::optional<GuideMoves> MovesBetween(const OwnAnswers& before, const OwnAnswers& now,
                                       const v1::Questionnaire& questionnaire, const v1::Question& question,
                                       std::size_t number);

// Each theme in each region, judged together.
absl::StatusOr<std::vector<GuideAlike>> AlikeIn(const OwnAnswers& answers,
                                                const v1::Questionnaire& questionnaire,
                                                absl::Span<const GuidePlace> regions,
                                                const catalogue::Library& library,
                                                const statistics::Draw& draw);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_GUIDE_ANSWERS_H_
