#include "node/measure/counting.h"

namespace waymark::node {

Counting CountingOf(const v1::Cohort& cohort) {
  Counting counting = CountingOf(cohort.base());
  if (cohort.level() != v1::LEVEL_UNSPECIFIED) counting.level = cohort.level();
  counting.step = cohort.step();
  return counting;
}

Counting CountingOf(v1::Cohort::Base base) {
  switch (base) {
    case v1::Cohort::BASE_EARLY_HELP_STARTED:
      return {.base = v1::Cohort::BASE_STARTED, .level = v1::LEVEL_EARLY_HELP};
    case v1::Cohort::BASE_EARLY_HELP_ENDED:
    case v1::Cohort::BASE_FAMILY_SPELLS_STARTED:
      return {.base = base, .level = v1::LEVEL_EARLY_HELP};
    case v1::Cohort::BASE_SOCIAL_CARE_ENDED:
    case v1::Cohort::BASE_STEP_DOWNS:
      return {.base = base, .level = v1::LEVEL_SOCIAL_CARE};
    default:
      return {.base = base};
  }
}

RecordKind RecordKindOf(const Counting& counting) {
  switch (counting.base) {
    case v1::Cohort::BASE_REFERRALS:
      return RecordKind::kReferral;
    case v1::Cohort::BASE_CONTACTS:
      return RecordKind::kContact;
    case v1::Cohort::BASE_STEPS_STARTED:
    case v1::Cohort::BASE_STEPS_COMPLETED:
      return RecordKind::kStep;
    default:
      return counting.level == v1::LEVEL_UNSPECIFIED ? RecordKind::kNone : RecordKind::kEpisode;
  }
}

StepKind StepKindOf(v1::Step step) {
  switch (step) {
    case v1::STEP_EARLY_HELP_ASSESSMENT:
      return StepKind::kEarlyHelpAssessment;
    case v1::STEP_ENQUIRY:
      return StepKind::kEnquiry;
    case v1::STEP_PLAN:
      return StepKind::kPlan;
    default:
      return StepKind::kAssessment;
  }
}

}  // namespace waymark::node
