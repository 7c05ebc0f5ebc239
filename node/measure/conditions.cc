#include "node/measure/conditions.h"

#include <algorithm>
#include <limits>

#include "node/measure/fields.h"

namespace waymark::node {
namespace {

constexpr Day kEver = std::numeric_limits<Day>::min();

template <typename Row>
bool AnyBefore(absl::Span<const Row> rows, Day start, Day earliest_end) {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const Row& row) { return row.start < start && row.end >= earliest_end; });
}

}  // namespace

Test CompileTest(const v1::FieldTest& test) {
  const Field field = *FieldNamed(test.field());
  const CategoryMask any_of = test.any_of().empty() ? ~CategoryMask{0} : MaskOf(field, test.any_of());
  return {.field = field, .passing = any_of & ~MaskOf(field, test.none_of())};
}

OpenSpan CompileOpen(const v1::Cohort::NoneOpen& open) {
  return {.level = open.level(),
          .from_start = open.anchor() == v1::ANCHOR_START,
          .from = open.from_days(),
          .to = open.to_days()};
}

bool OpenSpan::Holds(const History& history, const Candidate& candidate) const {
  const Day anchor = from_start ? candidate.start : candidate.end;
  return AnyOpen(history, level, anchor + from, anchor + to);
}

LookBack CompileLookBack(const v1::LookBack& look_back, std::uint32_t window) {
  LookBack compiled{.record = look_back.record(), .days = kNoDay, .recorded = {}, .recorded_not = {}};
  if (look_back.window() || look_back.days() > 0) {
    compiled.days = static_cast<Day>(look_back.window() ? window : look_back.days());
  }
  if (look_back.has_recorded()) compiled.recorded = CompileTest(look_back.recorded());
  if (look_back.has_recorded_not()) compiled.recorded_not = CompileTest(look_back.recorded_not());
  return compiled;
}

bool LookBack::Holds(const History& history, const Candidate& candidate) const {
  if (recorded.has_value() && recorded->Passes(candidate)) return true;
  if (recorded_not.has_value() && recorded_not->Passes(candidate)) return false;
  const Day start = candidate.start;
  const Day earliest = days == kNoDay ? kEver : start - days;
  switch (record) {
    case v1::LookBack::RECORD_REFERRAL: {
      const absl::Span<const Referral> referrals = history.referrals();
      return std::any_of(referrals.begin(), referrals.end(),
                         [&](const Referral& r) { return r.day < start && r.day >= earliest; });
    }
    case v1::LookBack::RECORD_EARLY_HELP:
      return AnyBefore(history.episodes(Level::kEarlyHelp), start, earliest);
    case v1::LookBack::RECORD_PLAN:
      return AnyBefore(history.steps(StepKind::kPlan), start, earliest);
    default:
      return candidate.spell_before != kNoDay && candidate.spell_before >= earliest;
  }
}

SinceContact CompileSinceContact(const v1::LatestContact& contact) {
  return {.outcomes = MaskOf(Field::kOutcome, contact.outcome_any_of()),
          .within_days = static_cast<Day>(contact.within_days())};
}

Day SinceContact::DayOf(const History& history, const Candidate& candidate, Categories& categories) const {
  const Day start = candidate.start;
  const absl::Span<const Contact> contacts = history.contacts();
  for (auto contact = contacts.rbegin(); contact != contacts.rend() && contact->day >= start - within_days;
       ++contact) {
    if (contact->day > start) continue;
    if (waymark::node::Holds(outcomes, categories.Of(Field::kOutcome, contact->outcome))) return contact->day;
  }
  return kNoDay;
}

OutcomeTest::OutcomeTest(const v1::Outcome& outcome, std::uint32_t window, const WorkingDays* calendar)
    : which_(outcome.test_case()), calendar_(calendar) {
  switch (which_) {
    case v1::Outcome::kFollowUp:
      follow_up_ = CompileFollowUp(outcome.follow_up(), window);
      return;
    case v1::Outcome::kField:
      test_ = CompileTest(outcome.field());
      return;
    case v1::Outcome::kPrecededBy:
      look_back_ = CompileLookBack(outcome.preceded_by(), window);
      return;
    case v1::Outcome::kOpen:
      open_ = CompileOpen(outcome.open());
      return;
    case v1::Outcome::kLasted:
      from_days_ = static_cast<Day>(outcome.lasted().from_days());
      if (outcome.lasted().below_days() > 0) below_days_ = static_cast<Day>(outcome.lasted().below_days());
      return;
    case v1::Outcome::kWorkingDays:
      working_days_ = static_cast<std::int32_t>(outcome.working_days().days());
      from_referral_ = outcome.working_days().anchor() == v1::ANCHOR_REFERRAL;
      return;
    default:
      return;
  }
}

void OutcomeTest::AddFields(std::vector<Field>& fields) const {
  if (which_ == v1::Outcome::kField) fields.push_back(test_.field);
  if (look_back_.recorded.has_value()) fields.push_back(look_back_.recorded->field);
  if (look_back_.recorded_not.has_value()) fields.push_back(look_back_.recorded_not->field);
}

// The calendar knows the day of the end, and enough before it that what began earlier took too long.
bool OutcomeTest::IsInTime(const History& history, const Candidate& candidate) const {
  const Day from =
      from_referral_ ? history.journeys().records().steps[candidate.first].referral : candidate.start;
  if (candidate.end <= from) return true;
  const std::optional<std::int32_t> days = calendar_->Between(from, candidate.end);
  return days.has_value() && *days <= working_days_;
}

bool OutcomeTest::Holds(const History& history, const Candidate& candidate, Categories& categories,
                        Day& first_event) const {
  switch (which_) {
    case v1::Outcome::kFollowUp:
      if (!knows_first_) first_event = FirstEvent(history, follow_up_, candidate);
      return Happened(history, candidate, follow_up_, first_event, categories);
    case v1::Outcome::kPrecededBy:
      return look_back_.Holds(history, candidate);
    case v1::Outcome::kOpen:
      return open_.Holds(history, candidate);
    case v1::Outcome::kLasted: {
      const Day days = candidate.event - candidate.start;
      return days >= from_days_ && days < below_days_;
    }
    case v1::Outcome::kWorkingDays:
      return IsInTime(history, candidate);
    default:
      return test_.Passes(candidate);
  }
}

}  // namespace waymark::node
