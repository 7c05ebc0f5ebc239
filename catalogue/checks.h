// What must hold of an entry beyond its being well-formed text. For the loader.
#ifndef WAYMARK_CATALOGUE_CHECKS_H_
#define WAYMARK_CATALOGUE_CHECKS_H_

#include "catalogue/text_proto.h"
#include "waymark/v1/catalogue.pb.h"

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

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_CHECKS_H_
