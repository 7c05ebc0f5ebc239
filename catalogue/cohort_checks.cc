#include <cstdint>

#include "absl/strings/str_cat.h"
#include "catalogue/bases.h"
#include "catalogue/checks.h"
#include "catalogue/part_checks.h"
#include "proto/contract/names.h"

namespace waymark::catalogue {
namespace {

constexpr std::uint32_t kOldest = 120;

bool KindFits(v1::MetricKind kind, v1::Cohort::Base base) {
  switch (kind) {
    case v1::METRIC_KIND_TRANSITION:
      return base == v1::Cohort::BASE_PERSON_TIME;
    case v1::METRIC_KIND_QUALITY:
      return base == v1::Cohort::BASE_RECORDS;
    case v1::METRIC_KIND_SURVIVAL:
      return OfClosures(base);
    case v1::METRIC_KIND_DURATION:
      return OfClosures(base) || base == v1::Cohort::BASE_EARLY_HELP_STARTED ||
             base == v1::Cohort::BASE_STARTED;
    case v1::METRIC_KIND_PROPORTION:
    case v1::METRIC_KIND_MIX:
    case v1::METRIC_KIND_COUNT:
      return OfMembers(base);
    case v1::METRIC_KIND_SCORE_CHANGE:
      return base == v1::Cohort::BASE_SCORES;
    case v1::METRIC_KIND_RATIO:
    case v1::METRIC_KIND_SURVEY:
      return base == v1::Cohort::BASE_COUNCIL;
    default:
      return true;  // the kind itself is the fault
  }
}

// What a base asks for besides, and what it cannot have.
void CheckBase(const v1::Cohort& cohort, const Located& at) {
  const auto& name = v1::Cohort::Base_Name(cohort.base());
  if (HasLevel(cohort.base()) != (cohort.level() != v1::LEVEL_UNSPECIFIED)) {
    at.Fail("level", HasLevel(cohort.base()) ? absl::StrCat(name, " without level: LEVEL_EARLY_HELP, …")
                                             : absl::StrCat("level: ", name, " has none"));
  }
  if (OfSteps(cohort.base()) != (cohort.step() != v1::STEP_UNSPECIFIED)) {
    at.Fail("step", OfSteps(cohort.base()) ? absl::StrCat(name, " without step: STEP_ASSESSMENT, …")
                                           : absl::StrCat("step: ", name, " has none"));
  }
  if (cohort.has_referral() && !OfSteps(cohort.base())) {
    at.Fail("has_referral", "has_referral: only steps belong to a referral");
  }
  if (cohort.under_age() > 0 && !OfMembers(cohort.base())) {
    at.Fail("under_age",
            absl::StrCat("under_age: the members of ", name, " have no day on which age is taken"));
  }
  if (cohort.under_age() > kOldest) {
    at.Fail("under_age",
            absl::StrCat("under_age ", cohort.under_age(), ": expected years, at most ", kOldest));
  }
}

void CheckNoneOpen(const v1::Cohort& cohort, const Located& place) {
  for (int i = 0; i < cohort.none_open_size(); ++i) {
    if (!OfEpisodes(cohort.base()))
      place.Fail("none_open", i, "none_open: only episodes have days to count from");
    CheckOpen(cohort.none_open(i), cohort.base(), "none_open", place.Nested("none_open", i));
  }
}

void CheckSinceContact(const v1::Metric& metric, const Located& place) {
  if (!metric.cohort().has_since_contact()) {
    if (metric.kind() == v1::METRIC_KIND_DURATION && KindFits(metric.kind(), metric.cohort().base()) &&
        !OfClosures(metric.cohort().base())) {
      place.Fail("base", "a duration of what may be open: name since_contact, the day it counts from");
    }
    return;
  }
  const v1::LatestContact& contact = metric.cohort().since_contact();
  const Located at = place.Nested("since_contact", -1);
  if (contact.outcome_any_of().empty())
    at.Fail("outcome_any_of", "no outcome_any_of: name the contacts' outcomes");
  CheckCodes(at, "outcome_any_of", "outcome", v1::Cohort::BASE_CONTACTS, contact.outcome_any_of());
  if (contact.within_days() > kLongestLookUp) {
    at.Fail("within_days",
            absl::StrCat("within_days: ", contact.within_days(), ", expected at most ", kLongestLookUp));
  }
}

}  // namespace

void CheckCohort(const v1::Metric& metric, const Located& at) {
  const v1::Cohort& cohort = metric.cohort();
  if (cohort.base() == v1::Cohort::BASE_UNSPECIFIED)
    return at.Fail("cohort", "no cohort base: say what is counted");
  const Located place = at.Nested("cohort", -1);
  if (!KindFits(metric.kind(), cohort.base())) {
    place.Fail("base", absl::StrCat("base ", v1::Cohort::Base_Name(cohort.base()), " does not fit the kind ",
                                    contract::NameOf(metric.kind())));
  }
  CheckBase(cohort, place);
  if (cohort.post_closure() && !OfClosures(cohort.base())) {
    place.Fail("post_closure", "post_closure: only closures have a follow-up");
  }
  if (cohort.post_closure() && metric.kind() == v1::METRIC_KIND_SURVIVAL) {
    place.Fail("post_closure", "post_closure: a survival censors where this would leave out");
  }
  CheckNoneOpen(cohort, place);
  for (int i = 0; i < cohort.fields_size(); ++i) {
    CheckFieldTest(cohort.fields(i), cohort.base(), place.Nested("fields", i));
  }
  if (cohort.has_preceded_by())
    CheckLookBack(cohort.preceded_by(), cohort.base(), place.Nested("preceded_by", -1));
  CheckSinceContact(metric, place);
}

}  // namespace waymark::catalogue
