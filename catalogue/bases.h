// What the bases of cohorts have in common: for the loader, the words and the measuring.
#ifndef WAYMARK_CATALOGUE_BASES_H_
#define WAYMARK_CATALOGUE_BASES_H_

#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// Merged episodes or spells, with a start and perhaps an end.
bool OfEpisodes(v1::Cohort::Base base);
// Those that have ended.
bool OfClosures(v1::Cohort::Base base);
bool OfSteps(v1::Cohort::Base base);
// Whose entries name a level.
bool HasLevel(v1::Cohort::Base base);
// Whose members may have outcomes: all but persons' days, records, pairs of scores and the council as one.
bool OfMembers(v1::Cohort::Base base);
// Cohorts whose tables this edition makes for the council's own eyes alone: their entries have no modes.
bool IsMadeAtHomeOnly(v1::Cohort::Base base);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_BASES_H_
