#include "node/measure/evaluation.h"

#include <algorithm>
#include <bit>

#include "node/measure/person_time.h"

namespace waymark::node {

Evaluation::Evaluation(const v1::Metric& metric, std::uint32_t window, Day until, const WorkingDays* calendar,
                       bool bounded)
    : kind_(metric.kind()),
      post_closure_(metric.cohort().post_closure()),
      window_(static_cast<Day>(window)),
      until_(until),
      most_moves_(bounded ? metric.most_moves() : 0),
      has_referral_(metric.cohort().has_referral()),
      under_age_(static_cast<int>(metric.cohort().under_age())) {
  const v1::Cohort& cohort = metric.cohort();
  for (const v1::Cohort::NoneOpen& none : cohort.none_open()) none_open_.push_back(CompileOpen(none));
  for (const v1::FieldTest& test : cohort.fields()) tests_.push_back(CompileTest(test));
  if (cohort.has_preceded_by()) preceded_by_ = CompileLookBack(cohort.preceded_by(), window);
  if (cohort.has_since_contact()) since_contact_ = CompileSinceContact(cohort.since_contact());
  for (const v1::Outcome& outcome : metric.outcomes()) outcomes_.emplace_back(outcome, window, calendar);
  for (std::size_t i = 1; i < outcomes_.size(); ++i) outcomes_[i].Follows(outcomes_[i - 1]);
  for (std::size_t i = 0; i < outcomes_.size(); ++i) {
    if (const Test* const test = outcomes_[i].field_test(); test != nullptr) {
      AddFieldOutcome(*test, i);
    } else {
      asked_outcomes_.push_back(i);
    }
  }
}

void Evaluation::AddFieldOutcome(const Test& test, std::size_t number) {
  auto same = std::find_if(field_outcomes_.begin(), field_outcomes_.end(),
                           [&test](const FieldOutcomes& known) { return known.field == test.field; });
  if (same == field_outcomes_.end()) same = field_outcomes_.insert(same, {.field = test.field, .bits = {}});
  for (std::uint32_t category = 0; category < kMaskCategories; ++category) {
    if (Holds(test.passing, category)) same->bits[category] |= std::uint64_t{1} << number;
  }
}

std::vector<Field> Evaluation::Fields() const {
  std::vector<Field> fields;
  for (const Test& test : tests_) fields.push_back(test.field);
  for (const OutcomeTest& outcome : outcomes_) outcome.AddFields(fields);
  return fields;
}

Day Evaluation::WholeDays(const Period& period) const {
  const bool any_condition = !tests_.empty() || !none_open_.empty() || preceded_by_.has_value() ||
                             has_referral_ || post_closure_ || under_age_ > 0;
  if (kind_ != v1::METRIC_KIND_TRANSITION || any_condition || until_ < period.last) return 0;
  return period.last - period.first + 1;
}

bool Evaluation::IsMember(const History& history, const Candidate& candidate) const {
  const auto passes = [&candidate](const Test& test) { return test.Passes(candidate); };
  if (!std::all_of(tests_.begin(), tests_.end(), passes)) return false;
  if (under_age_ > 0 && history.Birthday(under_age_) <= candidate.event) return false;
  if (has_referral_ && history.journeys().records().steps[candidate.first].referral == kNoDay) return false;
  if (post_closure_ && history.FollowUpEnd(candidate.end) <= candidate.end + window_) return false;
  if (preceded_by_.has_value() && !preceded_by_->Holds(history, candidate)) return false;
  return std::none_of(none_open_.begin(), none_open_.end(),
                      [&](const OpenSpan& none) { return none.Holds(history, candidate); });
}

bool Evaluation::SameMembers(const Evaluation& other) const {
  return post_closure_ == other.post_closure_ && (!post_closure_ || window_ == other.window_) &&
         has_referral_ == other.has_referral_ && under_age_ == other.under_age_ &&
         none_open_ == other.none_open_ && tests_ == other.tests_ && preceded_by_ == other.preceded_by_;
}

void Evaluation::SetOutcomes(const History& history, const Candidate& candidate, Categories& categories,
                             Effect& effect) const {
  for (const FieldOutcomes& outcomes : field_outcomes_) {
    effect.outcomes |= outcomes.bits[candidate.tested[static_cast<std::size_t>(outcomes.field)]];
  }
  Day first_event = kNoDay;
  for (const std::size_t i : asked_outcomes_) {
    if (outcomes_[i].Holds(history, candidate, categories, first_event))
      effect.outcomes |= std::uint64_t{1} << i;
  }
}

// The first outcome that holds; false where none does.
bool Evaluation::SetClass(const History& history, const Candidate& candidate, Categories& categories,
                          Effect& effect) const {
  SetOutcomes(history, candidate, categories, effect);
  effect.column = static_cast<std::uint32_t>(std::countr_zero(effect.outcomes));
  return effect.outcomes != 0;
}

// False where the day that it counts from is missing.
bool Evaluation::SetDuration(const History& history, const Candidate& candidate, Categories& categories,
                             Effect& effect) const {
  if (since_contact_.has_value()) {
    const Day contact = since_contact_->DayOf(history, candidate, categories);
    if (contact == kNoDay) return false;
    effect.days = candidate.start - contact;
  } else {
    effect.days = candidate.end - candidate.start;
  }
  return true;
}

// False where the member was never at risk.
bool Evaluation::SetSurvival(const History& history, const Candidate& candidate, Effect& effect) const {
  const Day end = candidate.end;
  const Day censored = std::min(until_, history.FollowUpEnd(end));
  if (censored <= end) return false;

  Day first = kNoDay;
  for (std::size_t i = 0; i < outcomes_.size(); ++i) {
    const FollowUp& follow_up = outcomes_[i].follow_up();
    const Day day = FirstEvent(history, follow_up, end + follow_up.after);
    if (day > censored || day >= first) continue;  // of one day's events the outcome listed first counts
    first = day;
    effect.outcome = static_cast<std::int32_t>(i);
  }
  effect.days = std::min(first, censored) - end;
  return true;
}

Evaluation::Verdict Evaluation::Evaluate(const History& history, const Candidate& candidate,
                                         Categories& categories, Effect& effect) const {
  const auto member_if = [](bool counts) { return counts ? Verdict::kMember : Verdict::kOut; };
  switch (kind_) {
    case v1::METRIC_KIND_PROPORTION:
      SetOutcomes(history, candidate, categories, effect);
      return Verdict::kMember;
    case v1::METRIC_KIND_DURATION:
      return member_if(SetDuration(history, candidate, categories, effect));
    case v1::METRIC_KIND_SURVIVAL:
      return member_if(SetSurvival(history, candidate, effect));
    case v1::METRIC_KIND_TRANSITION:
      return member_if(AddPersonTime(history, candidate, {.until = until_, .moves = most_moves_}, effect));
    case v1::METRIC_KIND_COUNT:
      return Verdict::kMember;
    default:
      return SetClass(history, candidate, categories, effect) ? Verdict::kMember : Verdict::kNoClass;
  }
}

}  // namespace waymark::node
