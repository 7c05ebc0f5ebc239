#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/nearest.h"
#include "catalogue/checks.h"
#include "catalogue/columns.h"
#include "catalogue/vocabulary.h"
#include "proto/contract/names.h"

namespace waymark::catalogue {
namespace {

constexpr int kFarthestDay = 3660;
constexpr std::uint32_t kLongestLookUp = 366;

bool OfEpisodes(v1::Cohort::Base base) {
  return base == v1::Cohort::BASE_EARLY_HELP_ENDED || base == v1::Cohort::BASE_SOCIAL_CARE_ENDED ||
         base == v1::Cohort::BASE_EARLY_HELP_STARTED;
}

bool OfClosures(v1::Cohort::Base base) {
  return base == v1::Cohort::BASE_EARLY_HELP_ENDED || base == v1::Cohort::BASE_SOCIAL_CARE_ENDED;
}

bool KindFits(v1::MetricKind kind, v1::Cohort::Base base) {
  switch (kind) {
    case v1::METRIC_KIND_TRANSITION:
      return base == v1::Cohort::BASE_PERSON_TIME;
    case v1::METRIC_KIND_QUALITY:
      return base == v1::Cohort::BASE_RECORDS;
    case v1::METRIC_KIND_DURATION:
    case v1::METRIC_KIND_SURVIVAL:
      return OfClosures(base);
    case v1::METRIC_KIND_PROPORTION:
    case v1::METRIC_KIND_MIX:
      return base != v1::Cohort::BASE_PERSON_TIME && base != v1::Cohort::BASE_RECORDS;
    default:
      return true;  // the kind itself is the fault
  }
}

void CheckDays(const Located& at, absl::string_view field, int days) {
  if (days < -kFarthestDay || days > kFarthestDay) {
    at.Fail(field, absl::StrCat(field, ": ", days, ", expected -", kFarthestDay, " to ", kFarthestDay));
  }
}

// The codes of a field that a test lists.
template <typename Codes>
void CheckCodes(const Located& at, absl::string_view list, absl::string_view field, const Codes& codes) {
  const std::vector<absl::string_view> known = CodesOf(field);
  std::set<std::string> seen;
  for (int i = 0; i < codes.size(); ++i) {
    if (std::find(known.begin(), known.end(), codes[i]) == known.end()) {
      at.Fail(list, i,
              absl::StrCat(list, ": \"", codes[i], "\" is no code of ", field, "; one of ",
                           absl::StrJoin(known, ", ")));
    } else if (!seen.insert(codes[i]).second) {
      at.Fail(list, i, absl::StrCat(list, ": \"", codes[i], "\" is given twice"));
    }
  }
}

void CheckFieldTest(const v1::FieldTest& test, v1::Cohort::Base base, const Located& at) {
  const std::vector<absl::string_view> known = FieldsOf(base);
  if (std::find(known.begin(), known.end(), test.field()) == known.end()) {
    const std::string nearest = Nearest(test.field(), known);
    return at.Fail("field",
                   absl::StrCat("field \"", test.field(), "\" is unknown for this cohort",
                                nearest.empty() ? absl::StrCat("; one of ", absl::StrJoin(known, ", "))
                                                : absl::StrCat("; did you mean \"", nearest, "\"?")));
  }
  if (test.any_of().empty() == test.none_of().empty()) {
    at.Fail("field", "a field test needs either any_of or none_of, and not both");
  }
  CheckCodes(at, "any_of", test.field(), test.any_of());
  CheckCodes(at, "none_of", test.field(), test.none_of());
}

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
    if (follow_up.from_anchor() == v1::ANCHOR_START || follow_up.after_days() != 0) {
      at.Fail("from_anchor", "a survival counts from ANCHOR_END and after_days 0");
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
  CheckCodes(at, "source_any_of", "source", follow_up.source_any_of());
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

void CheckTest(const v1::Metric& metric, const v1::Outcome& outcome, const Located& at) {
  switch (outcome.test_case()) {
    case v1::Outcome::kFollowUp: {
      const Located place = at.Nested("follow_up", -1);
      if (metric.kind() == v1::METRIC_KIND_MIX)
        return at.Fail("follow_up", "a mix sorts by a field: use `field`");
      if (!OfEpisodes(metric.cohort().base()))
        return at.Fail("follow_up", "only episodes are followed up: use `field`");
      CheckEvents(outcome.follow_up(), place);
      CheckSpan(metric, outcome.follow_up(), place);
      CheckSources(outcome.follow_up(), place);
      return;
    }
    case v1::Outcome::kField:
      if (metric.kind() == v1::METRIC_KIND_SURVIVAL)
        return at.Fail("field", "a survival waits for events: use `follow_up`");
      CheckFieldTest(outcome.field(), metric.cohort().base(), at.Nested("field", -1));
      return;
    default:
      at.Fail("id", absl::StrCat("outcome \"", outcome.id(), "\" tests nothing: add follow_up or field"));
  }
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

void CheckCohort(const v1::Metric& metric, const Located& at) {
  const v1::Cohort& cohort = metric.cohort();
  if (cohort.base() == v1::Cohort::BASE_UNSPECIFIED)
    return at.Fail("cohort", "no cohort base: say what is counted");
  const Located place = at.Nested("cohort", -1);
  if (!KindFits(metric.kind(), cohort.base())) {
    place.Fail("base", absl::StrCat("base ", v1::Cohort::Base_Name(cohort.base()), " does not fit the kind ",
                                    contract::NameOf(metric.kind())));
  }
  if (cohort.post_closure() && !OfClosures(cohort.base())) {
    place.Fail("post_closure", "post_closure: only closures have a follow-up");
  }
  if (cohort.post_closure() && metric.kind() == v1::METRIC_KIND_SURVIVAL) {
    place.Fail("post_closure", "post_closure: a survival censors where this would leave out");
  }
  for (int i = 0; i < cohort.none_open_size(); ++i) {
    const v1::Cohort::NoneOpen& none = cohort.none_open(i);
    const Located at_none = place.Nested("none_open", i);
    if (!OfEpisodes(cohort.base()))
      place.Fail("none_open", i, "none_open: only episodes have days to count from");
    if (none.level() == v1::LEVEL_UNSPECIFIED) at_none.Fail("level", "none_open without level");
    if (none.anchor() == v1::ANCHOR_UNSPECIFIED) at_none.Fail("anchor", "none_open without anchor");
    CheckDays(at_none, "from_days", none.from_days());
    CheckDays(at_none, "to_days", none.to_days());
    if (none.from_days() > none.to_days()) {
      at_none.Fail("to_days",
                   absl::StrCat("to_days ", none.to_days(), " is before from_days ", none.from_days()));
    }
  }
  for (int i = 0; i < cohort.fields_size(); ++i) {
    CheckFieldTest(cohort.fields(i), cohort.base(), place.Nested("fields", i));
  }
}

void CheckOutcomes(const v1::Metric& metric, const Located& at) {
  const bool has_outcomes = metric.kind() == v1::METRIC_KIND_PROPORTION ||
                            metric.kind() == v1::METRIC_KIND_MIX || metric.kind() == v1::METRIC_KIND_SURVIVAL;
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
    if (metric.cohort().base() != v1::Cohort::BASE_UNSPECIFIED) CheckTest(metric, metric.outcomes(i), place);
  }
}

}  // namespace waymark::catalogue
