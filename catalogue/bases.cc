#include "catalogue/bases.h"

namespace waymark::catalogue {

bool OfEpisodes(v1::Cohort::Base base) {
  return OfClosures(base) || base == v1::Cohort::BASE_EARLY_HELP_STARTED || HasLevel(base);
}

bool OfClosures(v1::Cohort::Base base) {
  return base == v1::Cohort::BASE_EARLY_HELP_ENDED || base == v1::Cohort::BASE_SOCIAL_CARE_ENDED ||
         base == v1::Cohort::BASE_STEP_DOWNS;
}

bool OfSteps(v1::Cohort::Base base) {
  return base == v1::Cohort::BASE_STEPS_STARTED || base == v1::Cohort::BASE_STEPS_COMPLETED;
}

bool HasLevel(v1::Cohort::Base base) {
  return base == v1::Cohort::BASE_STARTED || base == v1::Cohort::BASE_OPEN;
}

bool OfMembers(v1::Cohort::Base base) {
  return base != v1::Cohort::BASE_PERSON_TIME && base != v1::Cohort::BASE_RECORDS &&
         base != v1::Cohort::BASE_SCORES && base != v1::Cohort::BASE_COUNCIL;
}

bool IsMadeAtHomeOnly(v1::Cohort::Base base) {
  return base == v1::Cohort::BASE_SCORES || base == v1::Cohort::BASE_NEEDS ||
         base == v1::Cohort::BASE_NEEDS_ASSESSED || base == v1::Cohort::BASE_VIEWS ||
         base == v1::Cohort::BASE_COUNCIL;
}

}  // namespace waymark::catalogue
