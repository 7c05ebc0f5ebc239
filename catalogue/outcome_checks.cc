#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "catalogue/bases.h"
#include "catalogue/checks.h"
#include "catalogue/columns.h"
#include "catalogue/part_checks.h"
#include "proto/contract/names.h"

namespace waymark::catalogue {
namespace {

void CheckEvents(const v1::Outcome::FollowUp& follow_up, const Located& at) {
  if (follow_up.events().empty()) at.Fail("events", "no events: name what is looked for");
  std::set<int> seen;
  for (int i = 0; i < follow_up.events_size(); ++i) {
    if (follow_up.events(i) == v1::Outcome::FollowUp::EVENT_UNSPECIFIED) {
      at.Fail("events", i, "event EVENT_UNSPECIFIED: name one");
    } else if (!seen.insert(follow_up.events(i)).second) {
      at.Fail("events", i, "an event is given twice");
    }
  }
}

void CheckSpan(const v1::Metric& metric, const v1::Outcome::FollowUp& follow_up, const Located& at) {
  CheckDays(at, "after_days", follow_up.after_days());
  CheckDays(at, "to_days", follow_up.to_days());
  if (follow_up.from_anchor() == v1::ANCHOR_UNSPECIFIED)
    at.Fail("from_anchor", "no from_anchor: ANCHOR_START or ANCHOR_END");
  if (metric.kind() == v1::METRIC_KIND_SURVIVAL) {
    if (follow_up.to_anchor() != v1::ANCHOR_UNSPECIFIED || follow_up.window() || follow_up.to_days() != 0) {
      at.Fail("to_anchor", "a survival's follow-up ends by itself: leave out to_anchor, to_days and window");
    }
    if (follow_up.from_anchor() == v1::ANCHOR_START || follow_up.after_days() != 0 || follow_up.none()) {
      at.Fail("from_anchor",
              "a survival counts from ANCHOR_END and after_days 0, and waits for what happens");
    }
    return;
  }
  if (follow_up.to_anchor() == v1::ANCHOR_UNSPECIFIED)
    at.Fail("to_anchor", "no to_anchor: ANCHOR_START or ANCHOR_END");
  if (follow_up.window() && follow_up.to_days() != 0)
    at.Fail("to_days", "to_days beside window: one or the other");
  if (!follow_up.window() && follow_up.from_anchor() == follow_up.to_anchor() &&
      follow_up.to_days() <= follow_up.after_days()) {
    at.Fail("to_days", absl::StrCat("to_days ", follow_up.to_days(), " is not after after_days ",
                                    follow_up.after_days(), ": no day lies between"));
  }
}

void CheckSources(const v1::Outcome::FollowUp& follow_up, const Located& at) {
  CheckCodes(at, "source_any_of", "source", v1::Cohort::BASE_UNSPECIFIED, follow_up.source_any_of());
  if (follow_up.source_from_contact_days() > kLongestLookUp) {
    at.Fail("source_from_contact_days",
            absl::StrCat("source_from_contact_days: ", follow_up.source_from_contact_days(),
                         ", expected at most ", kLongestLookUp));
  }
  if (follow_up.source_from_contact_days() > 0 && follow_up.source_any_of().empty()) {
    at.Fail("source_from_contact_days",
            "source_from_contact_days without source_any_of looks up a source that nothing asks for");
  }
}

void CheckFollowUp(const v1::Metric& metric, const v1::Outcome::FollowUp& follow_up, const Located& at) {
  const v1::Cohort::Base base = metric.cohort().base();
  CheckEvents(follow_up, at);
  CheckSpan(metric, follow_up, at);
  if (metric.kind() != v1::METRIC_KIND_SURVIVAL) {
    CheckAnchor(at, "from_anchor", follow_up.from_anchor(), base);
    CheckAnchor(at, "to_anchor", follow_up.to_anchor(), base);
  }
  CheckSources(follow_up, at);
}

void CheckLasted(const v1::Outcome::Lasted& lasted, const Located& at) {
  if (lasted.below_days() != 0 && lasted.below_days() <= lasted.from_days()) {
    at.Fail("below_days", absl::StrCat("below_days ", lasted.below_days(), " is not above from_days ",
                                       lasted.from_days(), ": no day lies between"));
  }
}

void CheckWorkingDays(const v1::Outcome::WorkingDays& working, const v1::Cohort& cohort, const Located& at) {
  if (cohort.base() != v1::Cohort::BASE_STEPS_COMPLETED)
    at.Fail("days", "working_days: only completed steps have the two days to count between");
  if (working.anchor() != v1::ANCHOR_START && working.anchor() != v1::ANCHOR_REFERRAL)
    at.Fail("anchor", "working_days from ANCHOR_START or ANCHOR_REFERRAL");
  if (working.anchor() == v1::ANCHOR_REFERRAL && !cohort.has_referral())
    at.Fail("anchor", "ANCHOR_REFERRAL: set has_referral in the cohort, since not every step's is known");
  if (working.days() < 1 || working.days() > kLongestLookUp)
    at.Fail("days",
            absl::StrCat("days ", working.days(), ": expected 1 to ", kLongestLookUp, " working days"));
}

// The one that is there.
void CheckTest(const v1::Metric& metric, const v1::Outcome& outcome, const Located& at) {
  const v1::Cohort& cohort = metric.cohort();
  switch (outcome.test_case()) {
    case v1::Outcome::kFollowUp:
      if (!OfEpisodes(cohort.base()))
        return at.Fail("follow_up", "only episodes are followed up: use `field`");
      return CheckFollowUp(metric, outcome.follow_up(), at.Nested("follow_up", -1));
    case v1::Outcome::kField:
      return CheckFieldTest(outcome.field(), cohort.base(), at.Nested("field", -1));
    case v1::Outcome::kPrecededBy:
      return CheckLookBack(outcome.preceded_by(), cohort.base(), at.Nested("preceded_by", -1));
    case v1::Outcome::kOpen:
      if (!OfEpisodes(cohort.base())) return at.Fail("open", "only episodes have days to count from");
      return CheckOpen(outcome.open(), cohort.base(), "open", at.Nested("open", -1));
    case v1::Outcome::kLasted:
      return CheckLasted(outcome.lasted(), at.Nested("lasted", -1));
    case v1::Outcome::kWorkingDays:
      return CheckWorkingDays(outcome.working_days(), cohort, at.Nested("working_days", -1));
    default:
      at.Fail("id", absl::StrCat("outcome \"", outcome.id(), "\" tests nothing: add follow_up or field"));
  }
}

// Classes are told by what a member is, a survival's ends by what happened when.
void CheckTestFits(const v1::Metric& metric, const v1::Outcome& outcome, const Located& at) {
  const auto test = outcome.test_case();
  if (test == v1::Outcome::TEST_NOT_SET) return CheckTest(metric, outcome, at);
  const std::string& name = v1::Outcome::descriptor()->FindFieldByNumber(test)->name();
  if (metric.kind() == v1::METRIC_KIND_MIX && test != v1::Outcome::kField && test != v1::Outcome::kLasted)
    return at.Fail(name, "a mix sorts by a field or a duration: use `field` or `lasted`");
  if (metric.kind() == v1::METRIC_KIND_SURVIVAL && test != v1::Outcome::kFollowUp)
    return at.Fail(name, "a survival waits for events: use `follow_up`");
  CheckTest(metric, outcome, at);
}

void CheckOutcomeId(const v1::Outcome& outcome, std::set<std::string>& seen, const Located& at) {
  const std::string& id = outcome.id();
  const bool fits = !id.empty() && id.size() <= 40 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (!fits) {
    at.Fail("id", absl::StrCat("outcome id \"", id, "\": expected 1 to 40 of [A-Za-z0-9_-]"));
  } else if (id == kDenominator || id == kCensored) {
    at.Fail("id", absl::StrCat("outcome id \"", id, "\" is the name of another column"));
  } else if (!seen.insert(id).second) {
    at.Fail("id", absl::StrCat("outcome \"", id, "\" is given twice"));
  }
  if (outcome.title().empty()) at.Fail("title", absl::StrCat("outcome \"", id, "\" has no title"));
}

}  // namespace

void CheckOutcomes(const v1::Metric& metric, const Located& at) {
  const bool survey = metric.kind() == v1::METRIC_KIND_SURVEY;  // outcomes are answers, which test nothing
  const bool has_outcomes = metric.kind() == v1::METRIC_KIND_PROPORTION ||
                            metric.kind() == v1::METRIC_KIND_MIX ||
                            metric.kind() == v1::METRIC_KIND_SURVIVAL || survey;
  if (has_outcomes && metric.outcomes().empty()) {
    at.Fail("outcomes",
            absl::StrCat("no outcomes: a ", contract::NameOf(metric.kind()), " needs at least one"));
  }
  if (!has_outcomes && !metric.outcomes().empty()) {
    return at.Fail("outcomes", 0, absl::StrCat("outcomes: a ", contract::NameOf(metric.kind()), " has none"));
  }
  std::set<std::string> seen;
  for (int i = 0; i < metric.outcomes_size(); ++i) {
    const Located place = at.Nested("outcomes", i);
    CheckOutcomeId(metric.outcomes(i), seen, place);
    if (metric.cohort().base() != v1::Cohort::BASE_UNSPECIFIED && !survey)
      CheckTestFits(metric, metric.outcomes(i), place);
  }
}

}  // namespace waymark::catalogue
