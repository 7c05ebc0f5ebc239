#include "node/measure/needs.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "node/measure/candidates.h"
#include "node/measure/counting.h"

namespace waymark::node {
namespace {

using FollowUp = v1::Outcome::FollowUp;

Look& OfLevel(v1::Level level, Needs& needs) {
  return level == v1::LEVEL_EARLY_HELP ? needs.early_help : needs.social_care;
}

Levels LevelsOf(v1::Level level) {
  switch (level) {
    case v1::LEVEL_EARLY_HELP:
      return Only(Level::kEarlyHelp);
    case v1::LEVEL_CIN:
    case v1::LEVEL_SOCIAL_CARE:
      return Only(Level::kCin);
    case v1::LEVEL_CP:
      return Only(Level::kCp);
    case v1::LEVEL_CLA:
      return Only(Level::kCla);
    default:
      return 0;
  }
}

v1::Level LevelOf(FollowUp::Event event) {
  switch (event) {
    case FollowUp::EVENT_EARLY_HELP_START:
      return v1::LEVEL_EARLY_HELP;
    case FollowUp::EVENT_SOCIAL_CARE_START:
      return v1::LEVEL_SOCIAL_CARE;
    case FollowUp::EVENT_CIN_START:
      return v1::LEVEL_CIN;
    case FollowUp::EVENT_CP_START:
      return v1::LEVEL_CP;
    case FollowUp::EVENT_CLA_START:
      return v1::LEVEL_CLA;
    default:
      return v1::LEVEL_UNSPECIFIED;
  }
}

// Those within social care are told by all of its levels; those out of it by where it ends.
Levels LevelsOfStepDowns(const v1::Cohort& cohort) {
  Levels levels = Only(Level::kEarlyHelp) | Only(Level::kCin);
  const auto leaves = [](const std::string& code) { return absl::StartsWith(code, "social_care_"); };
  for (const v1::FieldTest& test : cohort.fields()) {
    if (test.field() == "step_down" && !test.any_of().empty() &&
        std::all_of(test.any_of().begin(), test.any_of().end(), leaves)) {
      return levels;
    }
  }
  return levels | Only(Level::kCp) | Only(Level::kCla);
}

void AddStep(StepKind kind, Needs& needs) {
  (kind == StepKind::kEarlyHelpAssessment ? needs.early_help : needs.social_care).read = true;
  if (std::find(needs.steps.begin(), needs.steps.end(), kind) == needs.steps.end())
    needs.steps.push_back(kind);
}

void AddCounted(const v1::Cohort& cohort, Needs& needs) {
  const Counting counting = CountingOf(cohort);
  needs.levels |= LevelsOf(counting.level);
  switch (RecordKindOf(counting)) {
    case RecordKind::kEpisode:
      OfLevel(counting.level, needs).read = true;
      break;
    case RecordKind::kReferral:
      needs.social_care.read = needs.referrals = true;
      break;
    case RecordKind::kContact:
      needs.contacts.read = true;
      break;
    case RecordKind::kStep:
      AddStep(StepKindOf(counting.step), needs);
      break;
    default:
      break;
  }
  if (cohort.base() == v1::Cohort::BASE_PERSON_TIME) {
    needs.early_help.read = needs.social_care.read = true;
    needs.levels |= Only(Level::kEarlyHelp);
    needs.levels |= Only(Level::kCin);
  }
  if (cohort.base() == v1::Cohort::BASE_STEP_DOWNS) {
    needs.early_help.read = true;
    needs.levels |= LevelsOfStepDowns(cohort);
  }
}

// `days` before an anchor; below 0: after it.
void AddAround(v1::Anchor anchor, Day days, Look& look) {
  look.read = true;
  if (anchor == v1::ANCHOR_START) {
    look.from_start = true;
    look.before_start = std::max(look.before_start, days);
  } else {
    look.before_event = std::max(look.before_event, days);
  }
}

void AddLookBack(const v1::LookBack& look_back, std::uint32_t window, Needs& needs) {
  Look* look = &needs.social_care;
  switch (look_back.record()) {
    case v1::LookBack::RECORD_EARLY_HELP:
    case v1::LookBack::RECORD_FAMILY_SPELL:
      look = &needs.early_help;
      needs.levels |= Only(Level::kEarlyHelp);
      break;
    case v1::LookBack::RECORD_REFERRAL:
      needs.referrals = true;
      break;
    default:
      AddStep(StepKind::kPlan, needs);
  }
  const bool ever = !look_back.window() && look_back.days() == 0;
  look->ever |= ever;
  AddAround(v1::ANCHOR_START, ever ? 0 : static_cast<Day>(look_back.window() ? window : look_back.days()),
            *look);
}

void AddFollowUp(const FollowUp& follow_up, Needs& needs) {
  for (const int event : follow_up.events()) {
    Look& look = event == FollowUp::EVENT_EARLY_HELP_START ? needs.early_help : needs.social_care;
    AddAround(follow_up.from_anchor(), -follow_up.after_days(), look);
  }
  // Where only referrals are looked for, a source without any would make a false 0.
  const auto& events = follow_up.events();
  needs.referrals |= events.size() == 1 && events[0] == FollowUp::EVENT_SOCIAL_CARE_REFERRAL;
}

void AddOutcome(const v1::Outcome& outcome, std::uint32_t window, Needs& needs) {
  switch (outcome.test_case()) {
    case v1::Outcome::kFollowUp:
      return AddFollowUp(outcome.follow_up(), needs);
    case v1::Outcome::kPrecededBy:
      return AddLookBack(outcome.preceded_by(), window, needs);
    case v1::Outcome::kOpen:
      needs.levels |= LevelsOf(outcome.open().level());
      return AddAround(outcome.open().anchor(), -outcome.open().from_days(),
                       OfLevel(outcome.open().level(), needs));
    case v1::Outcome::kWorkingDays:
      needs.working_days = std::max(needs.working_days, outcome.working_days().days());
      return;
    default:
      return;
  }
}

void AddNamed(absl::string_view needed, Needs& needs) {
  const absl::string_view kind =
      std::pair<absl::string_view, absl::string_view>(absl::StrSplit(needed, '.')).first;
  needs.early_help.read |= kind == "early_help";
  if (kind == "early_help") needs.levels |= Only(Level::kEarlyHelp);
  needs.social_care.read |= kind == "social_care" || kind == "referral";
  needs.referrals |= kind == "referral";
  needs.contacts.read |= kind == "contact";
}

// What each outcome needs is the whole entry's need; so is what any needs of those that compete.
void AddLevelsOfOutcomes(const v1::Metric& metric, Needs& needs) {
  Levels any = 0;
  Levels each = metric.outcomes().empty() ? Levels{} : kAllLevels;
  for (const v1::Outcome& outcome : metric.outcomes()) {
    any |= node::LevelsOf(outcome);
    each &= node::LevelsOf(outcome);
  }
  needs.levels |= metric.kind() == v1::METRIC_KIND_SURVIVAL ? any : each;
}

}  // namespace

Levels LevelsOf(const v1::Outcome& outcome) {
  Levels levels = 0;
  for (const int event : outcome.follow_up().events()) {
    levels |= LevelsOf(LevelOf(static_cast<FollowUp::Event>(event)));
  }
  const Levels within = Only(Level::kCp) | Only(Level::kCla);
  return (levels & Only(Level::kCin)) != 0 ? levels & ~within : levels;
}

Needs NeedsOf(const v1::Metric& metric, std::uint32_t window) {
  Needs needs;
  const v1::Cohort& cohort = metric.cohort();
  AddCounted(cohort, needs);
  for (const v1::Cohort::NoneOpen& none : cohort.none_open()) {
    AddAround(none.anchor(), -none.from_days(), OfLevel(none.level(), needs));
    needs.levels |= LevelsOf(none.level());
  }
  if (cohort.has_preceded_by()) AddLookBack(cohort.preceded_by(), window, needs);
  if (cohort.has_since_contact()) {
    AddAround(v1::ANCHOR_START, static_cast<Day>(cohort.since_contact().within_days()), needs.contacts);
  }
  for (const v1::Outcome& outcome : metric.outcomes()) AddOutcome(outcome, window, needs);
  AddLevelsOfOutcomes(metric, needs);
  for (const std::string& needed : metric.fields_needed()) AddNamed(needed, needs);
  return needs;
}

bool StartIsEvent(const v1::Cohort& cohort) {
  switch (CountingOf(cohort).base) {
    case v1::Cohort::BASE_STARTED:
    case v1::Cohort::BASE_FAMILY_SPELLS_STARTED:
    case v1::Cohort::BASE_STEPS_STARTED:
    case v1::Cohort::BASE_REFERRALS:
    case v1::Cohort::BASE_CONTACTS:
      return true;
    default:
      return false;
  }
}

}  // namespace waymark::node
