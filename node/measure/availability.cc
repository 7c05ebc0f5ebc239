#include "node/measure/availability.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "node/measure/entry.h"
#include "node/measure/fields.h"

namespace waymark::node {
namespace {

using FollowUp = v1::Outcome::FollowUp;

// The kinds of record that a metric reads.
struct Kinds {
  bool early_help = false;
  bool social_care = false;
  bool referrals = false;  // those in social care that are referrals
  bool contacts = false;
};

void AddEvent(int event, Kinds& kinds) {
  if (event == FollowUp::EVENT_EARLY_HELP_START) {
    kinds.early_help = true;
  } else {
    kinds.social_care = true;
  }
}

void AddBase(v1::Cohort::Base base, Kinds& kinds) {
  switch (base) {
    case v1::Cohort::BASE_EARLY_HELP_ENDED:
    case v1::Cohort::BASE_EARLY_HELP_STARTED:
      kinds.early_help = true;
      return;
    case v1::Cohort::BASE_SOCIAL_CARE_ENDED:
      kinds.social_care = true;
      return;
    case v1::Cohort::BASE_REFERRALS:
      kinds.social_care = kinds.referrals = true;
      return;
    case v1::Cohort::BASE_CONTACTS:
      kinds.contacts = true;
      return;
    case v1::Cohort::BASE_PERSON_TIME:
      kinds.early_help = kinds.social_care = true;
      return;
    default:
      return;
  }
}

Kinds KindsOf(const v1::Metric& metric) {
  Kinds kinds;
  AddBase(metric.cohort().base(), kinds);
  for (const v1::Cohort::NoneOpen& none : metric.cohort().none_open()) {
    (none.level() == v1::LEVEL_EARLY_HELP ? kinds.early_help : kinds.social_care) = true;
  }
  for (const v1::Outcome& outcome : metric.outcomes()) {
    for (const int event : outcome.follow_up().events()) AddEvent(event, kinds);
    // Where only referrals are looked for, a source without any would make a false 0.
    const auto& events = outcome.follow_up().events();
    kinds.referrals |= events.size() == 1 && events[0] == FollowUp::EVENT_SOCIAL_CARE_REFERRAL;
  }
  for (const std::string& needed : metric.fields_needed()) {
    const absl::string_view kind =
        std::pair<absl::string_view, absl::string_view>(absl::StrSplit(needed, '.')).first;
    kinds.early_help |= kind == "early_help";
    kinds.social_care |= kind == "social_care" || kind == "referral";
    kinds.referrals |= kind == "referral";
    kinds.contacts |= kind == "contact";
  }
  return kinds;
}

// The cohort base whose records are of the kind that `fields_needed` calls `kind`.
v1::Cohort::Base BaseNamed(absl::string_view kind) {
  if (kind == "early_help") return v1::Cohort::BASE_EARLY_HELP_ENDED;
  if (kind == "social_care") return v1::Cohort::BASE_SOCIAL_CARE_ENDED;
  if (kind == "referral") return v1::Cohort::BASE_REFERRALS;
  return v1::Cohort::BASE_CONTACTS;
}

absl::string_view RecordsOf(v1::Cohort::Base base) {
  switch (base) {
    case v1::Cohort::BASE_REFERRALS:
      return "referrals";
    case v1::Cohort::BASE_CONTACTS:
      return "contacts";
    case v1::Cohort::BASE_SOCIAL_CARE_ENDED:
      return "social-care episodes";
    default:
      return "early-help episodes";
  }
}

Availability NotAvailable(std::string reason) {
  return {.completeness = Completeness::kNotAvailable, .reason = std::move(reason)};
}

// "" where every field that the whole entry needs is carried; else what is missing.
std::string MissingField(const Journeys& journeys, const v1::Metric& metric) {
  const auto missing = [](absl::string_view field, v1::Cohort::Base base) {
    return absl::StrCat("no source carries the field \"", field, "\" of ", RecordsOf(base));
  };
  for (const std::string& needed : metric.fields_needed()) {
    const std::vector<absl::string_view> parts = absl::StrSplit(needed, '.');
    if (parts.size() != 2) continue;
    const std::optional<Field> field = FieldNamed(parts[1]);
    const v1::Cohort::Base base = BaseNamed(parts[0]);
    if (!field.has_value() || !IsCarried(journeys, base, *field)) return missing(parts[1], base);
  }
  const v1::Cohort::Base base = metric.cohort().base();
  for (const v1::FieldTest& test : metric.cohort().fields()) {
    const std::optional<Field> field = FieldNamed(test.field());
    if (field.has_value() && !IsCarried(journeys, base, *field)) return missing(test.field(), base);
  }
  // A metric of one outcome has nothing left without that outcome's field.
  const std::vector<bool> carried = CarriedOutcomes(journeys, metric);
  const bool none =
      !carried.empty() && std::none_of(carried.begin(), carried.end(), [](bool c) { return c; });
  if (!none) return "";
  const v1::Outcome& first = metric.outcomes(0);
  return missing(first.has_field() ? absl::string_view(first.field().field()) : "source", base);
}

// How many days before a member's event the entry looks.
Day LookBackOf(const v1::Metric& metric) {
  Day days = 0;
  for (const v1::Cohort::NoneOpen& none : metric.cohort().none_open())
    days = std::max(days, -none.from_days());
  return days;
}

// Narrows `availability` by the reach of one kind of record.
void Cover(absl::string_view what, const Coverage& coverage, Day needed_from, Availability& availability) {
  if (coverage.extract == kNoDay) {
    if (availability.completeness != Completeness::kNotAvailable) {
      availability = NotAvailable(absl::StrCat("no source carries ", what, " records"));
    }
    return;
  }
  availability.until = std::min(availability.until, coverage.extract);
  if (availability.completeness != Completeness::kComplete) return;
  if (coverage.from != kNoDay && coverage.from <= needed_from) return;
  availability.completeness = Completeness::kNotCovered;
  availability.reason = coverage.from == kNoDay
                            ? absl::StrCat("no source says from which day its ", what, " records are whole")
                            : absl::StrCat(what, " is covered from ", FormatDay(coverage.from),
                                           " only; this needs it from ", FormatDay(needed_from));
}

void Follow(const v1::Metric& metric, std::uint32_t window, const Period& period,
            Availability& availability) {
  const Day reach = ReachOf(metric, window);
  if (period.last + reach <= availability.until) return;
  const std::string seen = absl::StrCat("the records show the state of ", FormatDay(availability.until));
  if (period.first + reach > availability.until) {
    availability.completeness = Completeness::kNotYet;
    availability.reason = absl::StrCat("no follow-up has ended: the first ends on ",
                                       FormatDay(period.first + reach), ", ", seen);
    return;
  }
  availability.completeness = Completeness::kPartial;
  availability.reason = absl::StrCat("followed for days to ", FormatDay(availability.until - reach),
                                     " only, the period ends on ", FormatDay(period.last), ": ", seen);
}

}  // namespace

Availability Assess(const Journeys& journeys, const v1::Metric& metric, std::uint32_t window,
                    const Period& period) {
  const Records& records = journeys.records();
  Availability availability;
  const Kinds kinds = KindsOf(metric);
  const Day from = period.first - LookBackOf(metric);
  if (kinds.early_help) Cover("early help", records.early_help, from, availability);
  if (kinds.social_care) Cover("social care", records.social_care, from, availability);
  if (kinds.contacts) Cover("contact", records.contact, from, availability);
  if (availability.completeness == Completeness::kNotAvailable) return availability;
  if (kinds.referrals && records.referrals.empty()) return NotAvailable("no source carries referrals");
  if (kinds.contacts && records.contacts.empty()) return NotAvailable("no source carries contacts");
  if (std::string missing = MissingField(journeys, metric); !missing.empty()) {
    return NotAvailable(std::move(missing));
  }
  if (availability.completeness == Completeness::kComplete) Follow(metric, window, period, availability);
  return availability;
}

std::vector<bool> CarriedOutcomes(const Journeys& journeys, const v1::Metric& metric) {
  const auto has_source = [&journeys](const FollowUp& follow_up) {
    if (follow_up.source_any_of().empty()) return true;
    if (follow_up.source_from_contact_days() > 0 && !journeys.records().contacts.empty() &&
        IsCarried(journeys, v1::Cohort::BASE_CONTACTS, Field::kSource)) {
      return true;
    }
    return std::any_of(follow_up.events().begin(), follow_up.events().end(), [&journeys](int event) {
      const v1::Cohort::Base base =
          event == FollowUp::EVENT_EARLY_HELP_START       ? v1::Cohort::BASE_EARLY_HELP_ENDED
          : event == FollowUp::EVENT_SOCIAL_CARE_REFERRAL ? v1::Cohort::BASE_REFERRALS
                                                          : v1::Cohort::BASE_SOCIAL_CARE_ENDED;
      return IsCarried(journeys, base, Field::kSource);
    });
  };
  std::vector<bool> carried;
  for (const v1::Outcome& outcome : metric.outcomes()) {
    const std::optional<Field> field =
        outcome.has_field() ? FieldNamed(outcome.field().field()) : std::nullopt;
    carried.push_back(outcome.has_field()
                          ? field.has_value() && IsCarried(journeys, metric.cohort().base(), *field)
                          : has_source(outcome.follow_up()));
  }
  return carried;
}

}  // namespace waymark::node
