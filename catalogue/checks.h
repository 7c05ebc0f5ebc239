// What must hold of an entry beyond its being well-formed text. For the loader.
#ifndef WAYMARK_CATALOGUE_CHECKS_H_
#define WAYMARK_CATALOGUE_CHECKS_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "catalogue/text_proto.h"
#include "waymark/v1/catalogue.pb.h"
#include "waymark/v1/questionnaire.pb.h"

namespace waymark::catalogue {

// Adds a fault for everything that is wrong within the entry: missing texts, ids, windows and bins, the
// cohort, the outcomes that its kind needs, words that catalogue/vocabulary.h does not have. `at` is the
// entry's place.
void CheckMetric(const v1::Metric& metric, const Located& at);

// The part of it that concerns the cohort and the outcomes.
void CheckCohort(const v1::Metric& metric, const Located& at);
void CheckOutcomes(const v1::Metric& metric, const Located& at);

// The part that concerns published statistics: of kind PUBLISHED and, as the population of a rate, of COUNT.
void CheckFormula(const v1::Metric& metric, const Located& at);

void CheckArea(const v1::Area& area, const Located& at);

// Missing texts; ids that are no names of columns or keys, or given twice; fewer than two answers; a section
// without questions; alternatives to nothing.
void CheckQuestionnaire(const v1::Questionnaire& questionnaire, const Located& at);
// That an entry of kind SURVEY asks for a questionnaire of the library and has its answers as outcomes.
void CheckSurvey(const v1::Metric& metric, const std::vector<v1::Questionnaire>& questionnaires,
                 const Located& at);

// A text that must be there, of at most `longest` bytes; `what` says what to add.
void CheckProse(const Located& at, absl::string_view field, absl::string_view value, std::size_t longest,
                absl::string_view what);
inline constexpr std::size_t kLongestProse = 4096;
inline constexpr std::size_t kLongestTitle = 200;

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_CHECKS_H_
