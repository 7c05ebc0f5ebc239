#include "node/measure/availability.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "catalogue/follow_up.h"
#include "node/measure/counting.h"
#include "node/measure/fields.h"
#include "node/measure/needs.h"

namespace waymark::node {
namespace {

using FollowUp = v1::Outcome::FollowUp;

// Records of the kind that `fields_needed` calls `kind`.
Counting CountingNamed(absl::string_view kind) {
  if (kind == "early_help") return CountingOf(v1::Cohort::BASE_EARLY_HELP_ENDED);
  if (kind == "social_care") return CountingOf(v1::Cohort::BASE_SOCIAL_CARE_ENDED);
  if (kind == "referral") return CountingOf(v1::Cohort::BASE_REFERRALS);
  if (kind == "contact") return CountingOf(v1::Cohort::BASE_CONTACTS);
  return {.base = v1::Cohort::BASE_STEPS_STARTED,
          .step = kind == "early_help_assessment" ? v1::STEP_EARLY_HELP_ASSESSMENT
                  : kind == "enquiry"             ? v1::STEP_ENQUIRY
                  : kind == "plan"                ? v1::STEP_PLAN
                                                  : v1::STEP_ASSESSMENT};
}

absl::string_view NameOf(StepKind kind) {
  switch (kind) {
    case StepKind::kEarlyHelpAssessment:
      return "early-help assessments";
    case StepKind::kAssessment:
      return "assessments";
    case StepKind::kEnquiry:
      return "section 47 enquiries";
    default:
      return "child protection plans";
  }
}

constexpr std::pair<Level, absl::string_view> kLevelNames[] = {{Level::kEarlyHelp, "early-help episodes"},
                                                               {Level::kCin, "child in need episodes"},
                                                               {Level::kCp, "child protection episodes"},
                                                               {Level::kCla, "looked-after episodes"}};

std::string NameOf(const Counting& counting) {
  switch (RecordKindOf(counting)) {
    case RecordKind::kReferral:
      return "referrals";
    case RecordKind::kContact:
      return "contacts";
    case RecordKind::kStep:
      return std::string(NameOf(StepKindOf(counting.step)));
    default:
      return counting.level == v1::LEVEL_EARLY_HELP ? "early-help episodes" : "social-care episodes";
  }
}

Availability NotAvailable(std::string reason) {
  return {.completeness = Completeness::kNotAvailable, .reason = std::move(reason)};
}

bool AnyStep(const Records& records, StepKind kind) {
  return std::any_of(records.steps.begin(), records.steps.end(),
                     [kind](const Step& s) { return s.kind == kind; });
}

// "" where every kind of record that the entry needs is there; else what is missing.
std::string MissingRecords(const Journeys& journeys, const Needs& needs, const v1::Metric& metric) {
  const Records& records = journeys.records();
  for (const auto& [level, name] : kLevelNames) {
    if ((needs.levels & Only(level) & ~records.levels) != 0) return absl::StrCat("no source carries ", name);
  }
  if (needs.referrals && records.referrals.empty()) return "no source carries referrals";
  if (needs.contacts.read && records.contacts.empty()) return "no source carries contacts";
  for (const StepKind kind : needs.steps) {
    if (!AnyStep(records, kind)) return absl::StrCat("no source carries ", NameOf(kind));
  }
  const auto& needed = metric.fields_needed();
  const bool family = std::find(needed.begin(), needed.end(), "family") != needed.end();
  return family && !journeys.has_families() ? "no source says who is whose family" : "";
}

// "" where every field that the whole entry needs is carried; else what is missing.
std::string MissingField(const Journeys& journeys, const v1::Metric& metric) {
  const auto missing = [](absl::string_view field, const Counting& counting) {
    return absl::StrCat("no source carries the field \"", field, "\" of ", NameOf(counting));
  };
  for (const std::string& needed : metric.fields_needed()) {
    const std::vector<absl::string_view> parts = absl::StrSplit(needed, '.');
    if (parts.size() != 2) continue;
    const Counting counting = CountingNamed(parts[0]);
    if (parts[1] == "referral") {
      const std::vector<Step>& steps = journeys.records().steps;
      const auto tells = [kind = StepKindOf(counting.step)](const Step& s) {
        return s.kind == kind && s.referral != kNoDay;
      };
      if (!std::any_of(steps.begin(), steps.end(), tells)) return missing(parts[1], counting);
      continue;
    }
    const std::optional<Field> field = FieldNamed(parts[1]);
    if (!field.has_value() || !IsCarried(journeys, counting, *field)) return missing(parts[1], counting);
  }
  const Counting counting = CountingOf(metric.cohort());
  for (const v1::FieldTest& test : metric.cohort().fields()) {
    const std::optional<Field> field = FieldNamed(test.field());
    if (field.has_value() && !IsCarried(journeys, counting, *field)) return missing(test.field(), counting);
  }
  // A metric of one outcome has nothing left without that outcome's field.
  const std::vector<bool> carried = CarriedOutcomes(journeys, metric);
  const bool none =
      !carried.empty() && std::none_of(carried.begin(), carried.end(), [](bool c) { return c; });
  if (!none) return "";
  const v1::Outcome& first = metric.outcomes(0);
  return missing(first.has_field() ? absl::string_view(first.field().field()) : "source", counting);
}

// The day from which a kind of record must be whole. What began before that counts by its dates: were the
// start of the earliest asked for, one old case would take a whole year's figure away, and tell that it is
// there.
Day NeededFrom(const MeasureRequest& request, const Look& look) {
  const bool stock = request.metric->cohort().base() == v1::Cohort::BASE_OPEN;
  const Day first = stock ? request.period.last : request.period.first;
  return first - std::max(look.before_event, look.from_start ? look.before_start : 0);
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

// A step that began before the days which are asked for here took longer than any number that is tested.
void KnowWorkingDays(const MeasureRequest& request, const Needs& needs, Availability& availability) {
  if (needs.working_days == 0) return;
  const Day from = request.period.first - 2 * static_cast<Day>(needs.working_days) - 30;
  const WorkingDays* calendar = request.calendar;
  if (calendar != nullptr && calendar->Knows(from) && calendar->Knows(request.period.last)) return;
  availability.completeness = Completeness::kNotCovered;
  availability.reason = absl::StrCat(
      "working days are known for ", calendar == nullptr ? "no year" : calendar->YearsInWords(),
      " and needed from ", FormatDay(from), " to ", FormatDay(request.period.last),
      ": add the bank holidays of the years that are missing to the catalogue's bank-holidays.txt");
}

void Follow(const MeasureRequest& request, std::uint32_t window, Availability& availability) {
  const Period& period = request.period;
  const Day reach = catalogue::FollowUpDays(*request.metric, window);
  if (period.last + reach <= availability.until) return;
  const std::string seen = absl::StrCat("the records show the state of ", FormatDay(availability.until));
  if (request.metric->cohort().base() == v1::Cohort::BASE_OPEN) {
    availability.completeness = Completeness::kNotYet;
    availability.reason = absl::StrCat("it is counted at the end of ", FormatDay(period.last), ": ", seen);
    return;
  }
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

Availability Assess(const Journeys& journeys, const MeasureRequest& request, std::uint32_t window) {
  const Records& records = journeys.records();
  const v1::Metric& metric = *request.metric;
  Availability availability;
  const Needs needs = NeedsOf(metric, window);
  const auto cover = [&](absl::string_view what, const Coverage& coverage, const Look& look) {
    if (look.read) Cover(what, coverage, NeededFrom(request, look), availability);
  };
  const bool assessments = CountingOf(metric.cohort()).step == v1::STEP_EARLY_HELP_ASSESSMENT;
  cover("early help", assessments ? CoverageOf(records, StepKind::kEarlyHelpAssessment) : records.early_help,
        needs.early_help);
  cover("social care", records.social_care, needs.social_care);
  cover("contact", records.contact, needs.contacts);
  if (availability.completeness == Completeness::kNotAvailable) return availability;
  for (std::string missing : {MissingRecords(journeys, needs, metric), MissingField(journeys, metric)}) {
    if (!missing.empty()) return NotAvailable(std::move(missing));
  }
  if (availability.completeness == Completeness::kComplete) KnowWorkingDays(request, needs, availability);
  if (availability.completeness == Completeness::kComplete) Follow(request, window, availability);
  return availability;
}

std::vector<bool> CarriedOutcomes(const Journeys& journeys, const v1::Metric& metric) {
  const auto has_source = [&journeys](const FollowUp& follow_up) {
    if (follow_up.source_any_of().empty()) return true;
    if (follow_up.source_from_contact_days() > 0 && !journeys.records().contacts.empty() &&
        IsCarried(journeys, CountingOf(v1::Cohort::BASE_CONTACTS), Field::kSource)) {
      return true;
    }
    return std::any_of(follow_up.events().begin(), follow_up.events().end(), [&journeys](int event) {
      const v1::Cohort::Base base =
          event == FollowUp::EVENT_EARLY_HELP_START       ? v1::Cohort::BASE_EARLY_HELP_ENDED
          : event == FollowUp::EVENT_SOCIAL_CARE_REFERRAL ? v1::Cohort::BASE_REFERRALS
                                                          : v1::Cohort::BASE_SOCIAL_CARE_ENDED;
      return IsCarried(journeys, CountingOf(base), Field::kSource);
    });
  };
  std::vector<bool> carried;
  for (const v1::Outcome& outcome : metric.outcomes()) {
    const std::optional<Field> field =
        outcome.has_field() ? FieldNamed(outcome.field().field()) : std::nullopt;
    carried.push_back(outcome.has_field()
                          ? field.has_value() && IsCarried(journeys, CountingOf(metric.cohort()), *field)
                          : (LevelsOf(outcome) & ~journeys.records().levels) == 0 &&
                                has_source(outcome.follow_up()));
  }
  return carried;
}

}  // namespace waymark::node
